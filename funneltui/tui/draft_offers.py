"""Offering drafts: what was being typed when the program was cut off, or was refused, is gone on with, dropped or left."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.screen import ModalScreen
from textual.widgets import Input

from funneltui.domain import dates
from funneltui.domain.text import cut
from funneltui.errors import FunneltuiError, StorageError
from funneltui.exchange.drafts import What
from funneltui.services import deals
from funneltui.services.changes import told
from funneltui.tui.drafts import Offer, drafts_of, saving
from funneltui.tui.screens.draft_dialog import DraftDialog, Wish

if TYPE_CHECKING:
    from funneltui.domain.deal import Deal
    from funneltui.services.context import Context
    from funneltui.services.deals import Opened
    from funneltui.tui.app import FunnelApp
    from funneltui.tui.drafts import DraftedDialog, Drafts

_LOOK_AGAIN = 0.2
"""The seconds after which is looked whether the user is still busy."""


def offer_drafts(app: FunnelApp) -> None:
    """Offer what was being typed when an earlier run was cut off: one after another, the newest first."""
    drafts = drafts_of(app)
    if drafts is not None:
        app.run_worker(_offer_waiting(app, drafts), name="drafts")


def offer_again(app: FunnelApp, offer: Offer) -> None:
    """Offer what was typed in a form whose answer was refused, with the refusal."""
    drafts = drafts_of(app)
    if drafts is not None:
        drafts.offers.appendleft(offer)
        app.run_worker(_offer_all(app, drafts), name="drafts")


async def _offer_waiting(app: FunnelApp, drafts: Drafts) -> None:
    drafts.offers.extend(Offer(file, file.draft) for file in await drafts.waiting() if file.draft)
    await _offer_all(app, drafts)


async def _offer_all(app: FunnelApp, drafts: Drafts) -> None:
    if drafts.offering:  # that one comes to the new offer as well
        return
    drafts.offering = True
    try:
        while drafts.offers:
            offer = drafts.offers.popleft()
            while isinstance(app.screen, ModalScreen) or isinstance(app.focused, Input):
                await asyncio.sleep(_LOOK_AGAIN)  # whoever is busy in a dialog or a line is left in peace
            await _offer(app, drafts, offer)
    finally:
        drafts.offering = False


async def _offer(app: FunnelApp, drafts: Drafts, offer: Offer) -> None:
    wish = await app.push_screen_wait(DraftDialog(offer, app.worker.context.clock.now(), len(drafts.offers)))
    try:
        if wish is Wish.DROP:
            await app.worker.apart(offer.file.drop)
        elif wish is Wish.LATER:
            await app.worker.apart(offer.file.release)
        else:
            form, store = await _form(app, offer)
            await _go_on(app, offer.draft.what, form, store)
    except StorageError as error:
        app.notify(str(error), severity="warning", markup=False, timeout=10)
    except FunneltuiError as error:  # the deal is out of reach, or its pipeline, or the entry is completed
        drafts.offers.appendleft(replace(offer, remark=str(error)))


Store = Callable[["Context", Any], "Deal"]
"""Stores the answer of a form, and gives the deal as it stands then."""


async def _form(app: FunnelApp, offer: Offer) -> tuple[DraftedDialog[Any], Store]:
    """Give the form with what was typed, on the deal or the inbox's entry as it stands now, and what stores its answer.

    Raises:
        NotFound: there is no such deal, or no such pipeline, any more. RuleBroken: the entry does not wait any more.
    """
    from funneltui.tui.entry_forms import form_of
    from funneltui.tui.screens.activity_dialog import ActivityDialog, keep_activity
    from funneltui.tui.screens.deal_form import DealForm
    from funneltui.tui.screens.notes import NotesDialog

    context, draft = app.worker.context, offer.draft
    if draft.what is What.ENTRY:
        return await form_of(app.worker, draft.number, replace(offer, remark=""))
    if draft.what is What.NEW:
        pipeline = context.pipeline_of(draft.pipeline)
        form = DealForm(context, pipeline, offer=replace(offer, remark=""))
        return form, lambda context, values: deals.add(context, values, None, pipeline.key)
    opened = await app.worker.run(deals.show, draft.number)
    deal = opened.deal
    if draft.what is What.NOTE:
        return ActivityDialog(app.look, deal.title, deal.number, offer), partial(keep_activity, number=deal.number)
    offer = replace(offer, remark=_meanwhile(context, opened, draft.version))
    if draft.what is What.NOTES:
        versions = {deal.number: deal.version}
        notes = NotesDialog(deal.title, deal.notes, deal.number, deal.version, offer)
        return notes, lambda context, text: deals.edit(context, deal.number, {"notes": text}, None, versions)
    form = DealForm(context, context.pipeline_of(deal.pipeline), deal, offer)
    return form, lambda context, values: deals.edit(context, deal.number, values, None, {deal.number: deal.version})


def _meanwhile(context: Context, opened: Opened, version: int) -> str:
    """Say what became of a deal after the version that was seen; nothing when it is the same still."""
    deal = opened.deal
    if deal.version == version:
        return ""
    later = [event for event in opened.events if event.version > version][-2:]
    said = [f"{one.who or 'somebody'} {told(one, 'it')} at {dates.at(context.clock.local(one.at))}" for one in later]
    changes = f": {'; '.join(said)}" if said else ""
    return f"deal {deal.number} was changed meanwhile{changes}; what you typed stands over that"


async def _go_on(app: FunnelApp, what: What, form: DraftedDialog[Any], store: Store) -> None:
    answer = await app.push_screen_wait(form)
    if answer is None or (answer == {} and what is What.EDIT):  # left, or nothing is different any more
        return
    with suppress(FunneltuiError):  # `saving` has it offered again, with the refusal
        deal = await app.worker.run(saving(app, answer, store), answer)
        app.notify(f"saved: #{deal.number} {cut(deal.title)}", markup=False, timeout=6)
    for screen in app.screen_stack:
        if reload := getattr(screen, "reload", None):
            await reload()
