"""The person at the command line, recorded with their decisions."""

from __future__ import annotations

import getpass


def operator() -> str:
    """Their name in the operating system."""
    try:
        return f"{getpass.getuser()} at the command line"
    except (KeyError, OSError, ImportError):  # a container's user may have no name
        return "somebody at the command line"
