"""Ask for confirmation: whoever has the number gets a question in MAX, and presses one of two buttons."""

from __future__ import annotations

from dataclasses import replace

from sync.errors import Failure, PlatformError
from sync.ids import AccountId
from sync.linking.outcomes import (
    Asked,
    HeldByAnother,
    NotMatched,
    Requested,
    TooManyTries,
    Unavailable,
    Visitor,
    WrongFormat,
)
from sync.linking.phones import phone_of
from sync.linking.request import Phase, Request, Way, step_of
from sync.use_cases.linking.means import MAX, Means
from sync.use_cases.linking.numbers import Begun, CodeThere, begin, failed, of_failure


async def ask_confirmation(means: Means, visitor: Visitor, typed: str) -> Asked:
    phone = phone_of(typed)
    if phone is None:
        return WrongFormat()
    begun = await begin(means, visitor, phone, Way.CONFIRMATION)
    if isinstance(begun, CodeThere):
        raise TypeError("a request for confirmation has no code")
    if not isinstance(begun, Begun):
        return begun
    if not begun.messenger.by_phone:
        return await to_start(means, begun, phone)
    try:
        account = await begun.messenger.resolve(phone)
    except PlatformError as error:
        return await of_failure(means, begun, error)
    if account is None:
        return await failed(means, begun.request)
    return await _put(means, begun, account)


async def _put(
    means: Means, begun: Begun, account: AccountId
) -> Requested | HeldByAnother | NotMatched | TooManyTries | Unavailable:
    """Puts the question. Nobody is asked about an account that would be somebody else's all the same."""
    request = begun.request
    if not await means.events.is_free(request.person_id, MAX, account):
        await means.write(request.came_to(Phase.HELD))
        return HeldByAnother()
    request = replace(request, phase=Phase.ASKED, account=account)
    if await means.write(request):  # else another number was typed meanwhile
        try:
            await begun.messenger.ask(account, await means.question(request), request.request_no)
        except PlatformError as error:
            if error.failure is Failure.NEEDS_PERSON:  # nobody may write to this account: as good as unknown
                return await failed(means, request)
            if error.failure is not Failure.UNCONFIRMED:  # else it may be there, and pressed
                return await of_failure(means, replace(begun, request=request), error)
    return _requested(begun, request)


async def to_start(means: Means, begun: Begun, phone: str) -> Requested | HeldByAnother:
    """The bot cannot write to a number: the person opens it. A number that somebody else is linked by is known."""
    request = begun.request
    for linked in await _with_phone(means, phone):
        if not await means.events.is_free(request.person_id, MAX, linked):
            await means.write(request.came_to(Phase.HELD))
            return HeldByAnother()
    request = replace(request, phase=Phase.TO_START, account=None)
    await means.write(request)
    return _requested(begun, request)


async def _with_phone(means: Means, phone: str) -> list[AccountId]:
    async with means.store.reading_links() as rows:
        found = await rows.with_phone(means.vault.phone_digests(phone))
    return [each.account for each in found if each.provider == MAX]


def _requested(begun: Begun, request: Request) -> Requested:
    step = step_of(request, request.asked_at, begun.messenger.deep_link(request.start))
    assert isinstance(step, Requested)  # noqa: S101 - it waits
    return step
