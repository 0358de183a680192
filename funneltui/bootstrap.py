"""The one place that knows every layer: opens a workspace, builds the app, hands both to the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.cli.program import KeyLine, KeyMistake, KeysInForce, KeysOfScreen, Program
from funneltui.errors import BadTerminal, StorageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from concurrent.futures import Future
    from contextlib import ExitStack

    from funneltui.config import Config
    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.context import Context
    from funneltui.services.reports import BoardAnswer
    from funneltui.terminal_kind import Colors
    from funneltui.tui.beginning import Beginning
    from funneltui.tui.keymap import Keymap

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
        keys=keys_in_force, keys_refused=keys_refused, after_change=look_after,
    )  # fmt: skip


def keys_in_force(given: Mapping[str, str]) -> KeysInForce:
    """Give the keys of every screen when these are given to actions, and what is wrong with them."""
    from funneltui.tui import keymap
    from funneltui.tui.actions import key_label

    def names(keys: str) -> tuple[str, ...]:
        return tuple(key for key in keys.split(",") if key)

    screens = keymap.screens()
    built = keymap.build(given, screens, over_ssh=keymap.over_ssh())
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


def keys_refused(given: Mapping[str, str], action: str, keys: str) -> str:
    """Say why an action cannot have these keys beside those that are given; nothing if it can."""
    from funneltui.tui import keymap

    return keymap.refusal(given, action, keys)


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


def look_after(chosen: Config, context: Context, told: Callable[[int, int], None] | None = None) -> str:
    """Make the backup of the day, if that is wanted and was not done yet, and give what went wrong with it, if anything."""
    if not chosen.switch("backup.daily"):
        return ""
    from funneltui.services.backups import daily_or_why

    return daily_or_why(context, chosen.location, chosen.number("backup.keep"), told)


def show_board(chosen: Config) -> int:
    """Show the board of a configuration's workspace, or how to begin where there is none, and give the exit status."""
    from contextlib import ExitStack

    with ExitStack() as leaving:
        return _run_app(chosen, lambda: open_workspace(chosen), begin=lambda: _beginning(chosen, leaving))


def show_review(chosen: Config) -> int:
    """Show the review of a configuration's workspace, the board beneath it, and give the exit status."""
    from dataclasses import replace

    reviewing = replace(chosen, settings={**chosen.settings, "default_view": "review"})
    return _run_app(reviewing, lambda: open_workspace(chosen))


def show_demo(chosen: Config) -> int:
    """Show the board of a throw-away workspace full of deals; nothing of it stays."""
    import tempfile
    from dataclasses import replace
    from pathlib import Path

    with tempfile.TemporaryDirectory(prefix="funneltui-demo-") as folder:
        inside = replace(chosen, location=str(Path(folder) / "demo.db"))
        return _run_app(inside, lambda: _make_demo(inside), lasting=False)


def _make_demo(chosen: Config, currency: str = "") -> Context:
    from funneltui.exchange.pipeline_files import preset
    from funneltui.services import demo
    from funneltui.services.context import Clock

    return demo.create(chosen.location, preset("acquisition", currency), chosen.user, Clock(), chosen.order)


def _beginning(chosen: Config, leaving: ExitStack) -> Beginning:
    """Give what a first start offers; a throw-away workspace goes when the program is left."""
    import tempfile
    from contextlib import contextmanager
    from dataclasses import replace
    from pathlib import Path

    from funneltui.cli.location import shown_location
    from funneltui.exchange import pipeline_files
    from funneltui.exchange.local_currency import proposed_currency
    from funneltui.tui.beginning import Beginning, Preset, UnopenedWorker

    @contextmanager
    def scratch(pipeline: Pipeline) -> Iterator[Context]:
        with tempfile.TemporaryDirectory(prefix="funneltui-import-") as folder:
            made = create_workspace(replace(chosen, location=str(Path(folder) / "import.db")), pipeline)
            try:
                yield made
            finally:
                made.database.close()

    def demo(currency: str) -> Context:
        folder = leaving.enter_context(tempfile.TemporaryDirectory(prefix="funneltui-demo-"))
        return _make_demo(replace(chosen, location=str(Path(folder) / "demo.db")), currency)

    names = sorted(pipeline_files.preset_names(), key=lambda name: name != pipeline_files.DEFAULT_PRESET)
    presets = [Preset(pipeline_files.preset(name), pipeline_files.describe_preset(name)) for name in names]
    return Beginning(
        UnopenedWorker(), shown_location(chosen.location).replace(str(Path.home()), "~", 1), chosen.user,
        proposed_currency(chosen.currency, chosen.text("locale")), tuple(presets),
        lambda pipeline: create_workspace(chosen, pipeline), demo, scratch,
    )  # fmt: skip


