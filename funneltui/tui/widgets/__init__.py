"""The widgets: each paints its own lines from the board's state."""
