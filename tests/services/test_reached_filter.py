"""`reached:` and `visited:` list exactly the deals that the funnel counts, and that the raw visits tell of."""

from __future__ import annotations

import random
from datetime import date
from typing import TYPE_CHECKING

import pytest

from funneltui.domain.deal import Outcome
from funneltui.domain.funnel import Mode
from funneltui.domain.history import Role
from funneltui.domain.pipeline import StageKind
from funneltui.domain.pipeline_changes import Place
from funneltui.errors import BadInput
from funneltui.exchange.pipeline_files import read_pipeline
from funneltui.exchange.pipeline_writer import to_toml
from funneltui.services import activities, deals, moves, pipelines, reports, undo, views
from funneltui.services.people import add_user
from funneltui.storage import deals as stored
from funneltui.storage.database import query

if TYPE_CHECKING:
    from collections.abc import Callable

    from funneltui.services.context import Context

_CLOSE = date(2026, 12, 15)
_OPEN = ("waiting", "acquisition", "offered")
_GIVEN: dict[str, dict[str, object]] = {
    "waiting": {},
    "acquisition": {"detail": "call"},
    "offered": {"detail": "contract", "follow_up": _CLOSE},
    "acquired": {},
    "resigned": {"reason": "price"},
}


@pytest.fixture
def busy(context: Context) -> Context:
    """Give a workspace in which forty deals went back and forth, were skipped ahead, closed, reopened, undone and spam."""
    add_user(context, "bor", Role.REP)
    lot = random.Random(7)
    for _ in range(40):
        owner = lot.choice(["ana", "bor", None])
        number = deals.add(context, {"title": "Deal", "source": "web", "expected_close": _CLOSE, "owner": owner}).number
        for _ in range(lot.randrange(6)):
            stage = lot.choice(list(_GIVEN))
            moves.move(context, [number], stage, _GIVEN[stage])
            if lot.random() < 0.2:
                undo.undo(context)
        if lot.random() < 0.15:
            activities.spam(context, [number])
    return context


def listed(context: Context, text: str) -> set[int]:
    condition = views.condition_of(context, context.pipelines, text) & stored.within(context.actor.scope)
    return {deal.number for deal in stored.select(context.database, condition)}


def told_by_visits(context: Context, stages: tuple[str, ...]) -> set[int]:
    """Give the deals that visited one of these stages, from the raw rows; spam and undone ones never."""
    rows = query(
        context.database,
        "SELECT v.deal, v.stage, d.outcome, p.name FROM visit v JOIN deal d ON d.number = v.deal "
        "LEFT JOIN person p ON p.id = d.owner_id",
    )
    return {
        number
        for number, stage, outcome, owner in rows
        if stage in stages
        and outcome not in ("spam", "undone")
        and (context.actor.scope is None or owner == context.actor.name)
    }


@pytest.mark.parametrize("who", ["ana", "bor"])
def test_reached_lists_what_the_conversion_funnel_counts(
    busy: Context, as_user: Callable[[str], Context], who: str
) -> None:
    seen = as_user(who)
    counted = reports.funnel_of(seen, seen.pipeline, Mode.CONVERSION)
    for place, row in enumerate(counted.stages):
        numbers = listed(seen, f"reached:{row.stage.key}")
        assert numbers == told_by_visits(seen, (*_OPEN[place:], "acquired")), row.stage.key
        assert len(numbers) == row.reached > 0
        for outcome, count in (("open", row.open), ("won", row.won), ("lost", row.lost)):
            assert len(listed(seen, f"reached:{row.stage.key} is:{outcome}")) == count
    assert counted.stages[0].reached > counted.stages[1].reached > counted.stages[2].reached


@pytest.mark.parametrize("who", ["ana", "bor"])
def test_visited_lists_what_the_entered_funnel_counts(
    busy: Context, as_user: Callable[[str], Context], who: str
) -> None:
    seen = as_user(who)
    counted = reports.funnel_of(seen, seen.pipeline, Mode.ENTERED)
    for row in counted.stages:
        numbers = listed(seen, f"visited:{row.stage.key}")
        assert numbers == told_by_visits(seen, (row.stage.key,)), row.stage.key
        assert len(numbers) == row.reached > 0
    assert listed(seen, "visited:resigned") == told_by_visits(seen, ("resigned",)) != set()


def test_negation_and_several_stages_mean_what_they_say(busy: Context) -> None:
    everything = listed(busy, "")
    assert listed(busy, "-reached:offered") == everything - listed(busy, "reached:offered") != set()
    assert listed(busy, "reached:offered,acquisition") == listed(busy, "reached:acquisition")
    assert listed(busy, "visited:offered,resigned") == listed(busy, "visited:offered") | listed(
        busy, "visited:resigned"
    )
    assert listed(busy, 'reached:"In acq"') == listed(busy, "reached:acquisition")


def test_spam_has_reached_nothing(busy: Context) -> None:
    spam = {deal.number for deal in stored.select(busy.database, stored.Condition("d.outcome = 'spam'"))}
    assert spam
    assert listed(busy, "is:spam") == spam
    assert listed(busy, "is:spam reached:waiting") == listed(busy, "is:spam visited:waiting") == set()


def test_a_won_stage_was_reached_by_those_that_were_won(busy: Context) -> None:
    won = {
        deal.number for deal in stored.select(busy.database, stored.Condition("d.outcome <> 'spam'"))
        if deal.outcome is Outcome.WON
    }  # fmt: skip
    reopened = listed(busy, "reached:acquired") - won
    assert listed(busy, "reached:acquired") == told_by_visits(busy, ("acquired",)) >= won
    assert reopened  # reach is never lost by moving back


def test_a_lost_stage_is_visited_and_never_reached(busy: Context) -> None:
    with pytest.raises(BadInput, match="Resigned is a lost stage, and none that is reached; visited:resigned"):
        listed(busy, "reached:resigned")
    with pytest.raises(BadInput, match="no such stage"):
        listed(busy, "reached:nowhere")


def test_a_retired_stage_is_still_known_to_have_been_visited(busy: Context) -> None:
    text = to_toml(busy.pipeline).replace('key = "acquisition"', 'key = "meeting"', 1)
    were = listed(busy, "visited:acquisition")
    new = read_pipeline(text, "test")
    now = pipelines.apply(busy, new, {Place("acquisition"): Place("waiting")}, to_toml).context
    assert now.pipeline.retired.stages[0].kind is StageKind.OPEN
    assert listed(now, "visited:acquisition") == were
    counted = reports.funnel_of(now, now.pipeline, Mode.CONVERSION)
    for row in counted.stages:
        assert len(listed(now, f"reached:{row.stage.key}")) == row.reached
    with pytest.raises(BadInput, match="In acquisition is a stage no more"):
        listed(now, "reached:acquisition")
