"""Names of keys: what people write read into what Textual calls it, and refused where no terminal sends it."""

from __future__ import annotations

from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual.keys import REPLACED_KEYS, _character_to_key, key_to_character

from funneltui.domain.text import cut
from funneltui.errors import BadInput

_ALSO = {
    "esc": "escape", "return": "enter", "pgdn": "pagedown", "pgdown": "pagedown", "pgup": "pageup", "del": "delete",
    "ins": "insert", "spacebar": "space", "control": "ctrl", "option": "alt",
}  # fmt: skip
_THE_SAME = {
    "ctrl+h": "backspace", "ctrl+i": "tab", "ctrl+m": "enter", "ctrl+left_square_bracket": "escape",
    "ctrl+backspace": "backspace", "ctrl+enter": "enter", "shift+enter": "enter", "shift+space": "space",
    "ctrl+tab": "tab", "ctrl+escape": "escape",
}  # fmt: skip
_MODIFIERS = ("alt", "ctrl", "shift")

# What a terminal without an extended keyboard protocol sends beside characters: over SSH and in tmux that is all there is.
_SENT = frozenset(
    keys[0].value for keys in ANSI_SEQUENCES_KEYS.values() if isinstance(keys, tuple) and len(keys) == 1
) - {"<ignore>", "<any>", "<scroll-up>", "<scroll-down>"}


def read_key(text: str) -> str:
    """Give Textual's name of a key that somebody has written: "L", "?", "ctrl+l", "shift+right", "pgdn".

    Raises:
        BadInput: there is no such key, or terminals do not send it; the message says what to write instead.
    """
    written = text.strip()
    if len(written) == 1 and written.isprintable():
        return _character_to_key(written)
    *modifiers, base = written.split("+") if not written.endswith("++") else [*written[:-2].split("+"), "+"]
    modifiers = sorted(_ALSO.get(one.strip().lower(), one.strip().lower()) for one in modifiers)
    if not set(modifiers) <= set(_MODIFIERS):
        raise BadInput(f'"{cut(written)}" does not arrive; of the keys held down only ctrl, shift and alt do')
    base = base.strip()
    if modifiers == ["alt"] and len(base) == 1 and base.isupper():
        modifiers = ["alt", "shift"]
    return _checked(modifiers, _base(base, modifiers), written)


def types_text(key: str) -> bool:
    """Tell whether a key types a character."""
    return bool(character(key))


def as_written(key: str) -> str:
    """Give how a key, by Textual's name of it, is written in the config file."""
    if key == "ctrl+@":
        return "ctrl+space"
    return key if key in ("comma", "space") else character(key) or key


def character(key: str) -> str:
    """Give the character that a key types, by Textual's name of it, or nothing if it types none."""
    # The common names that Textual gives to some are not Unicode's.
    typed = key_to_character(REPLACED_KEYS.get(key, key)) or ""
    return typed if typed.isprintable() else ""


def _base(base: str, modifiers: list[str]) -> str:
    if len(base) == 1:
        return _character_to_key(base if modifiers == ["shift"] else base.lower())
    named = _ALSO.get(base.lower(), base.lower())
    return "@" if modifiers == ["ctrl"] and named in ("space", "at") else named


def _checked(modifiers: list[str], base: str, text: str) -> str:
    """Give the whole name of a key that arrives."""
    name = "+".join([*modifiers, base])
    typed = character(base)
    if name in _SENT:
        return name
    if name in _THE_SAME:
        raise BadInput(f'"{cut(text)}" never arrives: terminals send {_THE_SAME[name]} for it')
    if typed and not modifiers:
        return _character_to_key(typed)
    if typed and modifiers == ["shift"]:
        other = f'"{typed.upper()}"' if typed.isalpha() else "the character that it types"
        raise BadInput(f'"{cut(text)}" never arrives; write {other}')
    if typed and modifiers in (["alt"], ["alt", "shift"]):
        return name
    if not modifiers:
        from funneltui.exchange.toml_places import nearest

        raise BadInput(f'there is no key "{cut(text)}"{nearest(base, _SENT) or "; write one like L, ?, ctrl+l, f5"}')
    raise BadInput(f'"{cut(text)}" does not arrive from most terminals, and from none through tmux')
