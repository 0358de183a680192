"""`completions`: the script with which a shell completes commands, options, stages, reasons and sources."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from funneltui.cli.frame import command

if TYPE_CHECKING:
    from funneltui.cli.session import Session

_PLACES = {
    "bash": 'put this line into ~/.bashrc: eval "$(funneltui completions bash)"',
    "zsh": 'put this line into ~/.zshrc: eval "$(funneltui completions zsh)"',
    "fish": "run: funneltui completions fish > ~/.config/fish/completions/funneltui.fish",
}


@command("completions", prints=False)
@click.argument("shell", required=False, type=click.Choice(list(_PLACES)))
def completions(session: Session, shell: str | None) -> None:
    """Print the completion script of SHELL (else of the shell that $SHELL names); its last line says where it goes."""
    wanted = shell or Path(os.environ.get("SHELL", "")).name
    if wanted not in _PLACES:
        message = f"name the shell: {', '.join(_PLACES)}"
        raise click.UsageError(message)
    print(completion_script(wanted))
    print(f"# {_PLACES[wanted]}")


def completion_script(shell: str) -> str:
    """Give the script with which a shell asks the program what can be typed."""
    from click.shell_completion import get_completion_class

    from funneltui.cli.frame import funneltui
    from funneltui.cli.main import COMPLETE_VARIABLE, PROGRAM_NAME

    maker = get_completion_class(shell)
    assert maker is not None  # the three shells are click's own
    script = maker(funneltui, {}, PROGRAM_NAME, COMPLETE_VARIABLE)
    # Not `source()`: for bash that starts a bash to ask for its version.
    return script.source_template % script.source_vars()
