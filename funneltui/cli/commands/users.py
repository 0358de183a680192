"""`users`: the users of a workspace, listed, added, given a role."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from funneltui.cli.completion import choices
from funneltui.cli.frame import CommandGroup, command
from funneltui.cli.output import Column, say, say_json, say_json_array, say_rows
from funneltui.domain.history import Role

if TYPE_CHECKING:
    from funneltui.cli.session import Session
    from funneltui.domain.history import Actor

_ROLES = click.Choice([role.value for role in Role])


@command("list", short_help="list the users")
def list_users(session: Session) -> None:
    """List the users of the workspace; the one who acts has a mark."""
    context = session.workspace()
    from funneltui.services import people

    everyone = people.everyone(context)
    if session.json:
        say_json_array(_record(user) for user in everyone)
        return
    rows = [(user.name, user.role.value, "you" if user.id == context.actor.id else "") for user in everyone]
    say_rows((Column("name"), Column("role"), Column("")), rows)


@command("add", short_help="add a user")
@click.argument("name")
@click.option("--role", type=_ROLES, default=Role.REP.value, show_default=True, help="How far the user reaches.")
def add(session: Session, name: str, role: str) -> None:
    """Add a user NAME; only a manager can."""
    context = session.workspace()
    from funneltui.services import people

    _tell(session, people.add_user(context, name, Role(role)))


@command("role", short_help="give a user another role")
@click.argument("name", shell_complete=choices("owner"))
@click.argument("role", type=_ROLES)
def change_role(session: Session, name: str, role: str) -> None:
    """Give user NAME another ROLE; only a manager can."""
    context = session.workspace()
    from funneltui.services import people

    _tell(session, people.set_role(context, name, Role(role)))


def _tell(session: Session, user: Actor) -> None:
    if session.json:
        say_json(_record(user))
        return
    say(f"{user.name} is a {user.role.value}")


def _record(user: Actor) -> dict[str, str]:
    return {"name": user.name, "role": user.role.value}


users = CommandGroup("users", "List, add and promote the users of a workspace.", list_users, (add, change_role))
