"""Unlinking, as each product has it: at once, or after one window or two; and the page of security."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response

from adapters.portal.accounts import account_of, accounts_of, memberships_of
from adapters.portal.dependencies import Given
from adapters.portal.guests import Guest, In, OwnPages
from adapters.portal.pages import CHATS_PAGE, SECURITY_PAGE, UNLINK_PAGE, page, see

Provider = Literal["max", "vk_id"]

router = APIRouter()


@router.get(SECURITY_PAGE)
async def show_security(request: Request, portal: Given, guest: In) -> Response:
    """The accounts that are linked; of a product that has no such page, and where it is not, the chats."""
    if guest.words.security is None or not guest.unlinks:
        return see(CHATS_PAGE)
    accounts = await accounts_of(portal, guest, await memberships_of(portal, guest))
    return page(request, "security.html", guest, accounts=accounts, security=guest.words.security)


@router.get(f"{UNLINK_PAGE}/{{provider}}")
async def ask(
    request: Request, portal: Given, guest: In, provider: Provider, step: Annotated[int, Query(ge=1, le=9)] = 1
) -> Response:
    """The windows before it, one after the other."""
    account = await account_of(portal, guest, provider, guest.entry.organisation_id)
    windows = guest.words.unlink
    if account.linked is None or not guest.unlinks or step > len(windows):
        return see(CHATS_PAGE)
    following = f"{UNLINK_PAGE}/{provider}?step={step + 1}" if step < len(windows) else None
    return page(
        request,
        "unlink.html",
        guest,
        window=windows[step - 1],
        following=following,
        provider=provider,
        back=_page_of(guest),
    )


@router.post(f"{UNLINK_PAGE}/{{provider}}", dependencies=[OwnPages])
async def unlink(portal: Given, guest: In, provider: Provider) -> Response:
    """Where a product leaves it to support nothing is done."""
    if guest.unlinks:
        await portal.linking.unlink(guest.entry.person_id, provider)
    return see(_page_of(guest))


def _page_of(guest: Guest) -> str:
    """Where the button was."""
    return CHATS_PAGE if guest.words.chats.unlink else SECURITY_PAGE
