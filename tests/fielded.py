"""A pipeline with custom fields and qualifiers, for the tests that need one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from funneltui.domain.custom_fields import CustomField, FieldChoice, FieldKind, Qualifier
from funneltui.exchange.pipeline_writer import to_toml
from funneltui.services import pipelines
from tests.conftest import small_pipeline

if TYPE_CHECKING:
    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.context import Context

SEATS = CustomField("seats", "Seats", FieldKind.NUMBER, help="How many people will use it")
RENEWAL = CustomField("renewal_on", "Renewal", FieldKind.DATE)
SEGMENT = CustomField(
    "segment",
    "Market segment",
    FieldKind.CHOICE,
    (FieldChoice("public", "public sector"), FieldChoice("industry", "industry"), FieldChoice("other", "the rest")),
)
RIVAL = CustomField("rival", "Rival")
QUALIFIERS = (Qualifier("budget", "budget confirmed"), Qualifier("referred", "referred by a client"))


def fielded_pipeline(**demanded: tuple[str, ...]) -> Pipeline:
    """Give the small pipeline with a field of each kind and two qualifiers; `demanded` is what stages demand besides."""
    plain = small_pipeline()
    stages = tuple(replace(stage, demands=(*stage.demands, *demanded.get(stage.key, ()))) for stage in plain.stages)
    return replace(plain, stages=stages, fields=(SEATS, RENEWAL, SEGMENT, RIVAL), qualifiers=QUALIFIERS)


def with_fields(context: Context, **demanded: tuple[str, ...]) -> Context:
    """Give a workspace after its pipeline was changed to have fields and qualifiers."""
    return pipelines.apply(context, fielded_pipeline(**demanded), {}, to_toml).context
