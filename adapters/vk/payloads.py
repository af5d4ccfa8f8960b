"""What goes to the VK API and what is read out of its answers. Pure; accounts are int64 ids, as text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from adapters.wire.failures import malformed
from sync.errors import Failure, PlatformError
from sync.ids import AccountId
from sync.places import ADMIN, MEMBER
from sync.platform import ChatSeen
from sync.rights import LACKS

PEERS = 2_000_000_000  # a chat's peer_id is its chat_id, and this
TITLE_LENGTH = 200  # no limit is documented; what schools' titles never reach
ARCHIVE_MARK = " (архив)"

# What we do with a chat needs these of its `acl`.
MEMBERS = "can_invite"
NEEDED = (MEMBERS, "can_change_info", "can_promote_users")

_ID = re.compile(r"-?[1-9][0-9]{0,18}")


def is_member_id(account: AccountId) -> bool:
    """Whether VK can have such a member: an int64, written the one way it prints; a community's is below 0."""
    return _ID.fullmatch(account) is not None and -(2**63) <= int(account) < 2**63


def is_user_id(account: AccountId) -> bool:
    return is_member_id(account) and int(account) > 0


def peer(chat: str) -> int:
    return PEERS + int(chat)


def titled(title: str) -> str:
    return title[:TITLE_LENGTH]


def archived_title(title: str) -> str:
    return title[: TITLE_LENGTH - len(ARCHIVE_MARK)] + ARCHIVE_MARK


def done(response: object) -> None:
    """Checks the answer to a write that tells no more than that it was done.

    Raises:
        PlatformError: UNCONFIRMED: it does not.
    """
    if response != 1 or isinstance(response, bool):
        raise malformed()


def written(response: object) -> None:
    """Checks that an answer is the id of the message that was written.

    Raises:
        PlatformError: UNCONFIRMED: it is none.
    """
    if not isinstance(response, int) or isinstance(response, bool):
        raise malformed()


def made_chat(response: object) -> str:
    """The id of the chat that was made."""
    return str(_positive(_object(response).get("chat_id")))


class Member(NamedTuple):
    account: AccountId
    role: str
    is_owner: bool


class Page(NamedTuple):
    """Members of one page, of how many items there, and how many there are on all. Who has not accepted to come yet
    is an item, and no member.
    """

    members: list[Member]
    items: int
    total: int


def page(response: object) -> Page:
    told = _object(response)
    items, total = told.get("items"), told.get("count")
    if not isinstance(items, list) or not isinstance(total, int):
        raise malformed()
    read = [(_object(item), _member(item)) for item in items]
    return Page([member for item, member in read if item.get("is_message_request") is not True], len(items), total)


def own_id(response: object) -> AccountId:
    """Whose token it is, by `users.get`."""
    if not isinstance(response, list) or len(response) != 1:
        raise malformed()
    return AccountId(str(_positive(_object(response[0]).get("id"))))


def chat_seen(conversations: object, link: object) -> ChatSeen:
    """A chat of which we are an administrator, and the link to come in by, where we may see it.

    Raises:
        PlatformError: NEEDS_PERSON: we are not in it, or may not add people.
    """
    items = _object(conversations).get("items")
    if not isinstance(items, list) or not items:
        raise PlatformError(Failure.NEEDS_PERSON, "chat.not.shown")
    settings = _object(_object(items[0]).get("chat_settings"))
    lacks = _lacking(settings)
    title = settings.get("title")
    if not isinstance(title, str):
        raise malformed()
    told = link.get("link") if isinstance(link, dict) else None
    marked = title.endswith(ARCHIVE_MARK)
    return ChatSeen(title, archived=False, link=told if isinstance(told, str) else None, lacks=lacks, marked=marked)


def _lacking(settings: Mapping[str, Any]) -> tuple[str, ...]:
    """What we need and may not; a right that is not told of is taken for ours."""
    if settings.get("state", "in") != "in":
        raise PlatformError(Failure.NEEDS_PERSON, "not.a.member")
    acl = settings.get("acl")
    denied = {name for name, may in acl.items() if may is False} if isinstance(acl, dict) else set()
    if MEMBERS in denied:
        raise PlatformError(Failure.NEEDS_PERSON, f"{LACKS}{MEMBERS}")
    return tuple(name for name in NEEDED if name in denied)


def _member(item: object) -> Member:
    told = _object(item)
    member_id = told.get("member_id")
    if not isinstance(member_id, int) or isinstance(member_id, bool):
        raise malformed()
    role = ADMIN if told.get("is_admin") or told.get("is_owner") else MEMBER
    return Member(AccountId(str(member_id)), role, told.get("is_owner") is True)


def _object(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise malformed()
    return value


def _positive(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
        raise malformed()
    return value
