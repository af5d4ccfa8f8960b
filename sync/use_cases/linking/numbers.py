"""A number that somebody typed: whether anything may go out for it, and what follows where it does not match."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sync.errors import Failure, PlatformError
from sync.linking.limits import DAY, FAILURES_AN_HOUR, HOUR, NUMBERS_A_DAY, within
from sync.linking.outcomes import (
    AlreadyRequested,
    Linked,
    NotMatched,
    Requested,
    TooManyTries,
    Unavailable,
    Visitor,
)
from sync.linking.request import Asking, Phase, Request, Way, step_of
from sync.ports.identity import MessengerIdentity
from sync.ports.linking import LinkingTransaction
from sync.use_cases.linking.means import MAX, Means

OF_THE_NUMBER = frozenset({Failure.REFUSED, Failure.GONE})
"""Failures that say something of the number; all others are the platform's, or ours."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A request that is written down and goes out now; `before`: what was there, should it not."""

    request: Request
    before: Asking
    messenger: MessengerIdentity


@dataclass(frozen=True, slots=True)
class CodeThere:
    """A code went to this number already: another is sent to it by the rules of sending again."""


Refused = AlreadyRequested | Linked | TooManyTries | Unavailable


async def begin(means: Means, visitor: Visitor, phone: str, way: Way) -> Begun | CodeThere | Refused:
    """Writes the request down, in the place of the one before; of two at once the second finds the first."""
    account = await means.account(visitor.person_id, visitor.organisation_id, MAX)
    if account is not None and not account.held_by_another:
        return Linked(account.external_user_id, None)
    messenger = await means.messenger(visitor.organisation_id)
    if messenger is None or not (messenger.by_phone or messenger.bot_name):
        return Unavailable()
    now = means.clock.now()
    async with means.store.linking() as tx:
        before = await tx.requests.asking(visitor.person_id)
        last = before.request
        same = last if last is not None and last.way is way and means.vault.is_phone(phone, last.phone) else None
        if same is not None and (open_already := _open(same, now, messenger)) is not None:
            return open_already
        tried = within(before.tried, now, DAY)
        if len(tried) >= NUMBERS_A_DAY or await _too_many_failures(tx, visitor.issuer, now):
            return TooManyTries()
        request = _anew(same, visitor, now) or _new(means, visitor, phone, way)
        await tx.requests.write(Asking(visitor.person_id, (*tried, now), request))
    return Begun(request, before, messenger)


def _open(
    same: Request, now: datetime, messenger: MessengerIdentity
) -> AlreadyRequested | CodeThere | TooManyTries | None:
    """What of the last request to the same number keeps it from being sent anew."""
    if same.is_quiet(now):
        step = step_of(same, now, messenger.deep_link(same.start))
        assert isinstance(step, Requested)  # noqa: S101 - it waits
        return AlreadyRequested(step)
    if same.code_waits(now):
        return CodeThere()
    spent = same.phase is Phase.SPENT and same.code is not None and now < same.code.until
    return TooManyTries() if spent else None


def _anew(same: Request | None, visitor: Visitor, now: datetime) -> Request | None:
    """The same request once more, while it waits: whoever presses the older message answers it, too."""
    if same is None or not same.waits(now):
        return None
    return replace(same, issuer=visitor.issuer, phase=Phase.SENDING, asked_at=now)


def _new(means: Means, visitor: Visitor, phone: str, way: Way) -> Request:
    return Request(
        means.chance.number(),
        visitor.person_id,
        visitor.organisation_id,
        visitor.issuer,
        way,
        Phase.SENDING,
        means.vault.seal_phone(phone, visitor.person_id),
        means.chance.secret(),
        means.clock.now(),
    )


async def _too_many_failures(tx: LinkingTransaction, issuer: str, now: datetime) -> bool:
    return len(within(await tx.failures.of(issuer), now, HOUR)) >= FAILURES_AN_HOUR


async def undone(means: Means, begun: Begun) -> Unavailable:
    """Nothing went out: it is as if nothing had been asked."""
    async with means.store.linking() as tx:
        asking = await tx.requests.asking(begun.request.person_id)
        if asking.request is not None and asking.request.request_no == begun.request.request_no:
            await tx.requests.write(begun.before)
    return Unavailable()


async def failed(means: Means, request: Request) -> NotMatched | TooManyTries:
    """The number is not known, or is another one than the account's. More of it than may be are told nothing."""
    now = means.clock.now()
    async with means.store.linking() as tx:
        asking = await tx.requests.asking(request.person_id)
        failures = within(await tx.failures.of(request.issuer), now, HOUR)
        too_many = len(failures) >= FAILURES_AN_HOUR
        if not too_many:
            await tx.failures.write(request.issuer, (*failures, now))
        if asking.request is not None and asking.request.request_no == request.request_no:
            left = None if too_many else request.came_to(Phase.NOT_MATCHED)
            await tx.requests.write(replace(asking, request=left))
    return TooManyTries() if too_many else NotMatched()


async def of_failure(means: Means, begun: Begun, error: PlatformError) -> NotMatched | TooManyTries | Unavailable:
    """What a call that was not carried out says of the number."""
    if error.failure in OF_THE_NUMBER:
        return await failed(means, begun.request)
    return await undone(means, begun)
