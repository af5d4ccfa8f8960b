"""What goes to the MAX Bot API and what is read out of its answers. Pure; accounts are int64 ids, as text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from adapters.max.errors import succeeded, user_refusal
from adapters.wire.failures import malformed
from adapters.wire.narrowed import storable
from sync.errors import Failure, PlatformError
from sync.ids import AccountId
from sync.places import ADMIN, MEMBER
from sync.platform import ChatSeen, Refusal

LINK = re.compile(r"https?://[A-Za-z0-9._~:/?#@!$&*+,;=%()\[\]-]{1,2000}")  # what RFC 3986 has, less the quote
TITLE_LENGTH = 200  # ChatPatch.title, schema 0.0.33, read on 2026-11-22

# A grant replaces all permissions of the administrator, so these are all that one has. Teachers keep order in the
# chat: they remove messages (`write`) and pin them, both of which need `read_all_messages`, and may call, which the
# platform gives every administrator. Members, administrators, title and link are the roster's: what somebody
# changed there by hand would be undone. `edit`, `delete` and `view_stats` are for channels only.
ADMIN_PERMISSIONS = ("read_all_messages", "write", "pin_message", "can_call")


# What we do with a chat needs these; without the last the platform tells us nothing of it.
MEMBERS = "add_remove_members"
NEEDED = (MEMBERS, "add_admins", "change_chat_info", "read_all_messages")


def is_user_id(account: AccountId) -> bool:
    """Whether MAX can have such a user: a positive int64, written the one way it prints."""
    return account.isdecimal() and len(account) <= 19 and str(int(account)) == account and 0 < int(account) < 2**63


def user_id(account: AccountId) -> int:
    """The account as MAX writes it.

    Raises:
        PlatformError: REFUSED, as no such user can exist.
    """
    if not is_user_id(account):
        raise PlatformError(Failure.REFUSED, "add.participant.not.found")
    return int(account)


def titled(title: str) -> str:
    return title[:TITLE_LENGTH]


def grants(accounts: Sequence[AccountId]) -> dict[str, Any]:
    return {"admins": [{"user_id": user_id(account), "permissions": ADMIN_PERMISSIONS} for account in accounts]}


def chat_id(answer: Mapping[str, Any]) -> str:
    """The id of the chat that an answer tells of.

    Raises:
        PlatformError: UNCONFIRMED, as it tells of none, be it a refusal or a success of nothing.
    """
    told = answer.get("chat_id")
    if not isinstance(told, int) or isinstance(told, bool):
        succeeded(answer)
        raise malformed()
    return str(told)


def told_user(answer: Mapping[str, Any]) -> AccountId:
    """The one user that an answer names.

    Raises:
        PlatformError: UNCONFIRMED, as it names none, be it a refusal or a success of nobody.
    """
    told = answer.get("user_id")
    if not isinstance(told, int) or isinstance(told, bool) or not is_user_id(AccountId(str(told))):
        succeeded(answer)
        raise malformed()
    return AccountId(str(told))


def written(answer: Mapping[str, Any]) -> None:
    """Checks that an answer tells of the message that was written.

    Raises:
        PlatformError: UNCONFIRMED, as it tells of none.
    """
    if not isinstance(answer.get("message"), dict):
        succeeded(answer)
        raise malformed()


def failures(answer: Mapping[str, Any]) -> dict[AccountId, Refusal]:
    """Who was not added, whatever `success` says: everybody in either list."""
    refused = {AccountId(str(user)): user_refusal(None) for user in _array(answer, "failed_user_ids")}
    for detail in _array(answer, "failed_user_details"):
        if not isinstance(detail, dict):
            raise malformed()
        refused |= {AccountId(str(user)): user_refusal(detail.get("error_code")) for user in _array(detail, "user_ids")}
    return refused


def roles(answer: Mapping[str, Any]) -> dict[AccountId, str]:
    """The members that an answer lists. An owner is an administrator."""
    if "members" not in answer:
        raise malformed()
    return dict(_role(member) for member in _array(answer, "members"))


def owners(answer: Mapping[str, Any]) -> set[str]:
    """Those of the members that an answer lists who own the chat."""
    return {_role(member)[0] for member in _array(answer, "members") if _role(member) and member.get("is_owner")}


def lacking(own: Mapping[str, Any]) -> tuple[str, ...]:
    """The permissions that we need and do not have, by our own membership; none where it does not tell."""
    permissions = _array(own, "permissions")
    if own.get("is_owner") or own.get("permissions") is None:
        return ()
    return tuple(each for each in NEEDED if each not in permissions)


def chat_seen(answer: Mapping[str, Any], lacks: tuple[str, ...] = ()) -> ChatSeen:
    title = answer.get("title")
    if not isinstance(title, str):
        raise malformed()
    return ChatSeen(storable(title), answer.get("status") == "closed", _link(answer.get("link")), lacks)


def _link(told: object) -> str | None:
    """An address that people may be shown and follow; whatever else stands there is none."""
    return told if isinstance(told, str) and LINK.fullmatch(told) else None


def role(answer: Mapping[str, Any]) -> str:
    """The role of the one member that an answer tells of."""
    return _role(answer)[1]


def own_id(answer: Mapping[str, Any]) -> AccountId:
    return _role(answer)[0]


def marker(answer: Mapping[str, Any]) -> int | None:
    """Where the next page begins; None after the last."""
    told = answer.get("marker")
    if told is not None and not isinstance(told, int):
        raise malformed()
    return told


def updates(answer: Mapping[str, Any]) -> list[Any]:
    if "updates" not in answer:
        raise malformed()
    return _array(answer, "updates")


def subscriptions(answer: Mapping[str, Any]) -> list[str]:
    """The addresses that updates are posted to."""
    return [str(each["url"]) for each in _array(answer, "subscriptions") if isinstance(each, dict) and "url" in each]


def comma_separated(accounts: Iterable[AccountId]) -> str:
    return ",".join(account for account in accounts if is_user_id(account))


def _role(member: object) -> tuple[AccountId, str]:
    if not isinstance(member, dict) or not isinstance(member.get("user_id"), int):
        raise malformed()
    return AccountId(str(member["user_id"])), ADMIN if member.get("is_admin") or member.get("is_owner") else MEMBER


def _array(answer: Mapping[str, Any], name: str) -> list[Any]:
    told = answer.get(name)
    if told is not None and not isinstance(told, list):
        raise malformed()
    return told or []
