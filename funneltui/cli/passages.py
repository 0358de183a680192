"""What a command says beside its output when a move went back or left stages out (E2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.cli.output import remark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from funneltui.domain.deal import Deal
    from funneltui.services.context import Context


def warn_of_passages(context: Context, before: Sequence[Deal], after: Sequence[Deal]) -> None:
    """Warn, on standard error, of moves back and over stages; the deals stand in the same order before and after."""
    from funneltui.services import moves

    warning = moves.warnings_of(context, [(old, new.stage) for old, new in zip(before, after, strict=True)])
    if warning:
        remark(f"warning: {warning}")
