"""The port of a chat platform straight on the simulator's world: no HTTP, and every step open to the test."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum

from adapters.max.payloads import NEEDED
from adapters.simulator.entities import SERVICE_ID, Call, Member, Refused, Why
from adapters.simulator.world import World
from sync.errors import Failure, PlatformError
from sync.ids import AccountId
from sync.platform import Capabilities, ChatSeen, Refusal

FAILURES = {
    Why.UNKNOWN_CHAT: (Failure.GONE, "chat.not.found"),
    Why.NO_RIGHT: (Failure.NEEDS_PERSON, "chat.denied"),
    Why.ARCHIVED: (Failure.NEEDS_PERSON, "chat.denied"),
    Why.OWNER: (Failure.REFUSED, "chat.owner"),
    Why.TOO_MANY_ADMINS: (Failure.REFUSED, "proto.payload"),
    Why.NOT_A_MEMBER: (Failure.UNCONFIRMED, "success.false"),
    Why.FULL: (Failure.UNCONFIRMED, "success.false"),
}
REFUSALS = {
    Why.PRIVACY: Refusal("add.participant.privacy", for_good=True),
    Why.UNKNOWN_USER: Refusal("add.participant.not.found", for_good=True),
}
PARTNER = Capabilities(makes_chats=True, archives_chats=True, add_at_once=100, admins_at_once=50, read_at_once=100)


@dataclass(frozen=True, slots=True)
class Action:
    """A call of the port. `name` is the method's; a new chat has no id before it is made."""

    name: str
    chat: str | None
    accounts: tuple[str, ...] = ()
    title: str | None = None


class Lost(Enum):
    """What may become of a call besides being done or refused."""

    BEFORE = "before"  # lost on the way there: UNCONFIRMED, nothing done
    AFTER = "after"  # lost on the way back: UNCONFIRMED, done
    LIE = "lie"  # a success is told and nothing was done


Outcome = Lost | PlatformError | None
Step = Callable[[Action], Awaitable[None]]


async def _nothing(_action: Action) -> None: ...


