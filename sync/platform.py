"""The port of a chat platform: what Rollcall asks of one, in its own words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sync.ids import AccountId


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a platform account can do. Sizes are the most that one request takes."""

    makes_chats: bool
    archives_chats: bool
    add_at_once: int
    admins_at_once: int
    read_at_once: int
    title_length: int = 200
    writes: bool = True  # messages to a chat


CHAT_FULL = "chat.full"
"""The code of a refusal that ends when somebody leaves the chat, whichever the platform."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why one account of a call was not added. Not `for_good`: it may be tried again later."""

    code: str
    for_good: bool


@dataclass(frozen=True, slots=True)
class ChatSeen:
    """A chat as it is, of which the service's own account is an administrator. `link`: to come in by, if it has one.
    `lacks`: rights that we lack, as the platform names them; members can be added and removed all the same. `marked`:
    where a platform has no archive, titled as a chat that was archived; anybody may have titled it so.
    """

    title: str
    archived: bool
    link: str | None = None
    lacks: tuple[str, ...] = ()
    marked: bool = False

    def is_archived(self, *, believed: bool) -> bool:
        """Whether it is archived; a mark in the title counts only where we believe that we set it."""
        return self.archived or (believed and self.marked)


class Platform(Protocol):
    """One account on one chat platform. Chats and accounts are external ids, as text.

    Every call makes one request, except `list_members`, which pages, and `read_chat`, which takes two. Each raises
    PlatformError; after UNCONFIRMED nobody knows whether it took effect. Doing again what is already so is a success.
    No call retries a write.
    """

    @property
    def capabilities(self) -> Capabilities: ...

    async def create_chat(self, title: str, nonce: str) -> str:
        """Create an empty chat. Return its id. Repeated with the same nonce it returns the same chat, where the
        platform supports that; else it may create another, and the first stays empty.
        """

    async def read_chat(self, chat: str) -> ChatSeen:
        """The chat itself. NEEDS_PERSON: the service's account is not in it, no administrator of it, or may not add and
        remove members. Takes the right to each of its requests itself.
        """

    async def rename_chat(self, chat: str, title: str) -> None: ...

    async def archive_chat(self, chat: str, title: str) -> None:
        """Closes the chat; one that the platform cannot close is given its title with a mark."""

    async def write_message(self, chat: str, text: str) -> None:
        """Writes to everybody in the chat. Written twice it is there twice."""

    async def add_members(self, chat: str, accounts: Sequence[AccountId]) -> Mapping[AccountId, Refusal]:
        """Add up to `add_at_once` accounts as members. Return those that were not added, with the reason."""

    async def remove_member(self, chat: str, account: AccountId) -> None: ...

    async def grant_admin(self, chat: str, accounts: Sequence[AccountId]) -> None:
        """Makes up to `admins_at_once` members administrators."""

    async def revoke_admin(self, chat: str, account: AccountId) -> None: ...

    async def read_members(self, chat: str, accounts: Sequence[AccountId]) -> Mapping[AccountId, str]:
        """Return those of up to `read_at_once` accounts that are in the chat, with their role: `member` or `admin`."""

    async def list_members(self, chat: str) -> Mapping[AccountId, str]:
        """Everybody in the chat but the service's own account, with their role. May take many requests, and takes the
        right to each of them itself.
        """


def token_name(platform: str, account: str) -> str:
    """How a platform account is known to rooms, slots and logs: `max`, or `max:{account}` of a further one."""
    return f"{platform}:{account}" if account else platform


def platform_of(token: str) -> str:
    """The platform of an account by that name."""
    return token.partition(":")[0]


PROVIDERS = {"max": "max", "vk": "vk_id"}
"""The provider whose accounts stand in the chats of a platform."""
