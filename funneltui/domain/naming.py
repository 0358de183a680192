"""Things that have a key and a name, found as people mean them: by either, any case and accent, or by a beginning."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from funneltui.domain.text import cut, fold
from funneltui.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Named(Protocol):
    """What has a stable key, and a name that may change."""

    @property
    def key(self) -> str:
        """The key."""

    @property
    def name(self) -> str:
        """The name."""


One = TypeVar("One", bound=Named)


def find_named(what: str, text: str, among: Sequence[One], retired: Sequence[One] = ()) -> One:
    """Give the one that a person means; a retired one only by its whole key or name.

    Raises:
        NotFound: none is called so, or several begin so; the message lists the keys.
    """
    wanted = fold(text.strip())
    loose = _loose(wanted)
    # A retired one's whole name comes before a beginning: what an old deal has is never read as something else.
    known = [one for some in (among, retired) for one in some]
    exact = [one for one in known if wanted == fold(one.key) or loose == _loose(fold(one.name))]
    if exact:
        return exact[0]
    begins = [
        one
        for one in among
        if wanted and (fold(one.key).startswith(wanted) or _loose(fold(one.name)).startswith(loose))
    ]
    if len(begins) == 1:
        return begins[0]
    raise NotFound(unknown(what, text, begins or among, ambiguous=len(begins) > 1))


def is_called(one: Named, text: str) -> bool:
    """Tell whether a text is the key or the name of something, whatever its case and accents."""
    return _loose(fold(text)) in (_loose(fold(one.key)), _loose(fold(one.name)))


def unknown(what: str, text: str, among: Iterable[Named], *, ambiguous: bool = False) -> str:
    """Say that nothing is called so, and what there is to choose from."""
    names = ", ".join(one.key for one in among) or "none"
    if ambiguous:
        return f'"{cut(text)}" could be more than one {what}: {names}'
    return f'there is no {what} "{cut(text)}"; choose one of: {names}'


def name_of(key: str | None, among: Iterable[Named]) -> str:
    """Give the name of the one with a key, or the key if it was never known."""
    return next((one.name for one in among if one.key == key), key or "")


def _loose(folded: str) -> str:
    """Give a name as it is compared: hyphens and underscores as blanks, blanks collapsed."""
    return " ".join(folded.replace("_", " ").replace("-", " ").split())
