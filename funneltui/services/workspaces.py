"""A workspace's beginning: made from a pipeline, opened by somebody."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from funneltui.domain.dates import DateOrder
from funneltui.domain.history import Actor, Role
from funneltui.domain.text import clean_line, cut
from funneltui.errors import BadInput, NotAllowed, RuleBroken, StorageError
from funneltui.services.context import Clock, Context
from funneltui.services.people import demand_name
from funneltui.storage import people, pipelines, schema
from funneltui.storage.database import close, connect, file_of, is_foreign, is_server, reading, take_back, writing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from funneltui.domain.pipeline import Pipeline
    from funneltui.storage.database import Database


def create(location: str, pipeline: Pipeline, user: str, clock: Clock, order: DateOrder = DateOrder.DMY) -> Context:
    """Make a workspace with one pipeline, and its maker as a manager; give it opened.

    Raises:
        RuleBroken: there is a workspace already. BadInput: the user has no name, or a reserved one. StorageError: the
            place cannot be written.
    """
    name = clean_line(user, 80)
    if not name:
        message = "the workspace's first user needs a name; give one with --user NAME"
        raise BadInput(message)
    name = demand_name(name)
    database = connect(location, create=True)
    with _brought_up(database), writing(database):
        if pipelines.load_all(database):
            message = "there is a workspace here already; name another place with --db"
            raise RuleBroken(message)
        pipelines.add(database, pipeline)
        actor = people.find(database, name) or people.add(database, name, Role.MANAGER)
    return Context(database, actor, clock, (pipeline,), order)


def open_workspace(
    location: str, user: str, clock: Clock, order: DateOrder = DateOrder.DMY, *, chosen: bool = False
) -> Context:
    """Open a workspace as a user; an older one is brought to this program's schema first.

    `chosen` says that the user was named on purpose. When he was not (it is just the login's name) and the workspace has
    one user only, that one acts: a person's own file goes with him from machine to machine.

    Raises:
        StorageError: no workspace, a damaged or a newer one. NotAllowed: the workspace does not know this user.
    """
    database = connect(location)
    with _brought_up(database), reading(database):
        known, version = tuple(pipelines.load_all(database)), pipelines.version(database)
        if not known:
            message = "this workspace is empty; make one with `funneltui init`"
            raise StorageError(message)
        actor = _who(database, user, chosen=chosen)
    return Context(database, actor, clock, known, order, version)


def is_absent(location: str) -> bool:
    """Tell whether there is no workspace at a place, so that one could be made there: no file, or nothing in the database.

    Raises:
        StorageError: what is there cannot be looked at.
    """
    if not is_server(location) and not file_of(location).exists():
        return True
    database = connect(location)
    try:
        with reading(database):
            return not is_foreign(database) and (not schema.applied(database) or not pipelines.load_all(database))
    finally:
        close(database)


@contextmanager
def _brought_up(database: Database) -> Iterator[None]:
    """Bring a database to this program's schema; a refusal, now or in what follows, leaves no connection open, and no file
    where there was none.
    """
    try:
        schema.upgrade(database)
        yield
    except BaseException:
        take_back(database)
        raise


def _who(database: Database, user: str, *, chosen: bool) -> Actor:
    actor = people.find(database, user)
    if actor is not None:
        return actor
    everyone = people.everyone(database)
    if len(everyone) == 1 and not chosen:
        return everyone[0]
    names = ", ".join(cut(one.name, 30) for one in everyone[:8]) + (" ..." if len(everyone) > 8 else "")
    message = f'this workspace has no user "{cut(user)}"; act as one of its users with --user NAME: {names}'
    raise NotAllowed(message)


def refreshed(context: Context) -> Context:
    """Give the context with the pipelines as they stand now, and the actor: a restored backup may know him by another id.

    Raises:
        NotAllowed: the workspace does not know the actor any more.
    """
    with reading(context.database):
        known, version = tuple(pipelines.load_all(context.database)), pipelines.version(context.database)
        actor = people.find(context.database, context.actor.name)
    if actor is None:
        message = f'nobody is called "{cut(context.actor.name)}" in this workspace any more'
        raise NotAllowed(message)
    return replace(context, pipelines=known, pipelines_version=version, actor=actor)
