"""The page of chats: where the person stands, and what there is to do about it."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from adapters.portal.dependencies import Given
from adapters.portal.guests import In, OwnPages
from adapters.portal.pages import CHATS_PAGE, HEADERS, page
from adapters.portal.standing import lines, waits_for_account
from sync.views.registry import Window

MOST = 1_000  # chats of one person; nobody has fifty

router = APIRouter()


@router.get("/my/chats")
async def show_chats(request: Request, portal: Given, guest: In) -> Response:
    listed = await portal.registry.people.memberships(guest.entry.person_id, guest.schools, Window(limit=MOST))
    memberships = listed.items if listed is not None else ()
    return page(
        request,
        "chats.html",
        guest,
        chats=lines(memberships),
        waiting=sum(map(waits_for_account, memberships)),
        notices=guest.person.notices,
    )


@router.post("/my/notice", dependencies=[OwnPages])
async def close_notice(portal: Given, guest: In) -> Response:
    """Closes the notice of the new school year."""
    await portal.close_notice(guest.entry.organisation_id, guest.entry.person_id)
    return RedirectResponse(CHATS_PAGE, 303, HEADERS)
