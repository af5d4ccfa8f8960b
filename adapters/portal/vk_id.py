"""Linking by VK ID: on to it, back from it, and, where the product has it, a window of consent of our own."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from adapters.portal.dependencies import Given
from adapters.portal.forms import Sent
from adapters.portal.guests import In, OwnPages
from adapters.portal.link_page import ByVkId, Linker
from adapters.portal.pages import LINK_PAGE, LINKED_PAGE, VK_BACK, VK_PAGE, page, see
from sync.linking.outcomes import Candidate, Linked, Unavailable

router = APIRouter()


@router.post(VK_PAGE, dependencies=[OwnPages])
async def begin(linker: ByVkId, form: Sent) -> Response:
    """On to VK ID; `another`: whoever is signed in there has to sign in anew."""
    try:
        return see(await linker.portal.linking.begin_vk_id(linker.guest.visitor, another="another" in form))
    except ValueError:
        return linker.shown(Unavailable())


@router.get(VK_BACK)
async def come_back(request: Request, linker: ByVkId) -> Response:
    """What the browser comes back with is in no address any more."""
    query = request.query_params
    state, code, device = query.get("state", ""), query.get("code"), query.get("device_id")
    outcome = await linker.portal.linking.end_vk_id(linker.guest.visitor, state, code or None, device or None)
    if not isinstance(outcome, Candidate):
        return see(f"{LINK_PAGE}?vk_id={type(outcome).__name__.lower()}")
    return see(VK_PAGE) if linker.account.way.consent is not None else await _confirmed(linker)


@router.get(VK_PAGE)
async def show_candidate(linker: ByVkId) -> Response:
    """The window of consent, which names the account."""
    candidate, window = await linker.portal.linking.candidate(linker.guest.visitor), linker.account.way.consent
    if window is None or not isinstance(candidate, Candidate):
        return see(LINK_PAGE)
    return page(linker.request, "consent.html", linker.guest, candidate=candidate, window=window)


@router.post(f"{VK_PAGE}/confirm", dependencies=[OwnPages])
async def confirm(linker: ByVkId) -> Response:
    return await _confirmed(linker)


@router.post(f"{VK_PAGE}/cancel", dependencies=[OwnPages])
async def cancel(portal: Given, guest: In) -> Response:
    await portal.linking.cancel_vk_id(guest.visitor)
    return see(LINK_PAGE)


async def _confirmed(linker: Linker) -> Response:
    outcome = await linker.portal.linking.confirm_vk_id(linker.guest.visitor)
    return see(LINKED_PAGE) if isinstance(outcome, Linked) else linker.shown(outcome)
