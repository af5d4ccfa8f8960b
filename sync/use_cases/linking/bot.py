"""What people do in the bot: open it by a link of ours, share their contact, press a button that was sent to them."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable
from dataclasses import replace

from sync.errors import Failure, PlatformError
from sync.linking import texts
from sync.linking.outcomes import Linked
from sync.linking.request import IN_THE_BOT, Phase, Request, Way
from sync.ports.identity import (
    BotDeed,
    BotStarted,
    Contact,
    ContactRefused,
    MessengerIdentity,
    Pressed,
    answer_of,
)
from sync.use_cases.linking.codes import own_code
from sync.use_cases.linking.concluding import conclude
from sync.use_cases.linking.means import MAX, Means
from sync.use_cases.linking.numbers import failed

AGAIN = frozenset({Failure.BUSY, Failure.RETRY, Failure.CREDENTIALS})
"""Failures after which nothing was sent, and may be yet; of what is unconfirmed the person may answer."""


async def hear(means: Means, messenger: MessengerIdentity, deed: BotDeed) -> None:
    """Told again it changes nothing, but that a message may come twice."""
    if isinstance(deed, Pressed):
        await _pressed(means, messenger, deed)
    elif isinstance(deed, BotStarted):
        await _started(means, messenger, deed)
    else:
        await _shared(means, messenger, deed)


async def _started(means: Means, messenger: MessengerIdentity, deed: BotStarted) -> None:
    if not deed.payload:
        return
    now = means.clock.now()
    async with means.store.linking() as tx:
        request = await tx.requests.by_start(deed.payload)
        over = request is None or request.phase not in IN_THE_BOT or not request.waits(now)
        if request is not None and not over:
            await tx.requests.write_request(replace(request, phase=Phase.CONTACT, account=deed.account))
    if over:
        await _politely(messenger.say(deed.account, texts.OVER))
    else:
        await _politely(messenger.ask_contact(deed.account, texts.ASK_CONTACT))


async def _shared(means: Means, messenger: MessengerIdentity, deed: Contact | ContactRefused) -> None:
    """A contact goes with the request by whose link its owner opened the bot last."""
    now = means.clock.now()
    async with means.store.linking() as tx:
        of_account = await tx.requests.of_account(deed.account)
    request = next((each for each in of_account if each.phase is Phase.CONTACT and each.waits(now)), None)
    if request is None:
        return
    if isinstance(deed, ContactRefused):
        await _politely(messenger.ask_contact(deed.account, texts.ASK_CONTACT))
    elif not means.vault.is_phone(deed.phone, request.phone):
        await failed(means, request)
        await _politely(messenger.say(deed.account, texts.NOT_MATCHED))
    elif not await means.events.is_free(request.person_id, MAX, deed.account):
        await means.write(request.came_to(Phase.HELD))
        await _politely(messenger.say(deed.account, texts.HELD))
    else:
        await _put(means, messenger, request)


async def _put(means: Means, messenger: MessengerIdentity, request: Request) -> None:
    """The account has the number: now its owner answers, as the page has it."""
    assert request.account is not None  # noqa: S101 - it shared its contact
    if request.way is Way.CODE:
        text, code = own_code(means, request, means.clock.now())
        sent, message = replace(request, phase=Phase.CODE, code=code), messenger.say(
            request.account, texts.code_told(text)
        )  # fmt: skip
    else:
        sent = request.came_to(Phase.ASKED)
        message = messenger.ask(request.account, await means.question(request), request.request_no)
    await means.write(sent)  # before: the answer may come at once
    try:
        await message
    except PlatformError as error:
        if error.failure in AGAIN:
            await means.write(request)
            raise


async def _pressed(means: Means, messenger: MessengerIdentity, deed: Pressed) -> None:
    """Only whom it was sent to answers; anybody else's press, and one of what is over, changes nothing."""
    answer = answer_of(deed.payload)
    if answer is None:
        return
    request_no, yes = answer
    async with means.store.linking() as tx:
        request = await tx.requests.by_number(request_no)
        if request is not None and request.account != deed.account:
            return
        over = request is None or request.phase is not Phase.ASKED or not request.waits(means.clock.now())
    if request is None or over:
        text = _CAME_TO.get(request.phase, texts.OVER) if request is not None else texts.OVER
    elif yes:
        text = texts.LINKED if isinstance(await conclude(means, request, deed.account), Linked) else texts.HELD
    else:
        await means.events.declined(request.person_id, MAX, f"decline {request_no}")
        await means.write(request.came_to(Phase.DECLINED))
        text = texts.DECLINED
    await _politely(messenger.answer(deed.callback_id, text))


_CAME_TO = {
    Phase.LINKED: texts.LINKED,
    Phase.DONE: texts.LINKED,
    Phase.DECLINED: texts.DECLINED,
    Phase.HELD: texts.HELD,
}
"""What a press that is told again is answered."""


async def _politely(message: Awaitable[None]) -> None:
    """What it tells is so, whether or not it can be told."""
    with contextlib.suppress(PlatformError):
        await message
