"""Filters put together as texts let through what both let through."""

from __future__ import annotations

from datetime import date

import pytest

from funneltui.domain.filter_parser import parse
from funneltui.domain.filter_texts import narrowed

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("text", "more", "both"),
    [
        ("", "is:won", "is:won"),
        ("owner:me", "", "owner:me"),
        ("owner:me", "is:won", "owner:me is:won"),
        ("tag:a or tag:b -spam", "is:won", "tag:a is:won or tag:b -spam is:won"),
        ('"this or that" Or x', "is:won", '"this or that" is:won or x is:won'),
        ('company:"A or B"', "is:won", 'company:"A or B" is:won'),
    ],
)
def test_a_filter_is_narrowed_by_another_one(text: str, more: str, both: str) -> None:
    assert narrowed(text, more) == both
    parse(narrowed(text, more), TODAY)
