"""The keys in force: what the config file gives to actions, held against every screen; a bad one leaves the default."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from funneltui.domain.text import cut
from funneltui.errors import BadInput
from funneltui.tui.actions import BOARD, DEAL, PAST, Action, key_label
from funneltui.tui.key_names import read_key, types_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from textual.app import App

NEEDED = (
    "app.help",
    "app.quit",
    "review.help",
    "review.end",
    "opened.close",
    "record.close",
    "list.back",
    "records.back",
    "inbox.back",
    "pipelines.back",
    "first.leave",
    "settings.back",
    "import.back",
)
"""The actions that cannot be without a key: the ways to the help, and out."""

LEAVING = "ctrl+q"
"""The key that leaves the program from anywhere."""
ANYWHERE = {"app.quit": (LEAVING, "app.quit_anywhere"), "app.command_palette": ("ctrl+p", "app.palette_anywhere")}
"""The keys that the app itself takes before any screen, as long as their action has them; the ids of those bindings."""


@dataclass(frozen=True, slots=True)
class KeyScreen:
    """A screen with its actions; `where` is how a message goes on. `own` keys are taken by a field that is typed into."""

    name: str
    title: str
    where: str
    actions: tuple[Action, ...]
    own: frozenset[str] = frozenset()

    @property
    def typed(self) -> bool:
        """Whether it is a field: then what can be typed is text."""
        return bool(self.own)


@dataclass(frozen=True, slots=True)
class KeyProblem:
    """What is wrong with the keys that were given to an action; a warning leaves them in force."""

    action: str
    message: str
    warning: bool = False


@dataclass(frozen=True, slots=True)
class Keymap:
    """The keys in force of the actions that were given others, "" for none; and what was wrong."""

    keys: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[KeyProblem, ...] = ()

    def for_textual(self) -> dict[str, str]:
        """Give the keymap that Textual wants: binding ids and keys. It takes "" for no wish: a key that there is none of."""
        keymap = {action: keys or f"none for {action}" for action, keys in self.keys.items()}
        for action, (key, binding) in ANYWHERE.items():
            if action in self.keys and key not in self.keys[action].split(","):
                keymap[binding] = f"none for {binding}"
        return keymap


def with_keys(actions: Iterable[Action], keys: Mapping[str, str]) -> tuple[Action, ...]:
    """Give the actions with the keys in force, for footer, help, palette and pages."""
    return tuple(replace(one, keys=keys[one.id]) if one.id in keys else one for one in actions)


def in_force(app: App[Any], actions: Iterable[Action]) -> tuple[Action, ...]:
    """Give actions with the keys that they have in an app."""
    keymap: Keymap | None = getattr(app, "keymap", None)
    return tuple(actions) if keymap is None else with_keys(actions, keymap.keys)


def key_for(app: App[Any], action: str) -> str:
    """Give the first key in force of an action by its id, as people read it; nothing if it has none."""
    open_now = (getattr(screen, "ACTIONS", ()) for screen in reversed(app.screen_stack))
    known = next((one for actions in open_now for one in actions if one.id == action), None)
    if known is None:  # its screen is not open
        known = next(one for screen in screens() for one in screen.actions if one.id == action)
    (now,) = in_force(app, [known])
    return now.shown_key


def hint(app: App[Any], action: str, does: str) -> str:
    """Give what a message says at its end of a key, "; u takes it back"; nothing if the action has no key."""
    key = key_for(app, action)
    return f"; {key} {does}" if key else ""


def use(app: App[Any], keymap: Keymap) -> None:
    """Let other keys be in force in an app from now on; what is on the screen is painted with them."""
    from funneltui.tui.widgets.painted import Painted

    app.keymap = keymap  # type: ignore[attr-defined]
    app.set_keymap(keymap.for_textual())
    for screen in app.screen_stack:
        for widget in screen.query(Painted):
            widget.refresh()


def screens() -> tuple[KeyScreen, ...]:
    """Give every screen whose keys can be changed."""
    from funneltui.tui.first_start_actions import FIRST
    from funneltui.tui.import_actions import IMPORT
    from funneltui.tui.inbox_actions import INBOX
    from funneltui.tui.list_actions import LIST
    from funneltui.tui.pipeline_actions import PIPELINES
    from funneltui.tui.record_actions import RECORD, RECORDS
    from funneltui.tui.report_actions import CHANGES, FORECAST, FUNNEL, INSIGHTS
    from funneltui.tui.review_actions import REVIEW
    from funneltui.tui.settings_actions import SETTINGS

    return (
        KeyScreen("board", "The board", "on the board", BOARD),
        KeyScreen("past", "The board as it stood", "on the board as it stood", PAST),
        KeyScreen("list", "The list", "in the list", LIST),
        KeyScreen("deal", "An opened deal", "in an opened deal", DEAL),
        KeyScreen("review", "The review", "in the review", REVIEW),
        KeyScreen("funnel", "The funnel", "in the funnel", FUNNEL),
        KeyScreen("forecast", "The forecast", "in the forecast", FORECAST),
        KeyScreen("insights", "The insights", "in the insights", INSIGHTS),
        KeyScreen("changes", "The changes", "among the changes", CHANGES),
        KeyScreen("inbox", "The inbox", "in the inbox", INBOX),
        KeyScreen("records", "Companies and contacts", "among companies and contacts", RECORDS),
        KeyScreen("record", "An opened company or contact", "in an opened company or contact", RECORD),
        KeyScreen("first", "The first start", "at the first start", FIRST),
        KeyScreen("pipelines", "The pipelines", "among the pipelines", PIPELINES),
        KeyScreen("settings", "The settings", "in the settings", SETTINGS),
        KeyScreen("import", "The import of a file", "in the import", IMPORT),
        _filter_line(),
    )


def _filter_line() -> KeyScreen:
    from textual.binding import Binding
    from textual.widgets import Input

    from funneltui.tui.widgets.filter_field import FilterField

    bound = [one for one in FilterField.BINDINGS if isinstance(one, Binding) and one.id]
    actions = tuple(Action(str(one.id), one.key, "", one.description, "The filter line") for one in bound)
    taken = {key for action in actions for key in action.keys.split(",")}
    own = {key.strip() for one in Input.BINDINGS if isinstance(one, Binding) for key in one.key.split(",")}
    return KeyScreen("filter", "The line of a filter", "in the line of a filter", actions, frozenset(own - taken))


def build(given: Mapping[str, str], among: Iterable[KeyScreen] | None = None, *, over_ssh: bool = False) -> Keymap:
    """Give the keymap of what was asked for, action by action; the mistakes in it are told and leave the default.

    Rules: the action is known; its keys are ones that a terminal sends; help and ways out have one; on no screen does a key
    stand for two actions. Of two actions that want the same key the one that had it keeps it, else the first one gets it.
    `over_ssh` warns of alt+letter, whose two bytes may come apart on the way.
    """
    if not given:
        return Keymap()
    known = tuple(screens() if among is None else among)
    wanted: dict[str, str] = {}
    problems: list[KeyProblem] = []
    for action, text in given.items():
        try:
            wanted[action] = _read(action, text, known)
        except BadInput as error:
            problems.append(KeyProblem(action, f"{error}; ignored"))
    while clash := next(_clashes(wanted, known), None):
        problems.append(clash)
        del wanted[clash.action]
    if over_ssh:
        problems += _apart(wanted)
    return Keymap(wanted, tuple(problems))


def refusal(asked: Mapping[str, str], action: str, keys: str) -> str:
    """Say why an action cannot have these keys beside those that are asked for; nothing if it can."""
    known = screens()
    before = build(asked, known).problems
    after = build({**asked, action: keys}, known).problems
    wrong = next((one for one in after if one not in before), None)
    return wrong.message.removesuffix("; ignored") if wrong else ""


def over_ssh() -> bool:
    """Tell whether the terminal is at the other end of SSH."""
    import os

    return bool(os.environ.get("SSH_CONNECTION"))


def _read(action: str, text: str, known: Iterable[KeyScreen]) -> str:
    """Give an action's keys by their names.

    Raises:
        BadInput: there is no such action, or one of the keys cannot be its key.
    """
    ids = dict.fromkeys(one.id for screen in known for one in screen.actions)
    if action not in ids:
        from difflib import get_close_matches

        near = get_close_matches(cut(action).lower(), ids, 1)
        hint = f'; did you mean "{near[0]}"?' if near else "; `funneltui keys` has them all"
        raise BadInput(f'there is no action "{cut(action)}"{hint}')
    parts = ["comma"] if text.strip() == "," else [part for part in text.split(",") if part.strip()]
    try:
        keys = dict.fromkeys(read_key(part) for part in parts)
    except BadInput as error:
        raise BadInput(f"{action}: {error}") from error
    if not keys and action in NEEDED:
        raise BadInput(f"{action} needs a key: nobody finds the way without")
    return ",".join(keys)


def _clashes(wanted: Mapping[str, str], known: Iterable[KeyScreen]) -> Iterator[KeyProblem]:
    """Give what clashes when all wishes are granted; granting one less may bring other clashes."""
    order = list(wanted)
    for screen in known:
        owners = dict.fromkeys(screen.own, "")
        for action in _with_app(with_keys(screen.actions, wanted), wanted):
            for key in filter(None, action.keys.split(",")):
                if screen.typed and action.id in wanted and types_text(key):
                    yield _lost(action.id, key, screen, "what is typed there is text")
                elif key not in owners:
                    owners[key] = action.id
                elif owners[key] != action.id and not wanted.keys().isdisjoint((action.id, owners[key])):
                    yield _clash(action.id, owners[key], key, screen, order)


def _with_app(actions: tuple[Action, ...], wanted: Mapping[str, str]) -> Iterator[Action]:
    """Give a screen's actions, and those that the app takes the keys of before it."""
    here = {action.id for action in actions}
    for action, (key, _) in ANYWHERE.items():
        if action not in here and key in wanted.get(action, key).split(","):
            yield Action(action, key, "", "", "")
    yield from actions


def _clash(one: str, other: str, key: str, screen: KeyScreen, order: list[str]) -> KeyProblem:
    """Let the one of two actions lose that was given the key; if both were, the later one."""
    loser, winner = (
        (one, other) if one in order and (other not in order or order.index(one) > order.index(other)) else (other, one)
    )
    return _lost(loser, key, screen, f"it belongs to {winner}" if winner else "it moves or edits the text")


def _lost(action: str, key: str, screen: KeyScreen, why: str) -> KeyProblem:
    default = next((one.keys for one in screen.actions if one.id == action), "")
    kept = f"; {action} keeps {' '.join(key_label(one) for one in default.split(','))}" if default else "; ignored"
    return KeyProblem(action, f"{action} cannot have {key_label(key)}: {screen.where} {why}{kept}")


def _apart(wanted: Mapping[str, str]) -> Iterator[KeyProblem]:
    for action, keys in wanted.items():
        for key in keys.split(","):
            if key.startswith("alt+"):
                message = f"{action}: over SSH {key_label(key)} may arrive as escape and a letter; another key is safer"
                yield KeyProblem(action, message, warning=True)
