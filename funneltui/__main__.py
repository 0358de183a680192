"""The way in: `funneltui` and `python -m funneltui`."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the program and leave with its exit status: 0 done, 1 refused, 2 usage."""
    from funneltui import bootstrap

    sys.exit(bootstrap.main(sys.argv[1:]))


if __name__ == "__main__":
    main()
