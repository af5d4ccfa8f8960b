"""What every page stands on: the base of its template, its styles, and the headers that it is sent with."""

from __future__ import annotations

from pathlib import Path

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined, select_autoescape

HERE = Path(__file__).parent
STATIC = HERE / "static"

# Nothing from elsewhere, nothing inline, in nobody's frame; and no copy is kept of what shows people.
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
        " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def templates(folder: Path) -> Environment:
    """The templates of a folder, over `ground.html`. What a page names and is not given raises."""
    loader = ChoiceLoader([FileSystemLoader(folder), FileSystemLoader(HERE / "templates")])
    return Environment(loader=loader, autoescape=select_autoescape(), undefined=StrictUndefined)
