"""The port of a chat platform: what Rollcall asks of one, in its own words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a platform account can do. Sizes are the most that one request takes."""

    makes_chats: bool
    archives_chats: bool
    add_at_once: int
    admins_at_once: int
    read_at_once: int
    title_length: int = 200


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why one account of a call was not added. Not `for_good`: it may be tried again later."""

    code: str
    for_good: bool


@dataclass(frozen=True, slots=True)
class ChatSeen:
    """A chat as it is, of which the service's own account is an administrator. `link`: to come in by, if it has one."""

    title: str
    archived: bool
    link: str | None = None


class Platform(Protocol):
    """One account on one chat platform. Chats and accounts are external ids, as text.

    Every call makes one request, except `list_members`, which pages, and `read_chat`, which takes two. Each raises
    PlatformError; after UNCONFIRMED nobody knows whether it took effect. Doing again what is already so is a success.
    No call retries a write.
    """

    @property
    def capabilities(self) -> Capabilities: ...

    async def create_chat(self, title: str, nonce: str) -> str:
        """Makes an empty chat and gives its id. The same nonce again gives the same chat."""

    async def read_chat(self, chat: str) -> ChatSeen:
        """The chat itself. NEEDS_PERSON: the service's account is not in it, or no administrator of it. Takes the right
        to each of its requests itself.
        """

    async def rename_chat(self, chat: str, title: str) -> None: ...

    async def archive_chat(self, chat: str) -> None: ...

    async def add_members(self, chat: str, accounts: Sequence[str]) -> Mapping[str, Refusal]:
        """Adds up to `add_at_once` accounts as members; gives those that were not added, with why."""

    async def remove_member(self, chat: str, account: str) -> None: ...

    async def grant_admin(self, chat: str, accounts: Sequence[str]) -> None:
        """Makes up to `admins_at_once` members administrators."""

    async def revoke_admin(self, chat: str, account: str) -> None: ...

    async def read_members(self, chat: str, accounts: Sequence[str]) -> Mapping[str, str]:
        """Of up to `read_at_once` accounts those that are in the chat, with their role: `member` or `admin`."""

    async def list_members(self, chat: str) -> Mapping[str, str]:
        """Everybody in the chat but the service's own account, with their role. May take many requests, and takes the
        right to each of them itself.
        """


def token_name(platform: str, account: str) -> str:
    """How a platform account is known to rooms, slots and logs: `max`, or `max:{account}` of a further one."""
    return f"{platform}:{account}" if account else platform


PROVIDERS = {"max": "max", "vk": "vk_id"}
"""The provider whose accounts stand in the chats of a platform."""
