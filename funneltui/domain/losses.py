"""Why, where and whose deals were lost: by reason, stage, owner, source and amount, each with its number and its sums."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from funneltui.domain.money import format_full, minor_digits
from funneltui.domain.pipeline import StageKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from funneltui.domain.pipeline import Pipeline

_BANDS = (0, 100, 1_000, 10_000, 100_000, 1_000_000)
"""Where the bands of amounts begin, in whole units of a currency."""


# A named tuple and no dataclass: tens of thousands of them are made for one look at the losses.
class Lost(NamedTuple):
    """What the loss report wants to know of a deal that was lost."""

    number: int
    reason: str | None
    owner: str | None
    source: str
    currency: str
    amount: int | None


@dataclass(frozen=True, slots=True)
class LossRow:
    """Lost deals that have something in common: its key (none: nobody, unknown) and name, their share of all that were
    lost, their sums in minor units by currency, and their numbers.
    """

    key: str | None
    name: str
    share: float
    sums: Mapping[str, int]
    numbers: tuple[int, ...]

    @property
    def count(self) -> int:
        """How many they are."""
        return len(self.numbers)


@dataclass(frozen=True, slots=True)
class Losses:
    """The losses of a pipeline, each table with the most deals first, that by amount from the smallest on.

    `currency` is that in which the sums are meant to be shown first; unlike currencies are never added up.
    """

    pipeline: str
    currency: str
    whole: LossRow
    by_reason: tuple[LossRow, ...]
    by_stage: tuple[LossRow, ...]
    by_owner: tuple[LossRow, ...]
    by_source: tuple[LossRow, ...]
    by_amount: tuple[LossRow, ...]


def losses(pipeline: Pipeline, lost: Sequence[Lost], stages: Mapping[int, str], currency: str) -> Losses:
    """Give the losses by everything they can be told by; `stages` says where each deal was lost, see `lost_from`."""

    def by(keys: Iterable[str | None], name: Callable[[str | None], str]) -> tuple[LossRow, ...]:
        groups: dict[str | None, list[Lost]] = defaultdict(list)
        for key, one in zip(keys, lost, strict=True):
            groups[key].append(one)
        rows = [_row(key, name(key), some, len(lost)) for key, some in groups.items()]
        return tuple(sorted(rows, key=lambda row: (-row.count, row.name)))

    return Losses(
        pipeline.key,
        currency,
        _row(None, "all", lost, len(lost)),
        by([one.reason for one in lost], lambda key: pipeline.reason_name(key) or "unknown"),
        by([stages.get(one.number) for one in lost], lambda key: pipeline.stage_name(key) if key else "unknown"),
        by([one.owner for one in lost], lambda key: key or "nobody"),
        by([one.source for one in lost], pipeline.source_name),
        _by_amount(lost),
    )


def lost_from(pipeline: Pipeline, stays: Iterable[tuple[int, str]]) -> dict[int, str]:
    """Give the stage from which each deal was lost: that of the last stay that ended and was in no lost stage.

    `stays` are deals with the stages in which they stayed, in the order in which that began.
    """
    every = pipeline.stages + pipeline.retired.stages
    at_the_end = {stage.key for stage in every if stage.kind is StageKind.LOST}
    return {deal: stage for deal, stage in stays if stage not in at_the_end}


def band_of(amount: int | None, currency: str) -> tuple[int, str, str]:
    """Give the band of an amount: its place, its key ("1000-9999") and its name, with the currency; bands are tenfold."""
    place = _place(amount, currency)
    if place < 0:
        return place, "none", "no amount"
    unit: int = 10 ** minor_digits(currency)
    low = _BANDS[place]
    if place == len(_BANDS) - 1:
        return place, f"{low}-", f"{format_full(low * unit, currency)} and more"
    name = f"{format_full(low * unit, currency)} to under {format_full(_BANDS[place + 1] * unit, currency)}"
    return place, f"{low}-{_BANDS[place + 1] - 1}", name


def _place(amount: int | None, currency: str) -> int:
    return -1 if amount is None else bisect_right(_BANDS, amount // 10 ** minor_digits(currency)) - 1


def _by_amount(lost: Sequence[Lost]) -> tuple[LossRow, ...]:
    groups: dict[tuple[str, int], list[Lost]] = defaultdict(list)
    for one in lost:
        groups["" if one.amount is None else one.currency, _place(one.amount, one.currency)].append(one)
    rows = []
    for (currency, _), some in sorted(groups.items(), key=lambda group: group[0]):
        _, key, name = band_of(some[0].amount, some[0].currency)
        rows.append(_row(f"{currency} {key}".strip(), name, some, len(lost)))
    return tuple(rows)


def _row(key: str | None, name: str, some: Sequence[Lost], all_lost: int) -> LossRow:
    sums: dict[str, int] = defaultdict(int)
    for _, _, _, _, currency, amount in some:
        sums[currency] += amount or 0
    return LossRow(
        key, name, len(some) / all_lost if all_lost else 0.0, dict(sums), tuple([one.number for one in some])
    )  # fmt: skip
