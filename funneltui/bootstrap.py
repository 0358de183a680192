"""The one place that knows every layer: opens a workspace, builds the app, hands both to the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.cli.program import KeyLine, KeyMistake, KeysInForce, KeysOfScreen, Program
from funneltui.errors import BadTerminal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from funneltui.config import Config
    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.context import Context
    from funneltui.services.reports import BoardAnswer
    from funneltui.tui.keymap import Keymap
    from funneltui.tui.terminal_kind import Colors

_FIRST_WINDOW = 60
"""How many deals of each lane are read for the first frame."""

_FEW = 4
"""How many mistakes of the config file the board tells at its start."""


def main(arguments: list[str]) -> int:
    """Run the program with these arguments and give its exit status."""
    from funneltui.cli.main import run

    return run(arguments, program())


def program() -> Program:
    """Give the program's rooms to the command line."""
    return Program(
        open=open_workspace, create=create_workspace, board=show_board, demo=show_demo, review=show_review,
        keys=keys_in_force,
    )  # fmt: skip


def keys_in_force(given: Mapping[str, str]) -> KeysInForce:
    """Give the keys of every screen when these are given to actions, and what is wrong with them."""
    from funneltui.tui import keymap
    from funneltui.tui.actions import key_label

    def names(keys: str) -> tuple[str, ...]:
        return tuple(key for key in keys.split(",") if key)

    screens = keymap.screens()
    built = keymap.build(given, screens, over_ssh=_over_ssh())
    described = []
    for screen in screens:
        pairs = zip(screen.actions, keymap.with_keys(screen.actions, built.keys), strict=True)
        lines = tuple(
            KeyLine(
                now.id, names(now.keys), tuple(key_label(key) for key in names(now.keys)), names(before.keys), now.help,
                now.group,
            )
            for before, now in pairs
        )  # fmt: skip
        described.append(KeysOfScreen(screen.name, screen.title, lines))
    mistakes = tuple(KeyMistake(one.action, one.message, one.warning) for one in built.problems)
    return KeysInForce(tuple(described), mistakes)


def _over_ssh() -> bool:
    import os

    return bool(os.environ.get("SSH_CONNECTION"))


def open_workspace(chosen: Config) -> Context:
    """Open the workspace of a configuration."""
    from funneltui.services import workspaces
    from funneltui.services.context import Clock

    return workspaces.open_workspace(chosen.location, chosen.user, Clock(), chosen.order, chosen=chosen.user_chosen)


def create_workspace(chosen: Config, pipeline: Pipeline) -> Context:
    """Make the workspace of a configuration."""
    from funneltui.services import workspaces
    from funneltui.services.context import Clock

    return workspaces.create(chosen.location, pipeline, chosen.user, Clock(), chosen.order)


def show_board(chosen: Config) -> int:
    """Show the board of a configuration's workspace and give the exit status."""
    return _run_app(chosen, lambda: open_workspace(chosen))


def show_review(chosen: Config) -> int:
    """Show the review of a configuration's workspace, the board beneath it, and give the exit status."""
    return _run_app(chosen, lambda: open_workspace(chosen), review=True)


def show_demo(chosen: Config) -> int:
    """Show the board of a throw-away workspace full of deals; nothing of it stays."""
    import tempfile
    from dataclasses import replace
    from pathlib import Path

    with tempfile.TemporaryDirectory(prefix="funneltui-demo-") as folder:
        inside = replace(chosen, location=str(Path(folder) / "demo.db"))
        return _run_app(inside, lambda: _make_demo(inside), lasting=False)


def _make_demo(chosen: Config) -> Context:
    from funneltui.exchange.pipeline_files import preset
    from funneltui.services import demo
    from funneltui.services.context import Clock

    return demo.create(chosen.location, preset("acquisition"), chosen.user, Clock(), chosen.order)


