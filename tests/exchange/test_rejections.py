"""Rejected rows are a sequence that takes no memory, however many they are."""

from __future__ import annotations

import tracemalloc

from funneltui.exchange.rejections import Rejected, Rejections


def rejected(count: int) -> Rejections:
    rows = Rejections()
    for line in range(count):
        rows.add(line, f"there is no stage\n{line}")
    return rows


def test_they_are_counted_sliced_and_read_again_and_again() -> None:
    rows = rejected(30)
    assert (len(rows), rows[0], rows[-1].line) == (30, Rejected(0, "there is no stage\n0"), 29)
    assert rows[:2] == (rows[0], rows[1])
    assert [one.line for one in rows] == [one.line for one in rows] == list(range(30))
    assert not Rejections()


def test_adding_goes_on_while_they_are_looked_at() -> None:
    rows = rejected(50_000)
    next(iter(rows))
    rows.add(50_000, "later")
    assert [one.line for one in rows] == list(range(50_001))


def test_very_many_take_no_memory() -> None:
    rows = rejected(50_000)
    tracemalloc.start()
    lines = sum(1 for _ in rows)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert lines == 50_000
    assert most < 8_000_000
