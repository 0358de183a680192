"""import from the command line: the options reach the importer, and its report is printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from funneltui import paths

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Shop

HEAD = "id,title,source,expected close,stage,amount\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Give a file of three rows, the last of which lacks what its stage demands."""
    path = tmp_path / "deals.csv"
    path.write_text(
        HEAD + "a,Northwind,web,2026-12-01,waiting,1200\nb,Globex,phone,2026-12-02,waiting,\n"
        "c,Initech,web,2026-12-03,offered,5\n",
        encoding="utf-8",
    )
    return path


def test_the_report_counts_and_lists_rejected_rows_by_line(shop: Shop, file: Path) -> None:
    done = shop.ok("import", str(file))
    assert done.out.startswith("3 rows: 2 created, 0 updated, 0 unchanged, 1 rejected\nline 4: ")
    assert "detail" in done.out
    assert [row[1] for row in shop.ok("list").rows] == ["Northwind", "Globex"]


def test_the_json_report_has_exactly_its_fields(shop: Shop, file: Path) -> None:
    report = shop.ok("import", str(file), "--json").json
    assert list(report) == ["rows", "created", "updated", "unchanged", "rejected"]
    assert [list(rejected) for rejected in report["rejected"]] == [["line", "why"]]
    assert (report["rows"], report["created"], report["rejected"][0]["line"]) == (3, 2, 4)


def test_a_second_run_changes_nothing(shop: Shop, file: Path) -> None:
    shop.ok("import", str(file), "--map", "external_id=id")
    before = shop.dump()
    report = shop.ok("import", str(file), "--map", "external_id=id", "--json").json
    assert (report["created"], report["unchanged"]) == (0, 2)
    assert shop.dump() == before


def test_a_dry_run_changes_nothing_and_says_how_the_file_is_read(shop: Shop, file: Path) -> None:
    done = shop.ok("import", str(file), "--dry-run")
    assert "nothing was changed" in done.out
    assert "title from" in done.out
    assert "2 created" in done.out
    assert shop.ok("list").out == ""


def test_set_stage_and_currency_reach_the_rows(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("name;phase;worth\nNorthwind;hot;12,50\n", encoding="utf-8")
    shop.ok(
        "import", str(path), "--map", "title=name", "--map", "stage=phase", "--map", "amount=worth",
        "--stage", "hot=offered", "--set", "detail=contract", "--set", "follow_up=fri", "--set", "source=web",
        "--set", "expected_close=+30d", "--currency", "USD",
    )  # fmt: skip
    (deal,) = shop.ok("list", "--json").json
    assert (deal["stage"], deal["detail"], deal["follow_up"]) == ("offered", "contract", "2026-11-27")
    assert (deal["amount"], deal["currency"], deal["expected_close"]) == ("12.50", "USD", "2026-12-21")


def test_rejected_rows_are_written_down(shop: Shop, file: Path, tmp_path: Path) -> None:
    rejects = tmp_path / "rejects.csv"
    done = shop.ok("import", str(file), "--rejects", str(rejects))
    assert str(rejects) in done.out
    assert "Initech" in rejects.read_text(encoding="utf-8")


def test_a_file_with_nothing_but_rejected_rows_is_refused(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("title\nNorthwind\n", encoding="utf-8")
    done = shop("import", str(path))
    assert done.status == 1
    assert "line 2: " in done.out


@pytest.mark.parametrize("option", [["--map", "title"], ["--set", "=x"], ["--stage", "x"], ["--decimal", "x"]])
def test_a_wrong_option_is_not_written_so(shop: Shop, file: Path, option: list[str]) -> None:
    assert shop("import", str(file), *option).status == 2


def test_a_file_that_is_not_there_is_refused(shop: Shop, tmp_path: Path) -> None:
    done = shop("import", str(tmp_path / "none.csv"))
    assert (done.status, done.out) == (1, "")
    assert "none.csv" in done.err


def test_a_bar_is_drawn_on_a_terminal_only(shop: Shop, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert shop.ok("import", str(file)).err == ""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    assert "deals.csv" in shop.ok("import", str(file)).err


def test_a_report_names_the_currency_of_amounts_that_told_none(shop: Shop, file: Path) -> None:
    assert (
        "amounts without a currency were taken as EUR; --currency CODE says another" in shop.ok("import", str(file)).out
    )
    assert "taken as" not in shop.ok("import", str(file), "--currency", "EUR").out


def test_what_was_cut_or_stood_above_the_header_is_told(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(f"Report of leads,,\ntitle,source,close\n{'x' * 600},web,2026-12-01\n", encoding="utf-8")
    out = shop.ok("import", str(path)).out
    assert "line 3, title: cut to 500 characters" in out
    assert "the header is line 2, 1 line above it is left out" in out


def test_a_deal_of_a_row_without_an_id_shows_none(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("title,source,close\nNorthwind,web,2026-12-01\n", encoding="utf-8")
    shop.ok("import", str(path))
    assert "row-" not in shop.ok("show", "1").out


def test_where_there_is_no_terminal_asking_is_said_to_be_left_out(shop: Shop, file: Path) -> None:
    assert "there is no terminal to ask on" in shop.ok("import", str(file), "--ask").err


def test_a_name_that_no_mapping_can_have_is_refused_before_anything_is_taken_in(shop: Shop, file: Path) -> None:
    done = shop("import", str(file), "--save-mapping", "../../x")
    assert (done.status, '"../../x" is no name for a mapping' in done.err) == (1, True)
    assert shop.ok("list").out == ""


def test_a_mapping_that_cannot_be_kept_is_refused_before_anything_is_taken_in(shop: Shop, file: Path) -> None:
    folder = paths.config_dir()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "mappings").write_text("a file where the folder is to be", encoding="utf-8")
    done = shop("import", str(file), "--save-mapping", "mine")
    assert (done.status, "mappings" in done.err) == (1, True)
    assert shop.ok("list").out == ""


def test_rejected_rows_go_over_a_file_of_such_rows_and_over_another_with_force_only(
    shop: Shop, file: Path, tmp_path: Path
) -> None:
    rejects = tmp_path / "rejects.csv"
    rejects.write_text("title,amount\nmine,1\n", encoding="utf-8")
    refused = shop("import", str(file), "--rejects", str(rejects))
    assert (refused.status, "--force" in refused.err) == (1, True)
    assert rejects.read_text(encoding="utf-8") == "title,amount\nmine,1\n"
    assert shop.ok("list").out == ""
    shop.ok("import", str(file), "--rejects", str(rejects), "--force")
    shop.ok("import", str(file), "--rejects", str(rejects))
    assert "Initech" in rejects.read_text(encoding="utf-8")


@pytest.mark.parametrize("option", ["--history", "--mapping"])
def test_rejected_rows_never_go_over_another_file_that_the_import_reads(
    shop: Shop, file: Path, tmp_path: Path, option: str
) -> None:
    shop.ok("import", str(file), "--save-mapping", "mine")
    other = paths.config_dir() / "mappings" / "mine.toml"
    if option == "--history":
        other = tmp_path / "visits.csv"
        other.write_text(
            "OpportunityId,StageName,ForecastCategory,CreatedDate\na,waiting,Pipeline,2026-11-01\n", encoding="utf-8"
        )
    text = other.read_text(encoding="utf-8")
    done = shop("import", str(file), option, str(other), "--rejects", str(other), "--force")
    assert (done.status, "a file that the import reads" in done.err) == (1, True)
    assert other.read_text(encoding="utf-8") == text
