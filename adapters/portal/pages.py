"""The pages' addresses, what they are sent with, and how one is made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from adapters.pages import ground
from adapters.portal.guests import Guest
from adapters.portal.words import said
from sync.entering import CHATS, CONFERENCES, LINK, REGISTRY, SECURITY
from sync.linking.phones import masked, whole

HERE = Path(__file__).parent

AT = "/my"
OUTDATED = f"{AT}/outdated"
CHATS_PAGE, SECURITY_PAGE, UNLINK_PAGE = f"{AT}/chats", f"{AT}/security", f"{AT}/unlink"
LINK_PAGE, LINKED_PAGE, PHONE_PAGE, VK_PAGE = f"{AT}/link", f"{AT}/linked", f"{AT}/link/phone", f"{AT}/link/vk"
VK_BACK = f"{VK_PAGE}/back"

MAX_APP = "https://max.ru/"  # where the app is to be had; read on 2026-11-22

PAGE_OF = {
    LINK: LINK_PAGE,
    CHATS: CHATS_PAGE,
    CONFERENCES: CHATS_PAGE,  # there are no pages of conferences and of the registry yet: what there is, is beside them
    REGISTRY: CHATS_PAGE,
    SECURITY: SECURITY_PAGE,
}

# A form's origin is told by browsers only where the policy of referrers lets them: to us, that is.
HEADERS = {**ground.HEADERS, "Referrer-Policy": "same-origin"}


def headers_with(form_action: str | None) -> dict[str, str]:
    """`form_action`: an origin that forms may lead on to; browsers ask for it where an answer sends them there."""
    policy = HEADERS["Content-Security-Policy"]
    own = "form-action 'self'"
    return {**HEADERS, "Content-Security-Policy": policy.replace(own, f"{own} {form_action}" if form_action else own)}


class Elsewhere(Exception):  # noqa: N818 - how it ends
    """There is nothing to be done on this page now: `path` is where there is."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


PAGES = ground.templates(HERE / "templates")
PAGES.globals.update(said=said, static=f"{AT}/static", chats_page=CHATS_PAGE, link_page=LINK_PAGE)
PAGES.globals.update(security_page=SECURITY_PAGE, unlink_page=UNLINK_PAGE, phone_page=PHONE_PAGE, vk_page=VK_PAGE)
PAGES.globals.update(whole=whole, masked=masked, max_app=MAX_APP)


def page(request: Request, name: str, guest: Guest | None, *, status: int = 200, **shown: Any) -> HTMLResponse:
    """A page by its template. `guest`: whose it is; None of one that is nobody's."""
    body = PAGES.get_template(name).render(guest=guest, words=guest and guest.words, at=request.url.path, **shown)
    return HTMLResponse(body, status, headers_of(request))


def see(path: str) -> Response:
    """On to another page, by GET."""
    return RedirectResponse(path, 303, HEADERS)


def headers_of(request: Request) -> dict[str, str]:
    headers: dict[str, str] = request.app.state.headers
    return headers
