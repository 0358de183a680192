"""The least that Textual can show, an app with one Static: what the board's start is measured against."""

from textual.app import App, ComposeResult
from textual.widgets import Static

READY = "a bare app is ready"


class BareApp(App[None]):
    """Shows one line."""

    def compose(self) -> ComposeResult:
        """Lay out the line."""
        yield Static(READY)


if __name__ == "__main__":
    BareApp().run()
