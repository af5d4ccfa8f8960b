"""Rollcall's port of a chat platform, on the VK API (5.199)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, nullcontext
from typing import Any

from adapters.vk import payloads
from adapters.vk.errors import DENIED, NOT_IN_CHAT, VkError, gravest, refusal, user_refusal
from adapters.vk.methods import AT_ONCE, Method, Methods
from adapters.wire.failures import malformed
from adapters.wire.given import Slot, TellRights, quiet
from adapters.wire.transport import transport
from sync.errors import Failure, PlatformError
from sync.ids import AccountId
from sync.places import ADMIN, MEMBER
from sync.platform import Capabilities, ChatSeen, Refusal

PAGE = 1000  # members; messages.getConversationMembers, schema 5.199, read on 2026-11-26
OWNER = "chat.owner"
NO_SUCH_USER = Refusal("vk.936", for_good=True)
OF_THE_CHAT = frozenset({Failure.NEEDS_PERSON, Failure.GONE})
OF_THE_ACCOUNT = frozenset({Failure.BUSY, Failure.CREDENTIALS})
MEMBERS = "messages.getConversationMembers"

CAPABILITIES = Capabilities(
    makes_chats=True,
    archives_chats=True,
    add_at_once=AT_ONCE,
    admins_at_once=AT_ONCE,
    read_at_once=PAGE,
    title_length=payloads.TITLE_LENGTH,
)


class VkClient:
    """One account on VK. Keeps nothing but its own user id, once it has read it.

    No request is made twice by it, not even one that only reads.
    """

    def __init__(
        self,
        methods: Methods,
        *,
        slot: Slot = nullcontext,
        tell_rights: TellRights = quiet,
        own: set[AccountId] | None = None,
    ) -> None:
        self._methods = methods
        self._slot = slot
        self._tell_rights = tell_rights
        self._own_ids: set[AccountId] = set() if own is None else own  # one, once it is known

    def paced(self, slot: Slot) -> VkClient:
        """The same account on the same connections, with another way to the right to make requests."""
        return VkClient(self._methods, slot=slot, own=self._own_ids)

    @property
    def capabilities(self) -> Capabilities:
        return CAPABILITIES

    async def create_chat(self, title: str, nonce: str) -> str:  # noqa: ARG002 - VK takes no reference, and lists none
        return payloads.made_chat(await self._methods.call("messages.createChat", {"title": payloads.titled(title)}))

    async def read_chat(self, chat: str) -> ChatSeen:
        peer = payloads.peer(chat)
        about = [("messages.getConversationsById", {"peer_ids": peer}), ("messages.getInviteLink", {"peer_id": peer})]
        async with self._slot():
            chats, link = await self._methods.each(about)
        if isinstance(chats, PlatformError):
            raise chats
        seen = payloads.chat_seen(chats, link)
        self._tell_rights(chat, seen.lacks)
        return seen

    async def rename_chat(self, chat: str, title: str) -> None:
        await self._write("messages.editChat", chat_id=int(chat), title=payloads.titled(title))

    async def archive_chat(self, chat: str, title: str) -> None:
        await self._write("messages.editChat", chat_id=int(chat), title=payloads.archived_title(title))

    async def write_message(self, chat: str, text: str) -> None:
        # random_id 0: the same text again is another message.
        written = {"peer_id": payloads.peer(chat), "random_id": 0, "message": text}
        payloads.written(await self._methods.call("messages.send", written))

    async def own_account(self) -> AccountId:
        """The service's own account. The caller has the right to one request."""
        own = payloads.own_id(await self._methods.call("users.get", {}))
        self._own_ids.add(own)
        return own

    async def add_members(self, chat: str, accounts: Sequence[AccountId]) -> Mapping[AccountId, Refusal]:
        known = [account for account in self._of_people(accounts) if payloads.is_user_id(account)]
        refused = {account: NO_SUCH_USER for account in accounts if account not in known}
        if not known:
            return refused
        adds = [("messages.addChatUser", {"chat_id": int(chat), "user_id": int(account)}) for account in known]
        failed = {account: error for account, error in await self._failed(known, adds) if error is not None}
        failed = await self._looked_into(chat, failed)
        return refused | _refusals(failed, one_of_many=len(failed) < len(known))

    async def remove_member(self, chat: str, account: AccountId) -> None:
        if not payloads.is_member_id(account) or account in self._own_ids:
            return  # nobody has such an id, or it is the service itself
        try:
            await self._write("messages.removeChatUser", chat_id=int(chat), member_id=int(account))
        except PlatformError as error:
            if isinstance(error, VkError) and error.number == NOT_IN_CHAT:
                return
            raise await self._explained(error, chat, [account]) from error

    def _of_people(self, accounts: Sequence[AccountId]) -> list[AccountId]:
        """Without the service's own, of which no call ever speaks."""
        return [account for account in accounts if account not in self._own_ids]

    async def grant_admin(self, chat: str, accounts: Sequence[AccountId]) -> None:
        if not (others := self._of_people(accounts)):
            return
        try:
            await self._give_role(chat, others, ADMIN)
        except PlatformError as error:
            explained = await self._explained(error, chat, accounts)
            if explained.code == OWNER and len(accounts) == 1:
                return  # an owner is its administrator already, whatever is asked
            raise explained from error

    async def revoke_admin(self, chat: str, account: AccountId) -> None:
        if account in self._own_ids:
            return
        try:
            await self._give_role(chat, [account], MEMBER)
        except PlatformError as error:
            raise await self._explained(error, chat, [account]) from error

    async def read_members(self, chat: str, accounts: Sequence[AccountId]) -> Mapping[AccountId, str]:
        if not any(map(payloads.is_member_id, accounts)):
            return {}
        found = await self._roles(chat, paid=True)
        return {account: found[account] for account in accounts if account in found and account not in self._own_ids}

    async def list_members(self, chat: str) -> Mapping[AccountId, str]:
        found = await self._roles(chat, paid=False)
        found.pop(await self._own(), None)
        return found

    async def _give_role(self, chat: str, accounts: Sequence[AccountId], role: str) -> None:
        """Some may have it and others not when this raises: asked again of all it is the same."""
        if not all(map(payloads.is_user_id, accounts)):
            raise PlatformError(Failure.REFUSED, NO_SUCH_USER.code)
        peer = payloads.peer(chat)
        roles = [
            ("messages.setMemberRole", {"peer_id": peer, "member_id": int(account), "role": role})
            for account in accounts
        ]
        errors = [error for _, error in await self._failed(accounts, roles) if error is not None]
        if errors:
            raise gravest(errors)

    async def _failed(
        self, accounts: Sequence[AccountId], methods: Sequence[Method]
    ) -> list[tuple[AccountId, PlatformError | None]]:
        """Of writes in one request, one an account: what each came to. One of which nobody knows makes all so."""
        try:
            answers = await self._methods.each(methods)
        except VkError as error:
            if len(accounts) > 1 or error.failure is Failure.UNCONFIRMED:
                raise
            answers = [error]
        outcomes = [(account, _outcome(answer)) for account, answer in zip(accounts, answers, strict=True)]
        unknown = [error for _, error in outcomes if error is not None and error.failure is Failure.UNCONFIRMED]
        if unknown and len(accounts) > 1:
            raise gravest(unknown)
        return outcomes

    async def _looked_into(self, chat: str, failed: dict[AccountId, PlatformError]) -> dict[AccountId, PlatformError]:
        """Adding is denied in the same words where somebody is in already, lets nobody add them, or we lack the right:
        who is in, and whether we administrate the chat, tells which it was.
        """
        if not any(map(_denied, failed.values())):
            return failed
        try:
            found = await self._roles(chat, paid=False)
            ours = found.get(await self._own()) == ADMIN
        except PlatformError:
            return failed
        theirs = VkError(DENIED, Failure.REFUSED)
        return {
            account: theirs if ours and _denied(error) else error
            for account, error in failed.items()
            if not (_denied(error) and account in found)
        }

    async def _explained(self, error: PlatformError, chat: str, accounts: Sequence[AccountId]) -> PlatformError:
        """What a denial means: of the chat's owner it is for good, and no right that a person gives would help."""
        if error.failure is not Failure.NEEDS_PERSON:
            return error
        try:
            owners = {member.account for member in await self._listed(chat, paid=False) if member.is_owner}
        except PlatformError:
            return error
        return PlatformError(Failure.REFUSED, OWNER) if owners & set(accounts) else error

    async def _roles(self, chat: str, *, paid: bool) -> dict[AccountId, str]:
        return {member.account: member.role for member in await self._listed(chat, paid=paid)}

    async def _listed(self, chat: str, *, paid: bool) -> list[payloads.Member]:
        """Everybody, page after page; whoever has the right to one request already has `paid` for the first."""
        found: dict[AccountId, payloads.Member] = {}
        offset = 0
        while True:
            asked = {"peer_id": payloads.peer(chat), "offset": offset, "count": PAGE}
            async with nullcontext() if paid and not offset else self._slot():
                page = payloads.page(await self._methods.call(MEMBERS, asked))
            if page.members and all(member.account in found for member in page.members):
                raise malformed()  # the same page again: it would never end
            found |= {member.account: member for member in page.members}
            offset += page.items
            if not page.items or offset >= page.total:
                return list(found.values())

    async def _own(self) -> AccountId:
        if not self._own_ids:
            async with self._slot():
                await self.own_account()
        return next(iter(self._own_ids))

    async def _write(self, name: str, **params: Any) -> None:
        payloads.done(await self._methods.call(name, params))


