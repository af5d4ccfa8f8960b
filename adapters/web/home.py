"""`GET /`: what this is, and where to go."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from adapters.pages.ground import HEADERS, templates
from adapters.web.shared import Ready

PAGES = templates(Path(__file__).parent / "templates")

router = APIRouter(include_in_schema=False)


@router.get("/")
async def home(readiness: Ready) -> HTMLResponse:
    """A page for whoever opens the address in a browser. It asks for no token and shows nobody."""
    shown = PAGES.get_template("home.html").render(ready=(await readiness()).why is None, static="static")
    return HTMLResponse(shown, headers=HEADERS)
