"""The places where funneltui keeps things, by the XDG rules."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_NAME = "funneltui"
_ON_LINUX = {"user_data_path": "~/.local/share", "user_config_path": "~/.config", "user_state_path": "~/.local/state"}


def data_dir() -> Path:
    """Give the folder of the user's data: $XDG_DATA_HOME/funneltui, else the system's own place for it."""
    return _xdg("XDG_DATA_HOME") or _platform("user_data_path")


def config_dir() -> Path:
    """Give the folder of the user's configuration: $XDG_CONFIG_HOME/funneltui, else the system's own place for it."""
    return _xdg("XDG_CONFIG_HOME") or _platform("user_config_path")


def config_file() -> Path:
    """Give the file of the user's settings; it need not be there."""
    return config_dir() / "config.toml"


def state_dir() -> Path:
    """Give the folder of what one run leaves for the next: $XDG_STATE_HOME/funneltui, else the system's own place."""
    return _xdg("XDG_STATE_HOME") or _platform("user_state_path")


def drafts_dir() -> Path:
    """Give the folder of what was typed into a form and not saved."""
    return state_dir() / "drafts"


def default_database() -> Path:
    """Give the file of the user's own workspace."""
    return data_dir() / "workspace.db"


def theme_dirs() -> list[Path]:
    """Give the folders that hold themes, the user's own first: it can replace a theme of ours."""
    package = Path(__file__).parent
    ours = package / "themes"  # an installed wheel; an editable install has them beside the package
    return [config_dir() / "themes", ours if ours.is_dir() else package.parent / "themes"]


def _xdg(name: str) -> Path | None:
    value = os.environ.get(name, "")
    return Path(value) / _NAME if value.startswith("/") else None


def _platform(what: str) -> Path:
    if sys.platform == "linux":  # every start asks where the settings are, and platformdirs takes longer than they do
        return Path(os.path.expanduser(_ON_LINUX[what])) / _NAME
    import platformdirs

    place: Path = getattr(platformdirs, what)(_NAME, appauthor=False)
    return place
