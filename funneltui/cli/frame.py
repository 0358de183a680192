"""What all commands share: a group that imports a command only when it runs, the global options, --json."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from funneltui.cli.main import COMMANDS
from funneltui.cli.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_PLACES = {
    "demo": "board:demo",
    "init": "init:init",
    "add": "adding:add",
    "list": "listing:list_deals",
    "show": "showing:show",
    "edit": "adding:edit",
    "move": "moving:move",
    "win": "moving:win",
    "lose": "moving:lose",
    "reopen": "moving:reopen",
    "follow-up": "following:follow_up",
    "note": "working:note",
    "log": "working:log",
    "spam": "working:spam",
    "restore": "working:restore",
    "undo": "undoing:undo",
    "redo": "undoing:redo",
    "history": "undoing:history",
    "today": "today:today",
    "review": "reviewing:review",
    "funnel": "funnel:funnel",
    "forecast": "forecast:forecast",
    "quota": "quota:quota",
    "rate": "rates:rate",
    "chance": "chance:chance",
    "stats": "stats:stats",
    "losses": "losses:losses",
    "changes": "changes:changes",
    "companies": "records:companies",
    "contacts": "records:contacts",
    "inbox": "inbox:inbox",
    "import": "importing:import_file",
    "backup": "backup:backup",
    "export": "export:export",
    "doctor": "doctor:doctor",
    "pipeline": "pipelines:pipeline",
    "views": "views:views",
    "users": "users:users",
    "themes": "themes:themes",
    "keys": "keys:keys",
    "config": "config:config",
    "completions": "completions:completions",
}
"""Where each command of `COMMANDS` is written: module and name."""


class LazyGroup(click.Group):
    """A group that knows its commands' names and helps without importing them: a command pays for itself only."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Give the names in the order of the help page."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command and give it, or nothing if there is none of that name."""
        if cmd_name not in _PLACES:
            return None
        module, name = _PLACES[cmd_name].split(":")
        found: click.Command = getattr(import_module(f"funneltui.cli.commands.{module}"), name)
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is meant; an unknown one is refused with the name that comes nearest."""
        if args and args[0] not in _PLACES and not ctx.resilient_parsing:
            from difflib import get_close_matches

            near = get_close_matches(args[0], COMMANDS, 1)
            hint = f'; did you mean "{near[0]}"?' if near else f"; the commands are: {', '.join(COMMANDS)}"
            ctx.fail(f'there is no command "{args[0]}"{hint}')
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands with their short helps."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[Any]:
        """Complete names of commands without importing them, and options."""
        from click.shell_completion import CompletionItem

        named = [CompletionItem(name, help=text) for name, text in COMMANDS.items() if name.startswith(incomplete)]
        return named + click.Command.shell_complete(self, ctx, incomplete)


class Command(click.Command):
    """A command that takes the global options as well, and --json if it prints."""

    def __init__(self, *args: Any, prints: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if prints:
            self.params.append(_json_option())
        self.params.extend(global_options(hidden=True))

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command, its options noted for the hint below a refusal."""
        session = ctx.find_object(Session)
        if session is not None:
            session.options = frozenset(name for param in self.params for name in param.opts)
        return super().invoke(ctx)


class CommandGroup(click.Group):
    """A command with subcommands, of which the first is meant when none is named."""

    def __init__(self, name: str, text: str, default: click.Command, others: Sequence[click.Command]) -> None:
        def run_default() -> Any:
            ctx = click.get_current_context()
            return ctx.invoke(default) if ctx.invoked_subcommand is None else None

        super().__init__(
            name, [default, *others], invoke_without_command=True, callback=run_default, help=text,
            short_help=COMMANDS.get(name), params=[_json_option(), *global_options(hidden=True)],
            epilog=_GLOBALS_EPILOG,
        )  # fmt: skip


def command(
    name: str, *, prints: bool = True, cls: type[Command] = Command, **attributes: Any
) -> Callable[[Callable[..., int | None]], click.Command]:
    """Make a function a command: its first argument is the session, its result the exit status (none: 0)."""

    def made(function: Callable[..., int | None]) -> click.Command:
        known: dict[str, Any] = {"short_help": COMMANDS.get(name), "epilog": _GLOBALS_EPILOG}
        return click.command(name, cls=cls, prints=prints, **(known | attributes))(click.pass_obj(function))

    return made


def global_options(*, hidden: bool = False) -> list[click.Parameter]:
    """Give the options that stand before or after any command."""
    return [
        click.Option(
            ["--db"], metavar="PATH|URL", hidden=hidden, expose_value=False, callback=_remember,
            help="The workspace: a SQLite file or a PostgreSQL URL. [env: FUNNELTUI_DB]",
        ),
        click.Option(
            ["--user"], metavar="NAME", hidden=hidden, expose_value=False, callback=_remember,
            help="Who acts. [env: FUNNELTUI_USER; else the login's name]",
        ),
        click.Option(
            ["--theme"], metavar="NAME", hidden=hidden, expose_value=False, callback=_remember,
            help="The board's theme. [env: FUNNELTUI_THEME]",
        ),
        click.Option(
            ["--version"], is_flag=True, is_eager=True, hidden=hidden, expose_value=False, callback=_show_version,
            help="Print the version and leave.",
        ),
    ]  # fmt: skip


_GLOBALS_EPILOG = "--db, --user and --theme may stand here too: see `funneltui --help`."


def _json_option() -> click.Option:
    return click.Option(
        ["--json"], is_flag=True, expose_value=False, callback=_remember, help="Print JSON instead of text."
    )


def _remember(ctx: click.Context, param: click.Parameter, value: object) -> None:
    session = ctx.find_object(Session)
    # An option before the command stays in force when the command does not repeat it.
    if session is not None and value and param.name:
        setattr(session, param.name, value)


def _show_version(ctx: click.Context, param: click.Parameter, value: object) -> None:
    if value and not ctx.resilient_parsing:
        from funneltui import __version__

        print(f"funneltui {__version__}")
        ctx.exit()


@click.group(
    "funneltui",
    cls=LazyGroup,
    params=global_options(),
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit status: 0 done, 1 refused (the reason is on standard error, nothing was changed), 2 not written so.",
)
@click.pass_context
def funneltui(ctx: click.Context) -> int | None:
    """A sales pipeline in a terminal. Without a command: the board."""
    if ctx.invoked_subcommand is not None:
        return None
    session: Session = ctx.obj
    return session.program.board(session.config())