@dataclass
class WorldPlatform:
    """A Platform over `world`.

    `before` and `after` are awaited round each call: before the world is touched, and before the caller hears. What
    they raise, the caller gets. `outcomes` are dealt to the calls as they come (None: as it should be), then
    `outcome` is asked; a PlatformError is raised in place of the call. Writes are in `world.calls`.
    """

    world: World = field(default_factory=World)
    capabilities: Capabilities = PARTNER
    before: Step = _nothing
    after: Step = _nothing
    outcomes: deque[Outcome] = field(default_factory=deque)
    outcome: Callable[[Action], Outcome] = lambda _action: None
    now: Callable[[], datetime] = lambda: datetime(2026, 9, 1, tzinfo=UTC)

    async def create_chat(self, title: str, nonce: str) -> str:
        self._able(able=self.capabilities.makes_chats)
        made = ""
        async with self._call(Action("create_chat", None, title=title)) as done:
            if done:
                chat = self.world.create_chat(self._cut(title), self.now(), client_ref=nonce)
                made = self._log("create_chat", str(chat.chat_id))
        if not made:
            raise PlatformError(Failure.UNCONFIRMED, "answer.malformed")
        return made

    async def read_chat(self, chat: str) -> ChatSeen:
        async with self._call(Action("read_chat", chat)):
            seen = self.world.managed(int(chat))
            own = seen.members[SERVICE_ID]
            if not own.may("add_remove_members"):
                raise Refused(Why.NO_RIGHT)
        return ChatSeen(seen.title, seen.archived, seen.link, tuple(each for each in NEEDED if not own.may(each)))

    async def rename_chat(self, chat: str, title: str) -> None:
        told = False
        async with self._call(Action("rename_chat", chat, title=title)) as done:
            if done:
                self.world.rename(int(chat), self._cut(title), self.now())
                told = bool(self._log("rename", chat))
        if not told:
            raise PlatformError(Failure.UNCONFIRMED, "answer.malformed")

    async def archive_chat(self, chat: str, title: str) -> None:
        self._able(able=self.capabilities.archives_chats)
        async with self._call(Action("archive_chat", chat)) as done:
            if done:
                self.world.archive(int(chat))
                self._log("archive", chat)

    async def write_message(self, chat: str, text: str) -> None:
        async with self._call(Action("write_message", chat, title=text)) as done:
            if done:
                self.world.send(self.now(), text, (), chat_id=int(chat))
                self._log("message", chat)

    async def add_members(self, chat: str, accounts: Sequence[AccountId]) -> Mapping[AccountId, Refusal]:
        assert len(accounts) <= self.capabilities.add_at_once
        refused: dict[AccountId, Refusal] = {}
        async with self._call(Action("add_members", chat, tuple(accounts))) as done:
            if done:
                known = [int(account) for account in accounts if account.isdecimal()]
                outcome = self.world.add(int(chat), known, self.now())
                self._log("add", chat, outcome.added)
                refused = {AccountId(str(user)): REFUSALS[why] for user, why in outcome.refused.items()}
                refused |= {a: REFUSALS[Why.UNKNOWN_USER] for a in accounts if not a.isdecimal()}
        return refused

    async def remove_member(self, chat: str, account: AccountId) -> None:
        async with self._call(Action("remove_member", chat, (account,))) as done:
            if done and account.isdecimal():
                there = int(account) in self.world.managed(int(chat)).members
                if there:
                    self.world.remove(int(chat), int(account), self.now())
                self._log("remove", chat, (int(account),) if there else ())

    async def grant_admin(self, chat: str, accounts: Sequence[AccountId]) -> None:
        assert len(accounts) <= self.capabilities.admins_at_once
        async with self._call(Action("grant_admin", chat, tuple(accounts))) as done:
            members = self.world.managed(int(chat)).members
            owns = len(accounts) == 1 and int(accounts[0]) in members and members[int(accounts[0])].is_owner
            if done and not owns:
                changed = self.world.set_admins(int(chat), {int(account): () for account in accounts})
                self._log("set_admin", chat, changed)

    async def revoke_admin(self, chat: str, account: AccountId) -> None:
        async with self._call(Action("revoke_admin", chat, (account,))) as done:
            if done:
                was_admin = self.world.unset_admin(int(chat), int(account))
                self._log("unset_admin", chat, (int(account),) if was_admin else ())

    async def read_members(self, chat: str, accounts: Sequence[AccountId]) -> Mapping[AccountId, str]:
        assert len(accounts) <= self.capabilities.read_at_once
        async with self._call(Action("read_members", chat, tuple(accounts))):
            found = self._roles(chat)
        return {account: found[account] for account in accounts if account in found}

    async def list_members(self, chat: str) -> Mapping[AccountId, str]:
        async with self._call(Action("list_members", chat)):
            found = self._roles(chat)
        return {account: role for account, role in found.items() if account != str(SERVICE_ID)}

    def _roles(self, chat: str) -> dict[AccountId, str]:
        return {
            AccountId(str(user_id)): _role(member) for user_id, member in self.world.managed(int(chat)).members.items()
        }

    @asynccontextmanager
    async def _call(self, action: Action) -> AsyncIterator[bool]:
        """Gives whether the call is to be carried out; tells refusals of the world as the port does."""
        await self.before(action)
        outcome = self.outcomes.popleft() if self.outcomes else self.outcome(action)
        if isinstance(outcome, PlatformError):
            raise outcome
        if outcome is Lost.BEFORE:
            raise PlatformError(Failure.UNCONFIRMED, "connection.lost")
        try:
            yield outcome is not Lost.LIE
        except Refused as refused:
            raise PlatformError(*FAILURES[refused.why]) from refused
        finally:
            await self.after(action)
        if outcome is Lost.AFTER:
            raise PlatformError(Failure.UNCONFIRMED, "connection.lost")

    def _log(self, action: str, chat: str, changed: tuple[int, ...] = ()) -> str:
        self.world.record(Call(0, self.now(), "memory", action, int(chat), changed, "", "", 200, answered=True))
        return chat

    def _cut(self, title: str) -> str:
        return title[: self.capabilities.title_length]

    @staticmethod
    def _able(*, able: bool) -> None:
        if not able:
            raise PlatformError(Failure.NEEDS_PERSON, "partner.operations.off")


def _role(member: Member) -> str:
    return "admin" if member.is_admin else "member"