def _denied(error: PlatformError) -> bool:
    return isinstance(error, VkError) and error.number == DENIED


def _outcome(answer: object) -> PlatformError | None:
    if isinstance(answer, PlatformError):
        return answer
    try:
        payloads.done(answer)
    except PlatformError as error:
        return error
    return None


def _refusals(failed: Mapping[AccountId, PlatformError], *, one_of_many: bool) -> dict[AccountId, Refusal]:
    """Raises PlatformError: nobody was added, for a reason that is not of any of them."""
    errors = [error for error in failed.values() if error.failure in OF_THE_ACCOUNT | OF_THE_CHAT]
    if errors and not one_of_many:
        raise gravest(errors)
    return {account: user_refusal(error) for account, error in failed.items()}


@asynccontextmanager
async def vk_client(
    url: str, token: str, *, call_timeout_s: float, slot: Slot = nullcontext, tell_rights: TellRights = quiet
) -> AsyncIterator[VkClient]:
    """A client of the account that `token` belongs to, on connections that are kept until the block is left.

    `call_timeout_s` must be less than a lease lasts. The caller has the right to one request when it calls; every
    further one of the same call, and all of a listing's or of a look's, are made inside `slot()`. `tell_rights` is
    told with each look which rights in the chat we need and lack.
    """
    async with transport(url, call_timeout_s=call_timeout_s, tls=None, refuse=refusal) as sender:
        yield VkClient(Methods(sender, token), slot=slot, tell_rights=tell_rights)
