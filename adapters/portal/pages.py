"""The pages' addresses, what they are sent with, and how one is made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from adapters.pages import ground
from adapters.portal.guests import Guest
from adapters.portal.words import said
from sync.entering import CHATS, CONFERENCES, LINK, REGISTRY, SECURITY

HERE = Path(__file__).parent

AT = "/my"
OUTDATED = f"{AT}/outdated"
CHATS_PAGE, LINK_PAGE, SECURITY_PAGE, UNLINK_PAGE = f"{AT}/chats", f"{AT}/link", f"{AT}/security", f"{AT}/unlink"

PAGE_OF = {
    LINK: LINK_PAGE,
    CHATS: CHATS_PAGE,
    CONFERENCES: CHATS_PAGE,  # there are no pages of conferences and of the registry yet: what there is, is beside them
    REGISTRY: CHATS_PAGE,
    SECURITY: SECURITY_PAGE,
}

# A form's origin is told by browsers only where the policy of referrers lets them: to us, that is.
HEADERS = {**ground.HEADERS, "Referrer-Policy": "same-origin"}

PAGES = ground.templates(HERE / "templates")
PAGES.globals.update(said=said, static=f"{AT}/static", chats_page=CHATS_PAGE, link_page=LINK_PAGE)
PAGES.globals.update(security_page=SECURITY_PAGE, unlink_page=UNLINK_PAGE)


def page(request: Request, name: str, guest: Guest | None, *, status: int = 200, **shown: Any) -> HTMLResponse:
    """A page by its template. `guest`: whose it is; None of one that is nobody's."""
    body = PAGES.get_template(name).render(guest=guest, words=guest and guest.words, at=request.url.path, **shown)
    return HTMLResponse(body, status, headers_of(request))


def headers_of(request: Request) -> dict[str, str]:
    headers: dict[str, str] = request.app.state.headers
    return headers
