"""Rollcall's port of a chat platform, on the MAX Bot API."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from typing import Any

from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, stop_after_delay, wait_exponential

from adapters.max import payloads
from adapters.max.contacts import BotKey
from adapters.max.errors import OWNER, USER_NOT_FOUND, refusal, succeeded, user_refusal
from adapters.max.identity import LINKS, MaxIdentity
from adapters.max.updates import Told, all_heard, update_types
from adapters.wire.failures import TIMEOUT, TOO_LARGE, malformed
from adapters.wire.given import Slot, TellRights, quiet
from adapters.wire.transport import Transport, transport
from sync.errors import Failure, PlatformError
from sync.ids import AccountId
from sync.places import ADMIN
from sync.platform import Capabilities, ChatSeen, Refusal
from sync.rights import LACKS

# Sizes: schema 0.0.33, read on 2026-11-22. The service's own account is one of a chat's 50 administrators.
AT_ONCE = 100
ADMINS_AT_ONCE = 50
READ_TRIES = 3
UPDATES_AT_ONCE = 100


class MaxClient:
    """One account on MAX. Keeps nothing but its own user id, once it has read it."""

    def __init__(
        self,
        sender: Transport,
        *,
        partner_operations: bool,
        key: BotKey | None = None,
        slot: Slot = nullcontext,
        tell_rights: TellRights = quiet,
        own: set[AccountId] | None = None,
    ) -> None:
        self._sender = sender
        self._key = key
        self._slot = slot
        self._tell_rights = tell_rights
        self._own_ids: set[AccountId] = set() if own is None else own  # one, once it is known
        self._capabilities = Capabilities(
            makes_chats=partner_operations,
            archives_chats=partner_operations,
            add_at_once=AT_ONCE,
            admins_at_once=ADMINS_AT_ONCE,
            read_at_once=AT_ONCE,
            title_length=payloads.TITLE_LENGTH,
        )

    def paced(self, slot: Slot) -> MaxClient:
        """The same account on the same connections, with another way to the right to make requests."""
        partner = self._capabilities.makes_chats
        return MaxClient(self._sender, partner_operations=partner, key=self._key, slot=slot, own=self._own_ids)

    def identity(self, bot_name: str | None = None) -> MaxIdentity:
        """The bot of the same account, on the same connections and under the same limit. Spoken to in the clear it is
        a stand-in's, whose deep links lead to that.
        """
        base = self._sender.base
        links = LINKS if base.scheme == "https" else str(base.origin() / "start")
        partner = self._capabilities.makes_chats
        return MaxIdentity(self._sender, bot_name, links, partner_operations=partner, slot=self._slot)

    @property
    def capabilities(self) -> Capabilities:
        return self._capabilities

    async def create_chat(self, title: str, nonce: str) -> str:
        self._partner_only()
        body = {"title": payloads.titled(title), "client_ref": nonce}
        return payloads.chat_id(await self._sender.send("POST", "chats", body=body))

    async def read_chat(self, chat: str) -> ChatSeen:
        own = await self._read(f"{_path(chat)}/members/me", {}, first=False)
        self._own_ids.add(payloads.own_id(own))
        if payloads.role(own) != ADMIN:
            raise PlatformError(Failure.NEEDS_PERSON, "not.an.admin")
        lacking = payloads.lacking(own)
        self._tell_rights(chat, lacking)
        if payloads.MEMBERS in lacking:
            raise PlatformError(Failure.NEEDS_PERSON, f"{LACKS}{payloads.MEMBERS}")
        return payloads.chat_seen(await self._read(_path(chat), {}, first=False), lacking)

    async def rename_chat(self, chat: str, title: str) -> None:
        # The answer is the chat: one that is not is a success that nobody can vouch for.
        payloads.chat_id(await self._sender.send("PATCH", _path(chat), body={"title": payloads.titled(title)}))

    async def archive_chat(self, chat: str, title: str) -> None:  # noqa: ARG002 - an archived chat keeps its title
        self._partner_only()
        succeeded(await self._sender.send("DELETE", _path(chat)))

    async def write_message(self, chat: str, text: str) -> None:
        # The answer is the message: what is none is a success that nobody can vouch for.
        answer = await self._sender.send("POST", "messages", query={"chat_id": str(int(chat))}, body={"text": text})
        payloads.written(answer)

    async def own_account(self) -> AccountId:
        """The service's own account. The caller has the right to one request."""
        own = payloads.own_id(await self._sender.send("GET", "me"))
        self._own_ids.add(own)
        return own

    async def add_members(self, chat: str, accounts: Sequence[AccountId]) -> Mapping[AccountId, Refusal]:
        known = [account for account in self._of_people(accounts) if payloads.is_user_id(account)]
        refused = {account: user_refusal("add.participant.not.found") for account in accounts if account not in known}
        if not known:
            return refused
        body = {"user_ids": [int(account) for account in known]}
        answer = await self._sender.send("POST", f"{_path(chat)}/members", body=body)
        failed = payloads.failures(answer)
        if not failed:
            succeeded(answer)
        return refused | {account: failed[account] for account in known if account in failed}

    async def remove_member(self, chat: str, account: AccountId) -> None:
        if not payloads.is_user_id(account) or account in self._own_ids:
            return  # nobody has such an id, or it is the service itself
        try:
            succeeded(await self._sender.send("DELETE", f"{_path(chat)}/members", query={"user_id": account}))
        except PlatformError as error:
            if error.code == USER_NOT_FOUND and await self._is_gone(chat, account):
                return
            raise await self._explained(error, chat, [account]) from error

    def _of_people(self, accounts: Sequence[AccountId]) -> list[AccountId]:
        """Without the service's own, of which no call ever speaks."""
        return [account for account in accounts if account not in self._own_ids]

    async def _is_gone(self, chat: str, account: AccountId) -> bool:
        """What says that nobody is there may be something in between that knows nothing of the chat: it is read."""
        answer = await self._read(f"{_path(chat)}/members", {"user_ids": account}, first=False)
        return account not in payloads.roles(answer)

    async def grant_admin(self, chat: str, accounts: Sequence[AccountId]) -> None:
        if not (others := self._of_people(accounts)):
            return
        try:
            succeeded(await self._sender.send("POST", f"{_path(chat)}/members/admins", body=payloads.grants(others)))
        except PlatformError as error:
            explained = await self._explained(error, chat, accounts)
            if explained.code == OWNER and len(accounts) == 1:
                return  # the owner of an adopted chat is its administrator already, whatever is asked
            raise explained from error

    async def revoke_admin(self, chat: str, account: AccountId) -> None:
        if account in self._own_ids:
            return
        try:
            succeeded(await self._sender.send("DELETE", f"{_path(chat)}/members/admins/{payloads.user_id(account)}"))
        except PlatformError as error:
            raise await self._explained(error, chat, [account]) from error

    async def _explained(self, error: PlatformError, chat: str, accounts: Sequence[AccountId]) -> PlatformError:
        """What a denial means: of the chat's owner it is for good, and no right that a person gives would help."""
        if error.failure is not Failure.NEEDS_PERSON or not (asked := payloads.comma_separated(accounts)):
            return error
        try:
            answer = await self._read(f"{_path(chat)}/members", {"user_ids": asked}, first=False)
        except PlatformError:
            return error
        return PlatformError(Failure.REFUSED, OWNER) if payloads.owners(answer) else error

    async def read_members(self, chat: str, accounts: Sequence[AccountId]) -> Mapping[AccountId, str]:
        asked = payloads.comma_separated(accounts)
        if not asked:
            return {}
        found = payloads.roles(await self._read(f"{_path(chat)}/members", {"user_ids": asked}))
        return {account: found[account] for account in accounts if account in found and account not in self._own_ids}

    async def list_members(self, chat: str) -> Mapping[AccountId, str]:
        found: dict[AccountId, str] = {}
        async for page in self._pages(chat):
            found |= payloads.roles(page)
        found.pop(await self._own(chat), None)
        return found

    async def read_updates(self, marker: str | None, *, timeout_s: int, messages: bool = True) -> Told:
        """What happened since the marker, waiting up to `timeout_s` (0-90) for something to; what people write is among
        it only with `messages`.

        An address that updates are posted to has to be withdrawn first. The caller has the right to one request.
        """
        query = {"timeout": timeout_s, "types": ",".join(update_types(messages=messages))}
        query |= {"marker": marker} if marker else {}
        try:
            answer = await self._sender.send("GET", "updates", query=query | {"limit": UPDATES_AT_ONCE})
        except PlatformError as error:
            if error.code != TOO_LARGE:
                raise
            async with self._slot():
                answer = await self._sender.send("GET", "updates", query=query | {"limit": 1})
        following = payloads.marker(answer)
        return self.heard(payloads.updates(answer), None if following is None else str(following))

    def heard(self, updates: Iterable[object], marker: str | None = None) -> Told:
        """Updates of this account, however they came."""
        return all_heard(updates, marker, key=self._key)

    async def subscribe(self, url: str, secret: str, *, messages: bool = True) -> None:
        """Has updates posted to an address, with the secret (5-256 of `[A-Za-z0-9_-]`) as a header; again for the same
        address it changes which. What people write is among them only with `messages`.
        """
        body = {"url": url, "update_types": update_types(messages=messages), "secret": secret}
        succeeded(await self._sender.send("POST", "subscriptions", body=body))

    async def unsubscribe_all(self) -> None:
        """Withdraws all addresses: as long as there is one, `read_updates` gives nothing. One request each, and one."""
        for url in payloads.subscriptions(await self._read("subscriptions", {})):
            async with self._slot():
                succeeded(await self._sender.send("DELETE", "subscriptions", query={"url": url}))

    async def _pages(self, chat: str) -> AsyncIterator[dict[str, Any]]:
        path, query = f"{_path(chat)}/members", {"count": AT_ONCE}
        page, seen = await self._read(path, query, first=False), set[int]()
        yield page
        while (marker := payloads.marker(page)) is not None:
            if marker in seen:
                raise malformed()
            seen.add(marker)
            page = await self._read(path, query | {"marker": marker}, first=False)
            yield page

    async def _own(self, chat: str) -> AccountId:
        if not self._own_ids:
            self._own_ids.add(payloads.own_id(await self._read(f"{_path(chat)}/members/me", {}, first=False)))
        return next(iter(self._own_ids))

    async def _read(self, path: str, query: Mapping[str, Any], *, first: bool = True) -> dict[str, Any]:
        """Reads, and again if that broke: nothing is changed by it. A call's first request has its slot already.

        All tries together take less than twice `call_timeout_s`, waits for slots aside.
        """
        async for attempt in AsyncRetrying(
            retry=retry_if_exception(_broke),
            stop=stop_after_attempt(READ_TRIES) | stop_after_delay(self._sender.call_timeout_s),
            wait=wait_exponential(multiplier=0.05, max=1),
            reraise=True,
        ):
            with attempt:
                paid = first and attempt.retry_state.attempt_number == 1
                async with nullcontext() if paid else self._slot():
                    return await self._sender.send("GET", path, query=query)
        raise AssertionError("tenacity ends by an answer or an error")

    def _partner_only(self) -> None:
        if not self._capabilities.makes_chats:
            raise PlatformError(Failure.NEEDS_PERSON, "partner.operations.off")


