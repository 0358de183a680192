"""The family of errors: each message says what is wrong, where, and what would mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from funneltui.domain.gates import Missing


class FunneltuiError(Exception):
    """The root of everything that funneltui refuses on purpose; its text is meant for the user."""


class BadInput(FunneltuiError):
    """What was typed or read from a file cannot be understood."""


class RuleBroken(FunneltuiError):
    """A rule of the pipeline forbids it; `missing` says what would satisfy the gate, if anything would."""

    def __init__(self, message: str, missing: tuple[Missing, ...] = ()) -> None:
        super().__init__(message)
        self.missing = missing


class NotFound(FunneltuiError):
    """There is no such deal, stage, user ... among those that the actor may see."""


class NotAllowed(FunneltuiError):
    """The actor's role does not reach that far."""


class Conflict(FunneltuiError):
    """Somebody changed the deal after the actor had read it; the message says who changed what, when."""


class StorageError(FunneltuiError):
    """The database or a file cannot be used; the message says which and what to do."""


class BadTerminal(FunneltuiError):
    """The board cannot be shown on this terminal; the message names the commands that work without it."""
