"""The page of one way of linking: what is to be said after each step, and what may be done next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

import segno
from fastapi import Depends, Request, Response

from adapters.portal.accounts import Account, accounts_of, memberships_of
from adapters.portal.dependencies import Given, Portal
from adapters.portal.guests import Guest, In
from adapters.portal.pages import CHATS_PAGE, LINK_PAGE, Elsewhere, page
from adapters.portal.profiles import VK_ID
from adapters.portal.words import said
from sync.linking.outcomes import (
    AlreadyRequested,
    CodeExpired,
    CodeSent,
    CodeWrong,
    Declined,
    Denied,
    HeldByAnother,
    NotMatched,
    Requested,
    Stale,
    TooManyTries,
    Unavailable,
    WrongFormat,
)

GOOD, WAIT, BAD = "good", "wait", "bad"

MESSAGES: dict[type[object], tuple[str, str]] = {
    WrongFormat: ("wrong_format", BAD),
    NotMatched: ("not_matched", BAD),
    Requested: ("requested", GOOD),
    AlreadyRequested: ("already_requested", WAIT),
    Declined: ("declined", WAIT),
    HeldByAnother: ("held", BAD),
    CodeExpired: ("code_expired", BAD),
    TooManyTries: ("too_many", BAD),
    Unavailable: ("unavailable", BAD),
    Stale: ("vk_stale", WAIT),
    Denied: ("vk_denied", WAIT),
}
AT_THE_FIELD = (WrongFormat, NotMatched, HeldByAnother, CodeWrong, CodeExpired)


@dataclass(frozen=True, slots=True)
class Linker:
    """Somebody at the page of linking, and the account that is to be linked next."""

    request: Request
    portal: Portal
    guest: Guest
    account: Account

    def shown(self, step: object, typed: str = "") -> Response:
        """The page after a step; `typed` stays in the field."""
        message, tone = _message(step)
        sent = self.account.standing.step if isinstance(step, CodeWrong) else step
        opened = step.open if isinstance(step, AlreadyRequested) else step
        requested = opened if isinstance(opened, Requested) else None
        return page(
            self.request,
            "link.html",
            self.guest,
            account=self.account,
            way=self.account.way,
            message=message,
            tone=tone,
            at_field=isinstance(step, AT_THE_FIELD),
            typed=typed,
            sent=_left(sent, self.portal.now()) if isinstance(sent, CodeSent) else None,
            requested=requested,
            qr=_qr(requested.deep_link) if requested and requested.deep_link else None,
        )


async def _linker(request: Request, portal: Given, guest: In) -> Linker:
    accounts = await accounts_of(portal, guest, await memberships_of(portal, guest))
    account = next((each for each in accounts if each.linked is None), None)
    if account is None:  # all are
        raise Elsewhere(CHATS_PAGE)
    return Linker(request, portal, guest, account)


Linking = Annotated[Linker, Depends(_linker)]


async def _by_phone(linker: Linking) -> Linker:
    if linker.account.provider == VK_ID:
        raise Elsewhere(LINK_PAGE)
    return linker


async def _by_vk_id(linker: Linking) -> Linker:
    if linker.account.provider != VK_ID:
        raise Elsewhere(LINK_PAGE)
    return linker


ByPhone = Annotated[Linker, Depends(_by_phone)]
ByVkId = Annotated[Linker, Depends(_by_vk_id)]


def _message(step: object) -> tuple[str | None, str]:
    if isinstance(step, CodeWrong):
        return said("link", "code_wrong", number=step.tries_left), BAD
    if isinstance(step, Requested) and step.deep_link:
        return said("link", "bot"), GOOD
    name, tone = MESSAGES.get(type(step), (None, GOOD))
    return (said("link", name) if name else None), tone


def _left(sent: CodeSent, now: datetime) -> dict[str, int | None]:
    """What is left of a code, in seconds: how long it is good, and until another one may be had."""
    again = None if sent.resend_at is None else _seconds(sent.resend_at - now)
    return {"lasts": _seconds(sent.until - now), "again_in": again, "tries_left": sent.tries_left}


def _seconds(left: timedelta) -> int:
    return max(0, round(left.total_seconds()))


def _qr(address: str) -> str:
    """The address as a picture that the page carries itself."""
    return str(segno.make(address, error="m").svg_data_uri(scale=5, border=2, dark="#000", light="#fff"))
