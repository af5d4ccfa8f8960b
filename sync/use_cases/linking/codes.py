"""Codes: sent to a number, sent again, checked. MAX has the codes that it sends; ours are known by their digests."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sync.errors import PlatformError
from sync.ids import AccountId
from sync.linking.limits import CODE_DIGITS, CODE_TRIES, SENDS
from sync.linking.outcomes import (
    AlreadyRequested,
    CodeAgain,
    CodeAsked,
    CodeChecked,
    CodeExpired,
    CodeWrong,
    Linked,
    NothingOpen,
    TooManyTries,
    TooSoon,
    Unavailable,
    Visitor,
    WrongFormat,
)
from sync.linking.phones import phone_of
from sync.linking.request import Code, Phase, Request, Way, code_sent
from sync.linking.texts import code_told
from sync.ports.identity import MessengerIdentity
from sync.use_cases.linking.concluding import conclude
from sync.use_cases.linking.confirming import to_start
from sync.use_cases.linking.means import MAX, Means
from sync.use_cases.linking.numbers import Begun, CodeThere, begin, of_failure


async def send_code(means: Means, visitor: Visitor, typed: str) -> CodeAsked:
    phone = phone_of(typed)
    if phone is None:
        return WrongFormat()
    begun = await begin(means, visitor, phone, Way.CODE)
    if isinstance(begun, CodeThere):
        again = await resend_code(means, visitor)
        return Unavailable() if isinstance(again, NothingOpen) else again
    if isinstance(begun, AlreadyRequested):
        return begun.open
    if not isinstance(begun, Begun):
        return begun
    if not begun.messenger.by_phone:
        return await to_start(means, begun, phone)
    return await _send(means, begun, phone)


async def _send(means: Means, begun: Begun, phone: str) -> CodeAsked:
    try:
        sent = await begun.messenger.send_code(phone)
    except PlatformError as error:
        return await of_failure(means, begun, error)
    code = Code(means.clock.now(), sent.known, of_platform=sent.request_id)
    await means.write(replace(begun.request, phase=Phase.CODE, code=code))
    return code_sent(code)


def own_code(means: Means, request: Request, now: datetime, last: Code | None = None) -> tuple[str, Code]:
    """A code of ours, and what is kept of it."""
    text = means.chance.code(CODE_DIGITS)
    code = last or Code(now, sends=0)
    digest = means.vault.digest(text, _about(request))
    return text, replace(code, sent_at=now, sends=code.sends + 1, digest=digest)


def _about(request: Request) -> str:
    return f"code {request.request_no}"


async def resend_code(means: Means, visitor: Visitor) -> CodeAgain:
    now = means.clock.now()
    messenger = await means.messenger(visitor.organisation_id)
    async with means.store.linking() as tx:
        asking = await tx.requests.asking(visitor.person_id)
        request = asking.request
        if request is None or request.code is None or now >= request.until:
            return NothingOpen()
        not_now = Unavailable() if messenger is None else _not_now(request, request.code, now)
        if messenger is None or not_now is not None:
            return not_now or Unavailable()
        claimed = replace(request, code=replace(request.code, sent_at=now, sends=request.code.sends + 1))
        await tx.requests.write(replace(asking, request=claimed))
    try:
        code = await _sent_again(means, messenger, request, now)
    except PlatformError:
        await means.write(request)
        return Unavailable()
    await means.write(replace(request, code=code))
    return code_sent(code)


def _not_now(request: Request, code: Code, now: datetime) -> TooManyTries | NothingOpen | TooSoon | None:
    """Why no code is sent again; None: one is."""
    if request.phase is Phase.SPENT or (request.phase is Phase.CODE and code.sends >= SENDS):
        return TooManyTries()
    if request.phase is not Phase.CODE:
        return NothingOpen()
    too_soon = code.resend_at is not None and now < code.resend_at
    return TooSoon(code_sent(code)) if too_soon else None


async def _sent_again(means: Means, messenger: MessengerIdentity, request: Request, now: datetime) -> Code:
    assert request.code is not None  # noqa: S101 - it was sent
    if request.code.of_platform is None and request.account is not None:
        text, code = own_code(means, request, now, request.code)
        await messenger.say(request.account, code_told(text))
        return code
    phone = means.vault.open_phone(request.phone, request.person_id) or ""
    sent = await messenger.send_code(phone)
    return replace(
        request.code, sent_at=now, sends=request.code.sends + 1, known=sent.known, of_platform=sent.request_id
    )


async def check_code(means: Means, visitor: Visitor, typed: str) -> CodeChecked:
    claimed = await _claimed_try(means, visitor)
    if not isinstance(claimed, Request):
        return claimed
    try:
        account = await _whose(means, claimed, "".join(typed.split()))
    except PlatformError:
        await _given_back(means, claimed)
        return Unavailable()
    if account is None:
        return await _wrong(means, visitor, claimed)
    return await conclude(means, claimed, account)


async def _claimed_try(means: Means, visitor: Visitor) -> Request | CodeChecked:
    """The request, with this try counted already: of many at once no more are looked at than may be."""
    now = means.clock.now()
    async with means.store.linking() as tx:
        asking = await tx.requests.asking(visitor.person_id)
        request = asking.request
        if request is None or request.code is None or request.phase not in {Phase.CODE, Phase.SPENT}:
            return NothingOpen()
        if now >= request.code.until:
            return CodeExpired()
        if request.phase is Phase.SPENT or request.code.tries >= CODE_TRIES:
            return TooManyTries()
        claimed = replace(request, code=replace(request.code, tries=request.code.tries + 1))
        await tx.requests.write(replace(asking, request=claimed))
    return claimed


async def _whose(means: Means, request: Request, code: str) -> AccountId | None:
    """The account that the code proves; None: it is wrong."""
    assert request.code is not None  # noqa: S101 - it was sent
    if not (code.isascii() and code.isdecimal() and len(code) <= CODE_DIGITS):
        return None
    if request.code.of_platform is None:
        right = request.code.digest is not None and means.vault.matches(code, _about(request), request.code.digest)
        return request.account if right else None
    messenger = await means.messenger(request.organisation_id)
    return await messenger.check_code(request.code.of_platform, code) if messenger is not None else None


async def _given_back(means: Means, request: Request) -> None:
    """A try of which the platform said nothing is none."""
    async with means.store.linking() as tx:
        asking = await tx.requests.asking(request.person_id)
        known = asking.request
        if known is not None and known.request_no == request.request_no and known.code is not None:
            code = replace(known.code, tries=max(0, known.code.tries - 1))
            await tx.requests.write(replace(asking, request=replace(known, code=code)))


async def _wrong(means: Means, visitor: Visitor, request: Request) -> CodeChecked:
    """Unless the same code linked meanwhile, sent twice."""
    account = await means.account(visitor.person_id, visitor.organisation_id, MAX)
    if account is not None and not account.held_by_another:
        return Linked(account.external_user_id, None)
    assert request.code is not None  # noqa: S101 - it was sent
    left = CODE_TRIES - request.code.tries
    if left > 0:
        return CodeWrong(left)
    await means.write(request.came_to(Phase.SPENT))
    return TooManyTries()
