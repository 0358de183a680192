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
    from click.shell_completion import get_completion_class

    from funneltui.cli.frame import funneltui

    wanted = shell or Path(os.environ.get("SHELL", "")).name
    maker = get_completion_class(wanted) if wanted in _PLACES else None
    if maker is None:
        message = f"name the shell: {', '.join(_PLACES)}"
        raise click.UsageError(message)
    script = maker(funneltui, {}, "funneltui", "_FUNNELTUI_COMPLETE")
    # Not `source()`: for bash that starts a bash to ask for its version.
    print(script.source_template % script.source_vars())
    print(f"# {_PLACES[wanted]}")
