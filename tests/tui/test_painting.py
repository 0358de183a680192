"""Painting: whatever the text, a line has exactly the cells that it was given."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style

from funneltui.domain.text import strip_controls
from funneltui.tui.painting import fit, spread, strip, width_of

PLAIN = Style.null()
ODD = st.sampled_from(
    ["漢", "é", "e\u0301", "\U0001f468\u200d\U0001f469", "✔\ufe0f", "\U0001f44d\U0001f3fd", "ﷺ", "\u200b", " ", "…"]
)
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30), st.lists(ODD, max_size=20).map("".join)
)
PIECES = st.lists(TEXTS.map(lambda text: (strip_controls(text), PLAIN)), max_size=5)
WIDTHS = st.integers(0, 60)


@given(TEXTS, WIDTHS)
def test_a_fitted_text_has_exactly_its_width(text: str, width: int) -> None:
    assert cell_len(fit(text, width)) == width


@given(TEXTS, st.integers(1, 60))
def test_a_text_with_room_is_kept_whole(text: str, more: int) -> None:
    fitted = fit(text, width_of(text) + more)
    assert cell_len(fitted.rstrip()) <= width_of(text)
    assert "…" not in fitted or "…" in text


@given(TEXTS, WIDTHS)
def test_a_cut_text_says_so(text: str, width: int) -> None:
    if 0 < width < width_of(text):
        assert fit(text, width).rstrip().endswith("…")


@given(PIECES, WIDTHS)
def test_a_strip_has_exactly_its_width(pieces: list[tuple[str, Style]], width: int) -> None:
    made = strip(pieces, width, PLAIN)
    assert (made.cell_length, cell_len(made.text)) == (width, width)


@given(PIECES, PIECES, WIDTHS)
def test_a_spread_line_has_exactly_its_width(
    left: list[tuple[str, Style]], right: list[tuple[str, Style]], width: int
) -> None:
    made = strip(spread(left, right, width, PLAIN), width, PLAIN)
    assert (made.cell_length, cell_len(made.text)) == (width, width)


@given(
    st.lists(st.text("ab漢", max_size=12).map(lambda text: (text, PLAIN)), max_size=4),
    st.text("xyz", min_size=1, max_size=8),
)
def test_what_stands_at_the_right_of_a_spread_line_is_never_cut(left: list[tuple[str, Style]], right: str) -> None:
    line = "".join(text for text, _ in spread(left, [(right, PLAIN)], 20, PLAIN))
    assert line.endswith(right)
    assert cell_len(line) == 20


@given(st.text("ab ", max_size=12), WIDTHS)
def test_no_line_is_drawn_under_the_blanks_around_words(text: str, width: int) -> None:
    for part in strip([(text, Style(underline=True))], width, PLAIN):
        assert not (part.style and part.style.underline) or part.text.strip(" ")[:1] == part.text[:1]
