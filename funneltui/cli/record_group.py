"""A command of records, `companies` and `contacts`: words behind it look for records unless they name a subcommand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.cli.frame import CommandGroup

if TYPE_CHECKING:
    from collections.abc import Sequence

    import click


class RecordGroup(CommandGroup):
    """A group of which the first subcommand takes all that no other one takes: `companies acme` is a search."""

    def __init__(self, name: str, text: str, default: click.Command, others: Sequence[click.Command]) -> None:
        super().__init__(name, text, default, others)
        self.subcommand_metavar = "[WORDS... | COMMAND ...]"
        self._default = default

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the options of the group; words, and options that only the search has, are the search's."""
        own = {option: param for param in self.get_params(ctx) for option in (*param.opts, *param.secondary_opts)}
        place = 0
        while place < len(args) and (param := own.get(args[place].partition("=")[0])):
            place += 1 if getattr(param, "is_flag", False) or "=" in args[place] else 2  # its value is the next word
        if place < len(args) and args[place].startswith("-"):
            args = [*args[:place], str(self._default.name), *args[place:]]
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the subcommand that is meant, the search if none is named."""
        if self.get_command(ctx, args[0]) is None:
            return self._default.name, self._default, args
        return super().resolve_command(ctx, args)
