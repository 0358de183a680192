"""A file before there is a workspace: the pipeline that fits it, what is still to be said, and what becomes of its rows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from funneltui.domain.dates import DateOrder
from funneltui.errors import BadInput, FunneltuiError
from funneltui.exchange.first_import import Said, demand_file, foresee
from funneltui.exchange.pipeline_files import preset, preset_names
from funneltui.services import deals, workspaces
from funneltui.storage.deals import EVERYTHING

if TYPE_CHECKING:
    from collections.abc import Callable

    from funneltui.exchange.first_import import FirstImport
    from funneltui.exchange.importer import ImportReport
    from funneltui.services.context import Clock

PRESETS = [preset(name) for name in preset_names()]


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str], Path]:
    """Give a function that writes a file."""

    def write(text: str) -> Path:
        path = tmp_path / "deals.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def tried(tmp_path: Path, clock: Clock) -> Callable[[FirstImport], ImportReport]:
    """Give a function that tries an import in a workspace of its own."""

    def run(plan: FirstImport) -> ImportReport:
        context = workspaces.create(str(tmp_path / "tried.db"), plan.pipeline, "ana", clock)
        try:
            return plan.dated(context).carry_out(context, dry_run=True)
        finally:
            context.database.close()
            (tmp_path / "tried.db").unlink()

    return run


def test_the_pipeline_is_the_one_that_knows_the_stages(file: Callable[[str], Path]) -> None:
    plan = foresee(file("title,stage\nA,Offer made\nB,Decision maker\nC,Potential\n"), PRESETS)
    assert (plan.pipeline.key, plan.strange) == ("consultative", ())


def test_of_several_it_is_the_one_that_demands_least(file: Callable[[str], Path]) -> None:
    assert foresee(file("title,stage\nA,Closed Won\nB,Lost\n"), PRESETS).pipeline.key == "b2b"


def test_a_file_without_stages_goes_into_the_first(file: Callable[[str], Path]) -> None:
    assert foresee(file("title\nA\n"), PRESETS).pipeline.key == "acquisition"


def test_a_person_can_choose_another(file: Callable[[str], Path]) -> None:
    assert foresee(file("title\nA\n"), PRESETS, Said(preset="simple")).pipeline.key == "simple"


def test_words_that_are_no_stage_are_counted_until_it_is_said_what_they_stand_for(
    file: Callable[[str], Path], tried: Callable[[FirstImport], ImportReport]
) -> None:
    path = file("title,stage\nA,Qualified\nB,Engaging\nC,Engaging\nD,Demo\n")
    plan = foresee(path, PRESETS)
    assert (plan.pipeline.key, plan.strange) == ("simple", (("Engaging", 2), ("Demo", 1)))
    assert tried(plan).created == 1
    said = foresee(path, PRESETS, Said(stages=(("Engaging", "negotiation"), ("Demo", "offer"))))
    assert (said.strange, tried(said).created) == ((), 4)


def test_what_every_deal_must_have_is_filled_in(
    file: Callable[[str], Path], tried: Callable[[FirstImport], ImportReport]
) -> None:
    report = tried(foresee(file("title,stage\nA,Qualified\nB,Lost\n"), PRESETS))
    assert (report.created, report.rejected) == (2, ())


def test_sources_that_the_pipeline_does_not_know_are_added_to_it(
    file: Callable[[str], Path], tried: Callable[[FirstImport], ImportReport]
) -> None:
    plan = foresee(file("title,source\nA,LinkedIn\nB,phone\nC,Łódź fair\nD,LinkedIn\n"), PRESETS)
    assert plan.added == ("LinkedIn", "Łódź fair")
    assert [one.key for one in plan.pipeline.sources[-2:]] == ["linkedin", "lodz_fair"]
    assert tried(plan).created == 4


def test_hundreds_of_sources_are_no_list_of_sources(file: Callable[[str], Path]) -> None:
    rows = "".join(f"A,source {number}\n" for number in range(100))
    plan = foresee(file(f"title,source\n{rows}"), PRESETS)
    assert (plan.added, plan.pipeline.sources) == ((), PRESETS[0].sources)


def test_titles_are_asked_for_when_no_column_is_known_to_give_them(
    file: Callable[[str], Path], tried: Callable[[FirstImport], ImportReport]
) -> None:
    path = file("product,amount\nNorthwind,12\n")
    plan = foresee(path, PRESETS)
    assert (plan.has_title, tried(plan).created) == (False, 0)
    said = foresee(path, PRESETS, Said(title="product"))
    assert (said.has_title, tried(said).created) == (True, 1)
    assert 'title from "product"' in said.told


def test_dates_are_read_in_the_order_in_which_the_file_writes_them(
    file: Callable[[str], Path], tmp_path: Path, clock: Clock
) -> None:
    plan = foresee(file("title,expected close\nA,12/31/2026\nB,02/03/2027\n"), PRESETS)
    context = workspaces.create(str(tmp_path / "new.db"), plan.pipeline, "ana", clock)
    dated = plan.dated(context)
    assert dated.mapping.order is DateOrder.MDY
    assert dated.carry_out(context).created == 2
    found = {deal.title: str(deal.expected_close) for deal in deals.listed(context, EVERYTHING, "d.number")}
    assert found == {"A": "2026-12-31", "B": "2027-02-03"}
    context.database.close()


def test_dates_of_two_orders_are_refused(file: Callable[[str], Path], tried: Callable[..., ImportReport]) -> None:
    with pytest.raises(BadInput, match="is no date in the order"):
        tried(foresee(file("title,expected close\nA,12/31/2026\nB,31/12/2026\n"), PRESETS))


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"PK\x03\x04rest"])
def test_what_is_no_table_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "deals.csv"
    path.write_bytes(content)
    with pytest.raises(FunneltuiError):
        foresee(path, PRESETS)


@pytest.mark.parametrize("text", ["", "  ", "nowhere.csv", "/", "~nobody-here/deals.csv", "a\0b"])
def test_a_path_that_leads_to_no_file_is_refused_in_words(text: str) -> None:
    with pytest.raises(BadInput, match=r"type the path|there is no file"):
        demand_file(text)


def test_the_file_of_a_known_system_is_read_as_that(
    file: Callable[[str], Path], tried: Callable[[FirstImport], ImportReport]
) -> None:
    plan = foresee(
        file(
            "Deal - ID,Deal - Titel,Deal - Phase,Deal - Status,Deal - Verlustgrund\n"
            "1,Pumpe,Proposal Made,Offen,\n2,Ventil,Contact Made,Verloren,kein Budget\n"
        ),
        PRESETS,
    )
    assert (plan.mapping.system, plan.has_title, plan.strange) == ("pipedrive", True, ())
    assert tried(plan).created == 2
