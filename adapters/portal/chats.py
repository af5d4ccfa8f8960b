"""The page of chats: where the person stands, and what there is to do about it."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from adapters.portal.accounts import accounts_of, memberships_of
from adapters.portal.dependencies import Given
from adapters.portal.guests import In, OwnPages
from adapters.portal.pages import CHATS_PAGE, page, see
from adapters.portal.standing import lines

router = APIRouter()


@router.get(CHATS_PAGE)
async def show_chats(request: Request, portal: Given, guest: In) -> Response:
    memberships = await memberships_of(portal, guest)
    return page(
        request,
        "chats.html",
        guest,
        chats=lines(memberships),
        accounts=await accounts_of(portal, guest, memberships),
        notices=guest.person.notices,
        homes=portal.homes,
    )


@router.post("/my/notice", dependencies=[OwnPages])
async def close_notice(portal: Given, guest: In) -> Response:
    """Closes the notice of the new school year."""
    await portal.close_notice(guest.entry.organisation_id, guest.entry.person_id)
    return see(CHATS_PAGE)