def _begun(
    first: Future[BoardAnswer], chosen: Config, begin: Callable[[], Beginning] | None
) -> tuple[BoardAnswer | None, Beginning | None]:
    """Give the first reading, or, where there is no workspace, what the first start offers, if that is wanted."""
    from funneltui.services import workspaces

    try:
        return first.result(), None
    except StorageError:
        if begin is None or not workspaces.is_absent(chosen.location):
            raise
        return None, begin()


def _run_app(
    chosen: Config, opener: Callable[[], Context], *, lasting: bool = True, begin: Callable[[], Beginning] | None = None
) -> int:
    _refuse_a_poor_terminal()
    import gc

    # A collection in the middle of the imports finds nothing; the app switches it on again after the first frame.
    gc.disable()
    from funneltui.storage.quick_start import import_drivers, import_event_loop

    import_drivers(chosen.location)
    import_event_loop(chosen.location)
    colors = _colors_of_the_terminal()
    from funneltui.tui.worker import Worker

    # It opens the database, and reads the first board, while Textual is being imported.
    worker = Worker(lambda: _in_forms(chosen, opener))
    try:
        first = worker.submit(_first_reading, chosen.number("panes.today_days"))
        from funneltui.paths import config_file, drafts_dir, theme_dirs
        from funneltui.tui import theming
        from funneltui.tui.app import FunnelApp
        from funneltui.tui.drafts import Drafts
        from funneltui.tui.preferences import Preferences, Remembering

        folders = theme_dirs()
        look, message = theming.first_look(folders, chosen.theme, colors)
        keymap = _keymap(chosen)
        message = _at_the_start(message, chosen, keymap)
        answer, beginning = _begun(first, chosen, begin)
        if beginning is not None:
            worker.close()
            worker = beginning.worker
        # Nobody comes back to a throw-away workspace.
        drafts = Drafts(worker, drafts_dir(), chosen.location) if lasting else None
        preferences = Preferences.of(chosen.settings)
        remembering = Remembering(worker, config_file(), preferences)
        app = FunnelApp(
            worker, look, answer, folders, message, preferences=preferences, remembering=remembering,
            drafts=drafts, keymap=keymap, colors=colors, ascii_only=_ascii_only(chosen),
            beginning=beginning, options=_options(chosen),
            upkeep=(lambda opened: look_after(chosen, opened, worker.give_way)) if lasting else None,
        )  # fmt: skip
        app.run(mouse=chosen.switch("mouse"))
        # A signal's status says why the program ended, whatever fell over while it was leaving (that is still printed).
        return app.signal_status or app.return_code or 0
    finally:
        worker.close()
        gc.enable()


def _in_forms(chosen: Config, opener: Callable[[], Context]) -> Context:
    """Put the chosen forms of amounts and dates in force, then open: a locale is read while Textual is being imported."""
    from funneltui import locale_forms

    locale_forms.use(chosen)
    return opener()


def _colors_of_the_terminal() -> Colors:
    """Give how many colours the terminal shows, and tell Textual, which looks when it is imported and knows fewer names."""
    import os

    from funneltui import terminal_kind

    colors = terminal_kind.colors(os.environ)
    os.environ["TEXTUAL_COLOR_SYSTEM"] = colors
    return colors


def _options(chosen: Config) -> dict[str, str]:
    """Give the settings that options of the command line give: what neither a variable nor the config file says."""
    from funneltui import config, config_file, paths

    otherwise = config.resolve(config_file.read(paths.config_file()).values)
    return {key: chosen.text(key) for key in ("theme", "user") if chosen.settings[key] != otherwise[key][0]}


def _ascii_only(chosen: Config) -> bool:
    """Tell whether the screen is painted in ASCII: as the setting says, else as locale and stream do."""
    import sys

    from funneltui.terminal_kind import given_environment, wants_ascii

    wished = chosen.text("ascii")
    return wished == "yes" or (wished == "auto" and wants_ascii(given_environment(), sys.stderr.encoding))


def _keymap(chosen: Config) -> Keymap | None:
    """Give the keymap of the config file; none if it gives no keys: then no other screen is imported for it."""
    if not chosen.keys:
        return None
    from funneltui.tui import keymap

    return keymap.build(chosen.keys, over_ssh=keymap.over_ssh())


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


def _first_reading(context: Context, today_days: int) -> BoardAnswer:
    """Read what the board will show first; a workspace that cannot be opened is refused before the screen changes."""
    from funneltui.services import reports

    stages = context.pipeline.open_stages + context.pipeline.won_stages
    lanes = [reports.LaneRequest(stage.key, 0, _FIRST_WINDOW) for stage in stages[:9]]
    return reports.board(context, context.pipeline, lanes, due_days=today_days)


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
