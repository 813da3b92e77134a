"""The `facewright` command: a window for `app` or no verb, the command line for everything else.

Qt is imported only on the way to a window, so that batch verbs start fast and run where no
display libraries are installed.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program and return its exit status (documented in `bridge.cli`).

    Args:
        arguments: The words after the program's name; those of the process when None.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or words[0] == "app":
        from ui.application import run

        return run(words[1:])
    try:
        from bridge.cli import run_command
    except KeyboardInterrupt:  # while it loads: nothing has begun
        return 130

    return run_command(words)


if __name__ == "__main__":
    sys.exit(main())
