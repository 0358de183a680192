"""The text of a page is what a person would read, in time that grows with its length and no faster."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funneltui.exchange.html_text import LIMIT, text_of


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<b>bo</b>ld &amp; &eacute;&nbsp;&#8364;", "bold & é €"),
        ("<table><tr><td>Name</td><td>Ana</td></tr><tr><td>Tel</td><td>1</td></tr></table>", "Name Ana\nTel 1"),
        ("<ul><li>a<li>b</ul>", "a\nb"),
        ("<STYLE>p{}</STYLE>x<ScRiPt>alert('<b>')</sCrIpT>y", "xy"),
        ("<!--[if mso]><p>no</p><![endif]-->yes<!-- a > b -->", "yes"),
        ("<!DOCTYPE html><?xml version='1'?>x", "x"),
        ('<a title="a > b" href="x">link</a>', "link"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("<head><title>no</title><body>yes", "yes"),
        ("a\n  b\t c", "a b c"),
        ("<script>never closed", ""),
        ("x<!-- never closed", "x"),
        ("", ""),
    ],
)
def test_a_page_gives_its_text(page: str, text: str) -> None:
    assert text_of(page) == text


@pytest.mark.parametrize(
    "piece",
    ["<", "<a ", '<a "', "<!", "<![", "<!--", "<?", "</", "&", "&#", "<a a='", "<script>", "<div>", "<a", "<p/"],
)
def test_no_page_takes_long(piece: str) -> None:
    begun = time.process_time()
    text_of((piece * LIMIT)[:LIMIT])
    text_of("<a" + (piece * LIMIT)[:LIMIT])
    assert time.process_time() - begun < 5  # the library's parser takes an hour for some


@given(st.text(alphabet="<>/!-?&;#\"'= apscript\n", max_size=200))
@settings(max_examples=300, deadline=None)
def test_any_page_gives_some_text(page: str) -> None:
    assert text_of(page) == text_of(page).strip()
