"""Several deals at once: all of them or none, and a refusal that names each deal with its why."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from funneltui.errors import BadInput, NotFound, RuleBroken

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from funneltui.domain.deal import Deal
    from funneltui.domain.gates import Missing

_LISTED = 10

Made = TypeVar("Made")


def all_or_none(some: Sequence[Deal], make: Callable[[Deal], Made], done: str) -> list[Made]:
    """Give what `make` makes of each of these deals, or refuse with every deal that it refuses; `make` stores nothing.

    `done` is what would have been done to them, for the refusal: "none was moved".

    Raises:
        RuleBroken: one was refused; `missing` says what the gates want. Of a single deal what `make` raises for it.
    """
    made: list[Made] = []
    refused: dict[str, list[int]] = {}
    missing: dict[str, Missing] = {}
    for deal in some:
        try:
            made.append(make(deal))
        except (RuleBroken, NotFound, BadInput) as error:
            if len(some) == 1 and not isinstance(error, RuleBroken):
                raise
            refused.setdefault(str(error), []).append(deal.number)
            wanted = error.missing if isinstance(error, RuleBroken) else ()
            missing |= {one.field: one for one in wanted}
    if refused:
        message = in_groups(refused) + (f"; none was {done}" if len(some) > 1 else "")
        raise RuleBroken(message, tuple(missing.values()))
    return made


def in_groups(said: Mapping[str, Sequence[int]]) -> str:
    """Say what there is to say of deals, each sentence once: "deals 1, 4: skips Offered; deal 7: it is spam"."""
    return "; ".join(f"{named(numbers)}: {sentence}" for sentence, numbers in said.items())


def named(numbers: Sequence[int]) -> str:
    """Give deals by their numbers, the first ones of many: "deal 7", "deals 1, 4"."""
    listed = ", ".join(map(str, numbers[:_LISTED])) + (" ..." if len(numbers) > _LISTED else "")
    return f"{'deal' if len(numbers) == 1 else 'deals'} {listed}"
