"""The users of a workspace: listed, added, given a role; only by a manager."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.domain.history import Actor, Role
from funneltui.domain.text import clean_line, cut, fold
from funneltui.errors import BadInput, NotAllowed, NotFound, RuleBroken
from funneltui.storage import people, pipelines, records
from funneltui.storage.database import reading, writing

if TYPE_CHECKING:
    from funneltui.services.context import Context


_RESERVED = ("me", "none", "nobody", "team")


def everyone(context: Context) -> list[Actor]:
    """Give all users of the workspace, by name."""
    with reading(context.database):
        return people.everyone(context.database)


def add_user(context: Context, name: str, role: Role) -> Actor:
    """Add a user.

    Raises:
        NotAllowed: the actor is no manager. BadInput: the name is empty, reserved or taken.
    """
    demand_manager(context, "adds users")
    name = demand_name(name)
    with writing(context.database):
        if people.find(context.database, name):
            message = f'there is a user "{cut(name)}" already'
            raise BadInput(message)
        return people.add(context.database, name, role)


def demand_name(name: str) -> str:
    """Give the name of a new user as it is stored: one clean line.

    Raises:
        BadInput: it is empty, or a word that filters and options understand as somebody else.
    """
    name = clean_line(name, 80)
    if not name:
        message = "a user needs a name"
        raise BadInput(message)
    if fold(name) in _RESERVED:
        message = f'nobody can be called "{name}": in filters and options that word means somebody else'
        raise BadInput(message)
    return name


def set_role(context: Context, name: str, role: Role) -> Actor:
    """Give a user another role; the last manager stays one. Every open session reads rights and pipelines anew for it.

    Raises:
        NotAllowed, NotFound, RuleBroken.
    """
    demand_manager(context, "changes roles")
    with writing(context.database):
        user = find_user(context, name)
        managers = [one for one in people.everyone(context.database) if one.role is Role.MANAGER]
        if role is Role.REP and managers == [user]:
            message = f"{user.name} is the last manager; make somebody else a manager first"
            raise RuleBroken(message)
        if role is not user.role:
            pipelines.count_change(context.database)
        return people.set_role(context.database, user, role)


def find_user(context: Context, name: str) -> Actor:
    """Give the user of a name, any case and accent, "me" for the actor; within a transaction.

    Raises:
        NotFound: nobody is called so.
    """
    if name.strip().lower() == "me":
        return context.actor
    user = people.find(context.database, name)
    if user is None:
        message = f'there is no user "{cut(name)}"; `funneltui users` lists them, `funneltui users add NAME` adds one'
        raise NotFound(message)
    return user


def with_owner(context: Context, values: dict[str, object]) -> dict[str, object]:
    """Give values with the owner under his full name ("me" and other spellings resolved); within a transaction.

    Raises:
        NotFound: nobody is called so.
    """
    owner = values.get("owner")
    return values | {"owner": find_user(context, str(owner)).name} if owner else values


def with_names(context: Context, values: dict[str, object]) -> dict[str, object]:
    """Give values with the owner under his full name, and the company as its record is spelled if there is one.

    Raises:
        NotFound: nobody is called so.
    """
    known = records.company_named(context.database, str(values.get("company") or ""))
    named = with_owner(context, values)
    return named | {"company": known.name} if known else named


def demand_manager(context: Context, what: str) -> None:
    """Refuse a rep what only a manager does; `what` says it in a sentence: "adds users".

    Raises:
        NotAllowed: the actor is no manager.
    """
    if context.actor.role is not Role.MANAGER:
        message = f"only a manager {what}; you act as {context.actor.name}, a rep"
        raise NotAllowed(message)
