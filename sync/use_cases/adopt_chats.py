"""Adopt chats that people made: a code is offered, an administrator posts it, the chat is listed and taken over."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sync.adoption import LASTS, Claim, Verdict, new_code
from sync.errors import Failure, PlatformError
from sync.ids import AccountId, ChatId, OrganisationId
from sync.places import ADMIN
from sync.platform import Platform
from sync.ports.store import Store
from sync.rights import LACKS

LEASE_S = 120.0
FIRST_RETRY_S, LONGEST_RETRY_S = 1.0, 300.0


class Offer(NamedTuple):
    code: str
    expires_at: datetime


class Decided(NamedTuple):
    """The outcome of one attempt at a claim; `code`: of the failure that postponed it."""

    token: str
    chat: str
    verdict: Verdict
    code: str | None = None


async def offer_adoption(
    store: Store, organisation_id: OrganisationId, chat_id: ChatId, choose: Callable[[Sequence[str]], str]
) -> Offer | None:
    """Make a code by which a person's chat becomes a school's chat. `choose` picks a random letter.

    None: nobody is desired in the chat, or it already has a chat on the platform. Raises StoreUnavailable (retriable).
    """
    code = new_code(choose)
    async with store.adopting() as tx:
        expires_at = await tx.offer(organisation_id, chat_id, code, LASTS)
    return None if expires_at is None else Offer(code, expires_at)


async def adopt_chats(store: Store, platforms: Mapping[str, Platform], limit: int = 10) -> Sequence[Decided]:
    """Decide claims that are due. Return the outcome of each.

    Safe to stop at any time: a claim is due again when its lease has ended. Raises StoreUnavailable.
    """
    async with store.adopting() as tx:
        claims = await tx.claims(limit, LEASE_S)
    return [await _decide(store, platforms[claim.token], claim) for claim in claims]


async def _decide(store: Store, platform: Platform, claim: Claim) -> Decided:
    try:
        members = await _members(platform, claim)
    except PlatformError as error:
        return await _put_off(store, claim, error)
    async with store.adopting() as tx:
        verdict = Verdict.NOT_AN_ADMIN
        if members.get(claim.account) == ADMIN:
            verdict = await tx.adopt(claim, members)
        if verdict is Verdict.LATER:
            await tx.put_off(claim, _wait_s(claim))
        elif verdict is Verdict.NOT_AN_ADMIN:
            await tx.refuse(claim, verdict)
    return Decided(claim.token, claim.chat, verdict)


async def _members(platform: Platform, claim: Claim) -> Mapping[AccountId, str]:
    """Everybody in the chat, of which the service's account has to be an administrator with all rights it needs."""
    seen = await platform.read_chat(claim.chat)
    if seen.lacks:
        raise PlatformError(Failure.NEEDS_PERSON, f"{LACKS}{seen.lacks[0]}")
    return await platform.list_members(claim.chat)


async def _put_off(store: Store, claim: Claim, error: PlatformError) -> Decided:
    """Postpone the claim: a person may still make us an administrator."""
    gone = error.failure is Failure.GONE
    async with store.adopting() as tx:
        if gone:
            await tx.refuse(claim, Verdict.CHAT_GONE)
        else:
            await tx.put_off(claim, _wait_s(claim) if error.retry_after_s is None else error.retry_after_s)
    return Decided(claim.token, claim.chat, Verdict.CHAT_GONE if gone else Verdict.LATER, error.code)


def _wait_s(claim: Claim) -> float:
    return min(LONGEST_RETRY_S, FIRST_RETRY_S * 2.0 ** min(claim.attempts, 12))
