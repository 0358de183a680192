"""The command line: every use case without the screen."""
