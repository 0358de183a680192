"""funneltui: a sales pipeline in a terminal."""

__version__ = "0.1.0"