def _run_app(chosen: Config, opener: Callable[[], Context], *, review: bool = False, lasting: bool = True) -> int:
    _refuse_a_poor_terminal()
    import gc

    # A collection in the middle of the imports finds nothing; the app switches it on again after the first frame.
    gc.disable()
    from funneltui.storage.quick_start import import_drivers, import_event_loop

    import_drivers(chosen.location)
    import_event_loop(chosen.location)
    colors = _colors_of_the_terminal()
    from funneltui.tui.worker import Worker

    worker = Worker(opener)  # opens the database, and reads the first board, while Textual is being imported
    try:
        first = worker.submit(_first_reading)
        from funneltui.paths import drafts_dir, theme_dirs
        from funneltui.tui import theming
        from funneltui.tui.app import FunnelApp
        from funneltui.tui.drafts import Drafts

        folders = theme_dirs()
        look, message = theming.first_look(folders, chosen.theme, colors)
        keymap = _keymap(chosen)
        message = _at_the_start(message, chosen, keymap)
        # Nobody comes back to a throw-away workspace.
        drafts = Drafts(worker, drafts_dir(), chosen.location) if lasting else None
        app = FunnelApp(
            worker, look, first.result(), folders, message, review=review, drafts=drafts, keymap=keymap, colors=colors,
            ascii_only=_ascii_only(chosen),
        )  # fmt: skip
        app.run()
        # A signal's status says why the program ended, whatever fell over while it was leaving (that is still printed).
        return app.signal_status or app.return_code or 0
    finally:
        worker.close()
        gc.enable()


def _colors_of_the_terminal() -> Colors:
    """Give how many colours the terminal shows, and tell Textual, which looks when it is imported and knows fewer names."""
    import os

    from funneltui.tui import terminal_kind

    colors = terminal_kind.colors(os.environ)
    os.environ["TEXTUAL_COLOR_SYSTEM"] = colors
    return colors


def _ascii_only(chosen: Config) -> bool:
    """Tell whether the screen is painted in ASCII: as the setting says, else as locale and stream do."""
    import sys

    from funneltui.tui.terminal_kind import given_environment, wants_ascii

    wished = chosen.text("ascii")
    return wished == "yes" or (wished == "auto" and wants_ascii(given_environment(), sys.stderr.encoding))


def _keymap(chosen: Config) -> Keymap | None:
    """Give the keymap of the config file; none if it gives no keys: then no other screen is imported for it."""
    if not chosen.keys:
        return None
    from funneltui.tui import keymap

    return keymap.build(chosen.keys, over_ssh=_over_ssh())


def _at_the_start(message: str, chosen: Config, keymap: Keymap | None) -> str:
    """Give what the board tells at its start: a theme that is missing, and what is wrong with the config file."""
    told = [message] if message else []
    told += chosen.problems
    if keymap is not None and keymap.problems:
        from funneltui import config_file, paths

        file = config_file.read(paths.config_file())
        told += [file.told(f"keys.{one.action}", one.message) for one in keymap.problems]
    more = len(told) - _FEW
    return "\n".join(
        [*told[:_FEW], f"and {more} more: `funneltui config` and `funneltui keys` tell"] if more > 0 else told
    )


def _first_reading(context: Context) -> BoardAnswer:
    """Read what the board will show first; a workspace that cannot be opened is refused before the screen changes."""
    from funneltui.services import reports

    stages = context.pipeline.open_stages + context.pipeline.won_stages
    lanes = [reports.LaneRequest(stage.key, 0, _FIRST_WINDOW) for stage in stages[:9]]
    return reports.board(context, context.pipeline, lanes)


def _refuse_a_poor_terminal() -> None:
    """Say what else there is where a board cannot be drawn."""
    import os
    import sys

    commands = "the commands work here: funneltui list, today, funnel, move, add ... (funneltui --help)"
    if os.environ.get("TERM", "") in ("dumb", ""):
        message = f"this terminal (TERM={os.environ.get('TERM', '')}) cannot show the board; {commands}"
        raise BadTerminal(message)
    if not all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr)):
        message = f"the board needs a terminal for its input and for its screen, which goes to stderr; {commands}"
        raise BadTerminal(message)
