"""Companies and contacts as they look, kept as text beside the other screens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from funneltui.services.record_windows import Kind
from tests.tui.records_seen import fill, seen
from tests.tui.test_snapshots import SIZES, same_as_kept

if TYPE_CHECKING:
    from tests.tui.conftest import Shop, Show

SCENES = {
    "companies": (Kind.COMPANY, (), ""),
    "contacts": (Kind.CONTACT, ("j",), ""),
    "company": (Kind.COMPANY, ("enter",), "OpenedRecord"),
    "contact": (Kind.CONTACT, ("j", "enter"), "OpenedRecord"),
    "record-form": (Kind.CONTACT, ("j", "e"), "RecordForm"),
    "merge": (Kind.COMPANY, ("space", "M"), "MergeDialog"),
    "same": (Kind.COMPANY, ("equals_sign",), "SameDialog"),
    "search": (Kind.COMPANY, ("slash", "a", "c"), ""),
}
SEEN = {"same": "stays", "search": "Companies 2"}


@pytest.mark.parametrize("size", SIZES, ids=lambda size: "{}x{}".format(*size))
@pytest.mark.parametrize("scene", SCENES)
async def test_companies_and_contacts_look_as_they_did(
    shop: Shop, show: Show, scene: str, size: tuple[int, int]
) -> None:
    kind, keys, dialog = SCENES[scene]
    fill(shop)
    async with seen(show, size, kind=kind) as at:
        await at.press(*keys)
        await at.opens(dialog)
        await at.board.shows(SEEN.get(scene, "funneltui"))
        same_as_kept(at.board, f"{scene}-{size[0]}x{size[1]}")