def max_transport(
    url: str, token: str, *, call_timeout_s: float, tls: ssl.SSLContext | None
) -> AbstractAsyncContextManager[Transport]:
    headers = {"Authorization": token}
    return transport(url, headers, call_timeout_s=call_timeout_s, tls=tls, refuse=refusal)


@asynccontextmanager
async def max_client(
    url: str,
    token: str,
    *,
    call_timeout_s: float,
    partner_operations: bool = False,
    tls: ssl.SSLContext | None = None,
    slot: Slot = nullcontext,
    tell_rights: TellRights = quiet,
) -> AsyncIterator[MaxClient]:
    """A client of the account that `token` belongs to, on connections that are kept until the block is left.

    `call_timeout_s` must be less than a lease lasts. The caller has the right to one request when it calls; every
    further one of the same call (a read tried again), and all of a listing's or of a look's, are made inside `slot()`.
    `tell_rights` is told with each look which rights in the chat we need and lack.
    """
    async with max_transport(url, token, call_timeout_s=call_timeout_s, tls=tls) as sender:
        yield MaxClient(
            sender, partner_operations=partner_operations, key=BotKey(token), slot=slot, tell_rights=tell_rights
        )


def _path(chat: str) -> str:
    return f"chats/{int(chat)}"


def _broke(error: BaseException) -> bool:
    """Whether a read may fare better at once: not what the platform refused, nor when it was slow or said too much."""
    hopeless = {TIMEOUT, TOO_LARGE}
    return isinstance(error, PlatformError) and error.failure is Failure.UNCONFIRMED and error.code not in hopeless
