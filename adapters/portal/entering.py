"""`/enter`: a hand-over becomes a session, and the token is in no address any more."""

from __future__ import annotations

import structlog
from fastapi import APIRouter, Request, Response

from adapters.portal.dependencies import Given, Portal
from adapters.portal.forms import Sent
from adapters.portal.guests import give_cookie, shown_by
from adapters.portal.hand_over import HandOver, Refused, read_hand_over
from adapters.portal.pages import OUTDATED, PAGE_OF, see

log = structlog.get_logger()

router = APIRouter()


@router.get("/enter")
async def enter(request: Request, portal: Given) -> Response:
    """Signs in whom the school's system hands over."""
    return await _enter(request, portal, request.query_params.get("token", ""))


@router.post("/enter")
async def enter_by_form(request: Request, portal: Given, form: Sent) -> Response:
    """The same, with the token in a form: then no log on the way has it."""
    return await _enter(request, portal, form.get("token", ""))


async def _enter(request: Request, portal: Portal, token: str) -> Response:
    """To the page that is asked for, or to where it is said that the token is of no use."""
    try:
        hand_over = await read_hand_over(token, portal.door.issuer, portal.public_url, portal.now())
        shown = await _let_in(request, portal, hand_over)
    except Refused as refused:
        log.warning("hand_over.refused", why=refused.why, iss=refused.iss)
        return see(OUTDATED)
    response = see(PAGE_OF[hand_over.entry.page])
    give_cookie(response, portal, shown)
    return response


async def _let_in(request: Request, portal: Portal, hand_over: HandOver) -> str:
    entry, now = hand_over.entry, portal.now()
    person = await portal.registry.people.person(entry.person_id, frozenset({entry.organisation_id}), now)
    if person is None or await portal.registry.schools.organisation(entry.organisation_id) is None:
        raise Refused("unknown_person", entry.iss)
    shown = await portal.door.enter(hand_over, shown_by(request, portal), now)
    if shown is None:
        raise Refused("used", entry.iss)
    return shown
