"""Sign in by VK ID: each step of one sign-in, bound to one session, and nothing linked before «Привязать»."""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace

from sync.errors import Failure, PlatformError
from sync.linking.outcomes import (
    Candidate,
    Confirmed,
    Denied,
    HeldByAnother,
    Linked,
    SignedIn,
    Stale,
    Unavailable,
    Visitor,
)
from sync.linking.phones import phone_of
from sync.linking.sign_in import SignIn
from sync.ports.identity import VkUser
from sync.ports.linking import LinkedPhone, NobodysAccount
from sync.use_cases.linking.means import VK_ID, Means

STATE, SESSION, SECRET = "state", "session", "sign-in"  # what digests and seals are about

OF_THE_CODE = frozenset({Failure.REFUSED, Failure.GONE})


async def begin_vk_id(means: Means, visitor: Visitor, *, another: bool) -> str:
    if means.vk is None:
        raise ValueError("no VK ID is set up")
    state, verifier = means.chance.secret(), means.chance.secret()
    sign_in = SignIn(
        _session(means, visitor),
        visitor.person_id,
        visitor.organisation_id,
        means.clock.now(),
        means.vault.digest(state, STATE),
        means.vault.seal(verifier, SECRET),
    )
    async with means.store.linking() as tx:
        await tx.sign_ins.write(sign_in)
    vk_id = means.vk.vk_id
    challenge = vk_id.challenge(verifier)
    return vk_id.authorize_url(state, challenge, means.vk.redirect_uri, prompt="login" if another else None)


def _session(means: Means, visitor: Visitor) -> str:
    return means.vault.digest(visitor.session, SESSION)


async def end_vk_id(means: Means, visitor: Visitor, state: str, code: str | None, device_id: str | None) -> SignedIn:
    begun = await _taken(means, visitor)
    if begun is None or begun.account is not None or not means.vault.matches(state, STATE, begun.state):
        return Stale()
    if code is None or device_id is None:
        return Denied()
    verifier = means.vault.open(begun.secret, SECRET)
    if verifier is None or means.vk is None:
        return Stale()
    try:
        user = await _signed_in(means, code, device_id, verifier, state)
    except PlatformError as error:
        return Stale() if error.failure in OF_THE_CODE else Unavailable()
    return await _shown(means, begun, user)


async def _taken(means: Means, visitor: Visitor) -> SignIn | None:
    """What the session began, which is used up by that."""
    session = _session(means, visitor)
    async with means.store.linking() as tx:
        sign_in = await tx.sign_ins.of(session)
        await tx.sign_ins.erase(session)
    return sign_in if sign_in is not None and _is_of(means, sign_in, visitor) else None


def _is_of(means: Means, sign_in: SignIn, visitor: Visitor) -> bool:
    return sign_in.person_id == visitor.person_id and sign_in.lasts(means.clock.now())


async def _signed_in(means: Means, code: str, device_id: str, verifier: str, state: str) -> VkUser:
    """Whose VK ID it is; the tokens are dropped as soon as that is known."""
    assert means.vk is not None  # noqa: S101 - the caller saw to it
    vk_id = means.vk.vk_id
    tokens = await vk_id.exchange(code, device_id, verifier, state, means.vk.redirect_uri)
    try:
        return await vk_id.user(tokens)
    finally:
        with contextlib.suppress(PlatformError):  # they are good for an hour, and nobody has them
            await vk_id.drop(tokens)


async def _shown(means: Means, begun: SignIn, user: VkUser) -> Candidate:
    candidate = Candidate(user.first_name, user.last_initial[:1], user.phone)
    secret = means.vault.seal(json.dumps([candidate.first_name, candidate.last_initial, candidate.phone]), SECRET)
    waits = replace(begun, since=means.clock.now(), state="", secret=secret, account=user.user_id)
    async with means.store.linking() as tx:
        await tx.sign_ins.write(waits)
    return candidate


async def candidate(means: Means, visitor: Visitor) -> SignedIn:
    async with means.store.reading_links() as rows:
        waits = await rows.sign_in(_session(means, visitor))
    return Stale() if waits is None or not _is_of(means, waits, visitor) else _candidate(means, waits) or Stale()


def _candidate(means: Means, waits: SignIn) -> Candidate | None:
    told = means.vault.open(waits.secret, SECRET) if waits.account is not None else None
    return Candidate(*json.loads(told)) if told is not None else None


async def confirm_vk_id(means: Means, visitor: Visitor) -> Confirmed:
    session = _session(means, visitor)
    async with means.store.reading_links() as rows:
        waits = await rows.sign_in(session)
    if waits is None or not _is_of(means, waits, visitor) or waits.account is None:
        return Stale()
    shown = _candidate(means, waits)
    if shown is None:
        return Stale()
    linked = await _linked(means, waits, shown)
    async with means.store.linking() as tx:
        await tx.sign_ins.erase(session)
    return linked


async def _linked(means: Means, waits: SignIn, shown: Candidate) -> Linked | HeldByAnother:
    person, account = waits.person_id, waits.account
    assert account is not None  # noqa: S101 - the caller saw to it
    event_id = f"sign-in {waits.session} {waits.since.isoformat()}"
    try:
        said = await means.events.linked(person, VK_ID, account, event_id=event_id)
    except NobodysAccount:
        return HeldByAnother()
    phone = phone_of(shown.phone or "")
    async with means.store.linking() as tx:
        if phone is None:
            await tx.phones.erase(person, VK_ID)
        else:
            await tx.phones.keep(LinkedPhone(person, VK_ID, account, means.vault.seal_phone(phone, person)))
    held = said.view is not None and said.view.held_by_another
    return HeldByAnother() if held else Linked(account, phone)


async def cancel_vk_id(means: Means, visitor: Visitor) -> None:
    async with means.store.linking() as tx:
        await tx.sign_ins.erase(_session(means, visitor))
