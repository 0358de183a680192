"""What the commands that take mails and forms in share: the labels of forms, and what the settings fill in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Mapping

    from funneltui.cli.session import Session
    from funneltui.domain.pipeline import Pipeline
    from funneltui.exchange.form_in import Labels
    from funneltui.services.inbox_values import Completion

LABELS = click.option(
    "--labels", metavar="FILE", type=click.Path(path_type=Path),
    help='What the labels of a form stand for: TOML, [labels] and lines such as "Telefon" = "phone".'
    " [default: inbox.toml beside the config file]",
)  # fmt: skip


def known_labels(path: Path | None, pipeline: Pipeline) -> Labels:
    """Give the labels of a pipeline's forms, with those of the file named, else of the user's own if there is one.

    Raises:
        BadInput: the file cannot be read as one.
    """
    from funneltui import paths
    from funneltui.exchange.form_in import labels_for, read_labels

    own = path or paths.config_dir() / "inbox.toml"
    return labels_for(pipeline, read_labels(own) if path or own.is_file() else {})


def completion(
    session: Session, options: Mapping[str, str], pipeline: str | None = None, stage: str | None = None
) -> Completion:
    """Give what is said beside what arrived: the options that were typed, and what the settings fill in."""
    from funneltui.services.inbox_values import SETTING_OF, Completion

    chosen = session.config()
    return Completion(options, {name: chosen.text(key) for name, key in SETTING_OF.items()}, pipeline, stage)
