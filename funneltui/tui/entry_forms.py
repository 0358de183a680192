"""The form of an inbox entry and what makes its deal: for the inbox, and for a draft that is gone on with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from funneltui.services import inbox
from funneltui.services.inbox_values import SETTING_OF, Completion

if TYPE_CHECKING:
    from funneltui.domain.deal import Deal
    from funneltui.services.context import Context
    from funneltui.services.fields import Values
    from funneltui.tui.drafts import Offer
    from funneltui.tui.screens.entry_form import EntryForm
    from funneltui.tui.worker import Worker

Complete = Callable[["Context", "Values"], "Deal"]
"""Makes the deal of an entry with the answer of its form."""


async def settings_said(worker: Worker) -> Completion:
    """Give what the settings fill in; reads the config file in the worker's thread."""
    return Completion({}, await worker.apart(_settings))


async def form_of(worker: Worker, number: int, offer: Offer | None = None) -> tuple[EntryForm, Complete]:
    """Give the form of an entry that waits, with a draft's texts over what arrived, and what makes the deal of its answer.

    Raises:
        RuleBroken: the entry does not wait any more. NotFound: there is no such entry among the actor's.
        BadInput: a setting cannot be read.
    """
    from funneltui.tui.screens.entry_form import EntryForm

    said = await settings_said(worker)
    form = EntryForm(worker.context, await worker.run(inbox.to_complete, number, said), offer)

    def complete(context: Context, _: Values) -> Deal:
        return inbox.complete(context, number, replace(said, options=form.texts))

    return form, complete


def _settings() -> dict[str, str]:
    """Give what the settings say of what arrives, as typed texts."""
    from funneltui import config

    chosen = config.read()
    return {name: chosen.text(key) for name, key in SETTING_OF.items()}
