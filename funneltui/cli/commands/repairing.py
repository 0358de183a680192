"""The half of `doctor` that puts right what is wrong with a workspace: shown first, asked for, done after a backup."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from funneltui.cli.commands.backup import contents_record, holds_words
from funneltui.cli.location import shown_location
from funneltui.cli.output import say, say_json
from funneltui.errors import FunneltuiError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from funneltui.cli.session import Session
    from funneltui.services.context import Context
    from funneltui.services.health import Finding
    from funneltui.services.repair import Salvage
    from funneltui.storage.repair import Mended

_FEW = 10


def repair_workspace(session: Session, *, yes: bool) -> int:
    """Repair the workspace and give the exit status: 0 if all is well afterwards."""
    context, damages = _opened(session)
    if context is None or damages:
        return _salvage(session, damages, yes=yes)
    return _mend(session, context, yes=yes)


def _opened(session: Session) -> tuple[Context | None, tuple[str, ...]]:
    """Give the workspace, if it can be opened, and what is damaged so that its rows have to be saved into a new file.

    Raises:
        StorageError: it cannot be opened for another reason: it is not there, or somebody has locked it.
    """
    from funneltui.storage.database import Damaged

    try:
        context = session.workspace()
    except Damaged as error:
        return None, (str(error),)
    except FunneltuiError:
        raise
    except Exception as error:  # what its pipelines say cannot be: nothing else is read when it is opened
        return None, (f"what it holds cannot be read ({error!r})",)
    from funneltui.services.health import needs_salvage

    return context, needs_salvage(context)


def _mend(session: Session, context: Context, *, yes: bool) -> int:
    from funneltui.exchange.known_pipelines import known_pipelines
    from funneltui.services import repair

    location, known = session.config().location, known_pipelines()
    found = repair.rehearse(context, location, known)
    if not session.json:
        _say_mends(found.mends, found.left)
    agreed = bool(found.mends) and (yes or _agrees())
    done = repair.repair_workspace(context, location, known) if agreed else found
    if session.json:
        say_json(_record(done.mends, done.left, done.aside, done=agreed))
    elif agreed:
        say(f"repaired: {shown_location(location)}")
        say(f"  what was there is kept: {done.aside}")
    elif found.mends:
        say("nothing was changed")
    return 1 if done.left or (found.mends and not agreed) else 0


def _say_mends(mends: Iterable[Mended], left: Iterable[Finding]) -> None:
    mends, left = tuple(mends), tuple(left)
    for one in mends:
        say(f"can be put right: {one.what} ({one.count:,}){_numbers(one.deals)}")
    _say_left(left)
    if not mends and not left:
        say("nothing is wrong with the workspace")


def _say_left(left: Iterable[Finding]) -> None:
    for finding in left:
        say(f"cannot: {finding.what}")
        say(f"  {finding.mend}")


def _numbers(deals: tuple[int, ...]) -> str:
    if not deals:
        return ""
    return f": {', '.join(map(str, deals[:_FEW]))}{' ...' if len(deals) > _FEW else ''}"


def _salvage(session: Session, damages: tuple[str, ...], *, yes: bool) -> int:
    """Save what is legible of a damaged file: nobody of this process has it open meanwhile."""
    from funneltui.exchange.known_pipelines import known_pipelines
    from funneltui.services.context import Clock
    from funneltui.services.repair import salvaged

    chosen = session.config()
    session.close()
    with salvaged(chosen.location, chosen.user, Clock(), known_pipelines()) as found:
        if not session.json:
            _say_saved(found, damages)
        agreed = yes or _agrees()
        aside = found.put() if agreed else None
    if session.json:
        record = _record(found.mends, found.left, aside, done=agreed)
        lost = {"deals": list(found.saved.deals), "events": found.saved.events, "rows": found.saved.refused}
        say_json(record | {"damages": list(damages), "holds": contents_record(found.holds), "lost": lost})
    elif agreed:
        say(f"repaired: {shown_location(chosen.location)}")
        say(f"  the damaged file is kept: {aside}")
    else:
        say("nothing was changed")
    return 1 if found.left or not agreed else 0


def _say_saved(found: Salvage, damages: tuple[str, ...]) -> None:
    from funneltui.services.context import Clock

    for text in damages[:_FEW]:
        say(f"damaged: {text}")
    say(f"what can be saved: {holds_words(found.holds, Clock())}")
    if found.older is not None:
        say(f"  {found.saved.filled:,} rows of it from the backup {found.older}")
    for one in found.mends:
        say(f"  {one.what} ({one.count:,}){_numbers(one.deals)}")
    _say_left(found.left)
    lost = found.saved
    if lost.events or lost.refused:
        say(f"lost: {lost.events:,} lines of history; {lost.refused:,} rows say what cannot be")
    elif not (lost.deals or found.left or any(one.is_loss for one in found.mends)):
        say("lost: nothing that can be counted")


def _agrees() -> bool:
    if sys.stdin is None or not sys.stdin.isatty():
        say("run it again with --yes to do it")
        return False
    return click.confirm("put it right?", err=True)


def _record(mends: Iterable[Mended], left: Iterable[Finding], aside: Path | None, *, done: bool) -> dict[str, object]:
    return {
        "done": done,
        "mends": [{"what": one.what, "count": one.count, "deals": list(one.deals)} for one in mends],
        "left": [{"what": one.what, "mend": one.mend, "deals": list(one.deals)} for one in left],
        "aside": None if aside is None else str(aside),
    }
