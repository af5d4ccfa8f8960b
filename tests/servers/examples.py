"""Code that documents show, as it stands there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parents[2] / "docs"


def shown(document: str, language: str, begins: str) -> str:
    """The block of a document whose first line begins so."""
    blocks = re.findall(rf"^```{language}\n(.*?)^```$", (DOCS / document).read_text(), re.DOTALL | re.MULTILINE)
    [block] = [block for block in blocks if block.startswith(begins)]
    return str(block)


def run(code: str) -> dict[str, Any]:
    """The names that it makes."""
    made: dict[str, Any] = {}
    exec(code, made)
    return made
