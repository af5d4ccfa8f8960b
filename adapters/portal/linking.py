"""Linking by phone: confirmed in MAX, or by a one-time code; and what comes after linking."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from adapters.portal.accounts import accounts_of, memberships_of
from adapters.portal.dependencies import Given
from adapters.portal.forms import Sent
from adapters.portal.guests import In, OwnPages
from adapters.portal.link_page import ByPhone, Linking
from adapters.portal.pages import LINK_PAGE, LINKED_PAGE, PHONE_PAGE, page, see
from adapters.portal.profiles import VK_ID
from sync.linking.outcomes import (
    CodeSent,
    Denied,
    Linked,
    NothingOpen,
    NotLinked,
    Requested,
    Stale,
    TooManyTries,
    TooSoon,
    Unavailable,
)

LONGEST = 64  # characters of a phone or a code as people type them

CAME_BACK = {"denied": Denied(), "stale": Stale(), "unavailable": Unavailable()}

router = APIRouter()


@router.get(LINK_PAGE)
async def show_link(linker: Linking, vk_id: str = "") -> Response:
    """Whoever is linked already is led to the chats. `vk_id`: how somebody came back from there."""
    account = linker.account
    if account.provider == VK_ID:
        await linker.portal.linking.cancel_vk_id(linker.guest.visitor)  # whoever comes back here did not go on
    if vk_id in CAME_BACK:
        return linker.shown(CAME_BACK[vk_id])
    if isinstance(account.standing.step, NotLinked) and account.way.before is not None:
        return page(linker.request, "before.html", linker.guest, account=account, before=account.way.before)
    return linker.shown(account.standing.step)


@router.get(PHONE_PAGE)
async def show_phone(linker: ByPhone) -> Response:
    """The form, whatever is open already."""
    return linker.shown(NotLinked())


@router.post(PHONE_PAGE, dependencies=[OwnPages])
async def take_phone(linker: ByPhone, form: Sent) -> Response:
    linking, typed = linker.portal.linking, form.get("phone", "")[:LONGEST]
    take = linking.send_code if linker.account.way.form == "code" else linking.ask_confirmation
    outcome = await take(linker.guest.visitor, typed)
    if isinstance(outcome, Requested | CodeSent | TooSoon):
        return see(LINK_PAGE)
    return see(LINKED_PAGE) if isinstance(outcome, Linked) else linker.shown(outcome, typed)


@router.post(f"{LINK_PAGE}/code", dependencies=[OwnPages])
async def take_code(linker: ByPhone, form: Sent) -> Response:
    outcome = await linker.portal.linking.check_code(linker.guest.visitor, form.get("code", "")[:LONGEST])
    if isinstance(outcome, NothingOpen):
        return see(LINK_PAGE)
    return see(LINKED_PAGE) if isinstance(outcome, Linked) else linker.shown(outcome)


@router.post(f"{LINK_PAGE}/again", dependencies=[OwnPages])
async def send_again(linker: ByPhone) -> Response:
    """Another code to the same number."""
    outcome = await linker.portal.linking.resend_code(linker.guest.visitor)
    return linker.shown(outcome) if isinstance(outcome, TooManyTries | Unavailable) else see(LINK_PAGE)


@router.get(LINKED_PAGE)
async def show_linked(request: Request, portal: Given, guest: In) -> Response:
    """What comes after linking: the next account where one is needed."""
    accounts = await accounts_of(portal, guest, await memberships_of(portal, guest))
    linked = next((account for account in accounts if account.linked is not None), None)
    if linked is None:
        return see(LINK_PAGE)
    following = next((account for account in accounts if account.linked is None), None)
    return page(request, "linked.html", guest, account=linked, following=following, homes=portal.homes)
