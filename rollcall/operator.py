"""Who is at the command line: of what they decide it is kept."""

from __future__ import annotations

import getpass


def operator() -> str:
    """The name that the operating system knows them by."""
    try:
        return f"{getpass.getuser()} at the command line"
    except (KeyError, OSError, ImportError):  # a container's user may have no name
        return "somebody at the command line"
