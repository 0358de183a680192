"""The config file: what it may say, what becomes of every kind of mistake, who wins over it, and how it is written back."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from funneltui import config, config_file, config_writing, paths, settings
from funneltui.config import Origin
from funneltui.domain.dates import DateOrder
from funneltui.errors import BadInput, NotFound, StorageError
from funneltui.settings import Kind, Setting, Value

COMMENTED = """\
# mine
theme = "day"   # for the office

[panes]  # beside the lanes
side = true # yes
# the end of the panes

[keys]
deal.win = "w"  # without quotes
"deal.lose" = "x"
"""


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in config.VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def file() -> Path:
    """Give the place of the config file, in a folder that is there."""
    path = paths.config_file()
    path.parent.mkdir(parents=True)
    return path


def problem(file: Path, text: str) -> str:
    """Write a file with one mistake and give what is said of it."""
    file.write_text(text, encoding="utf-8")
    (said,) = config_file.read(file).problems
    return said.removeprefix(config_file.shown_path(file))


# --- the table


@pytest.mark.parametrize("one", settings.SETTINGS, ids=lambda one: one.key)
def test_every_setting_is_explained_by_a_sentence_and_an_example_that_is_not_the_default(one: Setting) -> None:
    assert one.help[0].isupper()
    assert one.help.endswith(".")
    assert settings.checked(one, one.example) == one.example != one.default


@pytest.mark.parametrize("one", settings.SETTINGS, ids=lambda one: one.key)
def test_every_default_can_be_written_and_read_again(one: Setting, file: Path) -> None:
    config_writing.set_value(file, one.key, one.default)
    assert config_file.read(file).values == {one.key: one.default}


@pytest.mark.parametrize(
    "one", [one for one in settings.SETTINGS if one.kind is not Kind.TEXT], ids=lambda one: one.key
)
def test_every_setting_says_what_was_expected(one: Setting) -> None:
    for wrong in ("nonsense!", 5000, ["a"], 2.5, {}):
        with pytest.raises(BadInput) as refused:
            settings.checked(one, wrong)
        assert str(refused.value).startswith(f"{one.key} ")
        assert str(refused.value).endswith(f"; expected {one.expected}")


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("mouse", "no", False), ("mouse", "on", True), ("ascii", "YES", "yes"), ("panes.side_width", "40", 40),
        ("panes.side_width", "0", 0), ("currency", "czk", "CZK"), ("locale", "sl_SI", "sl-SI"), ("theme", " day ", "day"),
        ("follow_up.usual", "fri, next week,+3d", ("fri", "next week", "+3d")), ("user", "", ""),
    ],
)  # fmt: skip
def test_a_value_is_read_as_somebody_types_it(key: str, text: str, value: Value) -> None:
    assert settings.typed(settings.setting(key), text) == value


@pytest.mark.parametrize(
    ("key", "text"),
    [("mouse", "perhaps"), ("panes.side_width", "12"), ("panes.side_width", "wide"), ("panes.side_width", "٣٠" * 6),
     ("currency", "EURO"), ("locale", "Slovenian, please"), ("locale", "xx-YY"), ("default_view", ""), ("theme", "x" * 41),
     ("follow_up.usual", "someday"), ("follow_up.usual", "1d,2d,3d,4d,5d"), ("fiscal_year_start", "-1"),
     ("panes.today_days", "--5")],
)  # fmt: skip
def test_a_value_that_cannot_be_is_refused(key: str, text: str) -> None:
    with pytest.raises(BadInput, match=f"^{key} .*; expected "):
        settings.typed(settings.setting(key), text)


# --- reading


def test_without_a_file_everything_has_its_default() -> None:
    chosen = config.read("deals.db", "ana")
    assert chosen.settings == {one.key: one.default for one in settings.SETTINGS} | {"user": "ana"}
    assert (chosen.keys, chosen.problems) == ({}, ())


def test_without_a_file_the_start_does_not_pay_for_reading_one() -> None:
    code = (
        "import sys; from funneltui import config; config.read('x', 'y'); "
        "print(*[name for name in ('tomllib', 'tomlkit', 'platformdirs', 'funneltui.config_file') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "\n"


def test_a_file_says_what_it_says(file: Path) -> None:
    file.write_text('density = "compact"\nmouse = "no"\nascii = true\n[follow_up]\nusual = ["fri"]\n', encoding="utf-8")
    chosen = config.read("deals.db", "ana")
    assert (chosen.text("density"), chosen.switch("mouse"), chosen.text("ascii")) == ("compact", False, "yes")
    assert chosen.texts("follow_up.usual") == ("fri",)
    assert chosen.number("panes.today_days") == 7


def test_keys_are_read_in_every_way_in_which_they_can_be_written(file: Path) -> None:
    file.write_text(
        '[keys]\n"deal.win" = "W"\ndeal.lose = ["x", "delete"]\n"deal.undo" = ""\n[keys.list]\nsort = "o"\n',
        encoding="utf-8",
    )
    read = config_file.read(file)
    assert read.keys == {"deal.win": "W", "deal.lose": "x,delete", "deal.undo": "", "list.sort": "o"}
    assert [read.line(f"keys.{action}") for action in read.keys] == [2, 3, 4, 6]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('\ndensity = "tight"', ', line 2: density is "tight"; expected comfortable or compact; ignored'),
        ("mouse = 1", ", line 1: mouse is a whole number; expected true or false; ignored"),
        ("fiscal_year_start = 13", ", line 1: fiscal_year_start is 13; expected a whole number from 1 to 12; ignored"),
        ("fiscal_year_start = true", ", line 1: fiscal_year_start is true or false; "
         "expected a whole number from 1 to 12; ignored"),
        ("user = 1979-05-27", ", line 1: user is a date or time; "
         "expected a text in quotes, of at most 80 characters; ignored"),
        ('asci = "yes"', ', line 1: there is no setting "asci"; did you mean "ascii"?; ignored'),
        ("side = true", ', line 1: there is no setting "side"; did you mean side in the table [panes]?; ignored'),
        ('[panes]\n\ntheme = "day"', ', line 3: there is no setting "panes.theme"; '
         "did you mean theme at the top of the file, above the first [table]?; ignored"),
        ('"panes.side" = true', ', line 1: there is no setting "panes.side"; '
         "did you mean side in the table [panes]?; ignored"),
        ("[colors]\nred = 1", ', line 1: there is no setting "colors"; '
         "docs/config.md has them all, `funneltui config` too; ignored"),
        ("panes = 3", ", line 1: panes is no table; expected [panes] in a line of its own, and its settings below; ignored"),
        ("keys = 3", ', line 1: keys is no table; expected [keys] and below it "deal.win" = "w"; ignored'),
        ("[keys]\ndeal.win = 3", ", line 2: keys: deal.win is a whole number; "
         'expected keys in quotes, such as "w", "w,ctrl+w" or ""; ignored'),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line_and_what_was_expected(file: Path, text: str, said: str) -> None:
    assert problem(file, text) == said


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"theme = \n", ": Invalid value (at line 1, column 9); expected TOML"),
        (b'theme = "a"\ntheme = "b"', ": Cannot overwrite a value"),
        (b"# ok\nuser = '\xff'\n", ": line 2: byte 0xff is not UTF-8; expected UTF-8 text"),
        (b"# " + b"x" * config_file.SIZE_LIMIT, ": is too large for a config file; expected at most 100 kB"),
        (b"a = " + b"[" * 5000 + b"]" * 5000, ": a number is too long, or lists are nested too deeply"),
        (b"a = " + b"1" * 5000, ": a number is too long, or lists are nested too deeply"),
    ],
    ids=["no value", "twice", "not UTF-8", "huge", "deep", "long"],
)
def test_a_file_that_cannot_be_read_is_ignored_as_a_whole(file: Path, content: bytes, said: str) -> None:
    file.write_bytes(content)
    read = config_file.read(file)
    assert read.values == read.keys == {}
    assert read.problems[0].startswith(f"{config_file.shown_path(file)}{said}")
    assert read.problems[0].endswith("; the whole file is ignored")


def test_a_folder_and_a_pipe_in_its_place_are_ignored(file: Path) -> None:
    file.mkdir()
    assert "is a folder; expected a file with TOML" in config.read("x", "y").problems[0]
    file.rmdir()
    os.mkfifo(file)
    assert "is no plain file; expected a file with TOML" in config.read("x", "y").problems[0]


def test_a_file_that_may_not_be_read_is_ignored(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    file.write_text("", encoding="utf-8")
    monkeypatch.setattr("funneltui.config_file.os.open", refuse)
    assert config_file.read(file).problems == (
        f"{config_file.shown_path(file)}: cannot be read: Permission denied; the whole file is ignored",
    )


def test_mistakes_leave_the_rest_of_the_file_in_force(file: Path) -> None:
    file.write_text('density = "tight"\nuser = "bor"\n[nothing]\nx = 1\n[keys]\n"deal.win" = "W"\n', encoding="utf-8")
    chosen = config.read("deals.db")
    assert (chosen.user, chosen.user_chosen, chosen.text("density")) == ("bor", True, "comfortable")
    assert chosen.keys == {"deal.win": "W"}
    assert len(chosen.problems) == 2


def test_a_file_full_of_mistakes_is_told_in_part(file: Path) -> None:
    file.write_text("".join(f"a{number} = 1\n" for number in range(400)), encoding="utf-8")
    said = config_file.read(file).problems
    assert len(said) == config_file.MOST_PROBLEMS + 1
    assert said[-1].endswith(": 370 more mistakes are ignored")


def test_what_a_file_says_cannot_act_on_the_terminal(file: Path) -> None:
    file.write_text('user = "a\\u001b]0;b"\n"x\\u001b[2J" = 1\n[keys]\n"d\\u001bc" = 1\n', encoding="utf-8")
    read = config_file.read(file)
    assert "\x1b" not in "".join((*read.problems, str(read.values["user"])))


def test_the_home_folder_is_a_tilde_in_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ana")
    assert config_file.shown_path(Path("/home/ana/.config/x.toml")) == "~/.config/x.toml"
    assert config_file.shown_path(Path("/home/anabel/x.toml")) == "/home/anabel/x.toml"


# --- who wins


def test_a_flag_wins_over_a_variable_over_the_file_over_the_default(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [config.resolve(config_file.read(file).values)["theme"]]
    file.write_text('theme = "day"\n', encoding="utf-8")
    found.append(config.resolve(config_file.read(file).values)["theme"])
    monkeypatch.setenv("FUNNELTUI_THEME", "mono")
    found.append(config.resolve(config_file.read(file).values)["theme"])
    found.append(config.resolve(config_file.read(file).values, theme="contrast")["theme"])
    assert found == [
        ("", Origin.DEFAULT), ("day", Origin.FILE), ("mono", Origin.ENVIRONMENT), ("contrast", Origin.FLAG),
    ]  # fmt: skip


def test_date_order_user_and_currency_of_the_file_are_in_force(file: Path) -> None:
    file.write_text('date_order = "mdy"\nuser = "bor"\ncurrency = "czk"\n', encoding="utf-8")
    chosen = config.read("deals.db")
    assert (chosen.order, chosen.user, chosen.currency) == (DateOrder.MDY, "bor", "CZK")


def test_a_variable_that_cannot_be_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FUNNELTUI_DATE_ORDER", "dym")
    with pytest.raises(BadInput, match='FUNNELTUI_DATE_ORDER is "dym"; it must be dmy, mdy or ymd'):
        config.read("deals.db")


# --- writing


def test_writing_keeps_comments_and_order(file: Path) -> None:
    file.write_text(COMMENTED, encoding="utf-8")
    config_writing.set_value(file, "theme", "night")
    config_writing.set_value(file, "panes.side", False)
    config_writing.set_value(file, "keys.deal.win", "W")
    config_writing.unset_value(file, "keys.deal.lose")
    assert file.read_text(encoding="utf-8") == COMMENTED.replace('"day"', '"night"').replace("true", "false").replace(
        '"w"', '"W"'
    ).replace('"deal.lose" = "x"\n', "")


def test_a_new_setting_goes_where_it_belongs(file: Path) -> None:
    file.write_text(COMMENTED, encoding="utf-8")
    config_writing.set_value(file, "density", "compact")
    config_writing.set_value(file, "panes.funnel", "standard")
    config_writing.set_value(file, "follow_up.usual", ["fri", "+3d"])
    config_writing.set_value(file, "keys.deal.undo", "z")
    read = config_file.read(file)
    assert read.problems == ()
    assert read.values == {
        "theme": "day", "density": "compact", "panes.side": True, "panes.funnel": "standard",
        "follow_up.usual": ("fri", "+3d"),
    }  # fmt: skip
    assert read.keys == {"deal.win": "w", "deal.lose": "x", "deal.undo": "z"}
    assert all(line in file.read_text(encoding="utf-8").splitlines() for line in COMMENTED.splitlines())


def test_a_new_file_is_for_its_owner_alone() -> None:
    path = paths.config_file()
    config_writing.set_value(path, "theme", "day")
    assert [stat.S_IMODE(one.stat().st_mode) for one in (path, path.parent)] == [0o600, 0o700]
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_the_mode_of_a_file_is_kept(file: Path) -> None:
    file.write_text("", encoding="utf-8")
    file.chmod(0o640)
    config_writing.set_value(file, "theme", "day")
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


def test_a_link_stays_a_link(file: Path, tmp_path: Path) -> None:
    (tmp_path / "dotfiles.toml").write_text("# kept elsewhere\n", encoding="utf-8")
    file.symlink_to(tmp_path / "dotfiles.toml")
    config_writing.set_value(file, "theme", "day")
    assert file.is_symlink()
    assert (tmp_path / "dotfiles.toml").read_text(encoding="utf-8") == '# kept elsewhere\ntheme = "day"\n'


def test_lines_that_end_as_on_windows_still_do(file: Path) -> None:
    file.write_bytes(b'theme = "day"\r\nmouse = true\r\n')
    config_writing.set_value(file, "mouse", False)
    assert file.read_bytes() == b'theme = "day"\r\nmouse = false\r\n'


@pytest.mark.parametrize("text", ["theme = \n", "panes = 3\n"], ids=["no TOML", "no table"])
def test_a_broken_file_is_not_written_over(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput):
        config_writing.set_value(file, "panes.side", False)
    assert file.read_text(encoding="utf-8") == text


def test_what_cannot_be_is_not_written(file: Path) -> None:
    with pytest.raises(BadInput, match="expected comfortable or compact"):
        config_writing.set_value(file, "density", "tight")
    with pytest.raises(NotFound, match='did you mean "density"'):
        config_writing.set_value(file, "densty", "compact")
    assert not file.exists()


def test_only_what_is_set_can_be_taken_out(file: Path) -> None:
    config_writing.set_value(file, "density", "compact")
    config_writing.unset_value(file, "density")
    assert config_file.read(file).values == {}
    with pytest.raises(NotFound, match="does not set density"):
        config_writing.unset_value(file, "density")


def test_a_disk_that_refuses_leaves_the_file_as_it_was(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    file.write_text('theme = "day"\n', encoding="utf-8")
    monkeypatch.setattr("funneltui.config_writing.os.fsync", full)
    with pytest.raises(StorageError, match="cannot be written: No space left on device"):
        config_writing.set_value(file, "theme", "night")
    assert [one.name for one in file.parent.iterdir()] == [file.name]
    assert file.read_text(encoding="utf-8") == 'theme = "day"\n'


_WAYS = (
    "", "# only a comment", COMMENTED, "panes = { side = true }\n", "panes.side = true\n[keys]\n",
    "[keys.deal]\nwin = 'w'\n",
    'keys."deal.win" = "w"\n[follow_up]\n# nothing yet\n', "[panes]\n[keys]\n[panes.deep]\nx = 1\n",
)  # fmt: skip
_CHANGES = st.one_of(
    st.sampled_from([(one.key, one.example) for one in settings.SETTINGS]),
    st.tuples(st.sampled_from(["keys.deal.win", "keys.list.sort", "keys.app.help"]), st.text("wxyz", max_size=3)),
)


@examples(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.sampled_from(_WAYS), changes=st.lists(_CHANGES, max_size=6), gone=st.integers(0, 5))
def test_whatever_is_written_is_read_again(
    tmp_path: Path, text: str, changes: list[tuple[str, Value]], gone: int
) -> None:
    path = tmp_path / "any.toml"
    path.write_text(text, encoding="utf-8")
    expected = said(path)
    for key, value in changes:
        config_writing.set_value(path, key, value)
        expected[key] = value
        assert said(path) == expected
    for key, _ in changes[:gone]:
        if key in expected:
            config_writing.unset_value(path, key)
            del expected[key]
            assert said(path) == expected


def said(path: Path) -> dict[str, Value]:
    """Give all that a file says, keys of actions too."""
    read = config_file.read(path)
    return {**read.values, **{f"keys.{action}": keys for action, keys in read.keys.items()}}


def test_several_settings_are_written_together_or_none_of_them(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    with pytest.raises(BadInput, match="side_width is 5"):
        config_writing.set_values(file, {"density": "compact", "panes.side_width": 5})
    assert not file.exists()
    config_writing.set_values(file, {"density": "compact", "panes.side_width": 40})
    assert config_file.read(file).values == {"density": "compact", "panes.side_width": 40}
