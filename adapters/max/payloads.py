"""What goes to the MAX Bot API and what is read out of its answers. Pure; accounts are int64 ids, as text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from adapters.max.errors import malformed, succeeded, user_refusal
from sync.errors import Failure, PlatformError
from sync.places import ADMIN, MEMBER
from sync.platform import ChatSeen, Refusal

TITLE_LENGTH = 200  # ChatPatch.title, schema 0.0.33, read on 2026-11-22

# A grant replaces all permissions of the administrator, so these are all that one has. Teachers keep order in the
# chat: they remove messages (`write`) and pin them, both of which need `read_all_messages`, and may call, which the
# platform gives every administrator. Members, administrators, title and link are the roster's: what somebody
# changed there by hand would be undone. `edit`, `delete` and `view_stats` are for channels only.
ADMIN_PERMISSIONS = ("read_all_messages", "write", "pin_message", "can_call")


def is_user_id(account: str) -> bool:
    """Whether MAX can have such a user: a positive int64, written the one way it prints."""
    return account.isdecimal() and len(account) <= 19 and str(int(account)) == account and 0 < int(account) < 2**63


def user_id(account: str) -> int:
    """The account as MAX writes it.

    Raises:
        PlatformError: REFUSED, as no such user can exist.
    """
    if not is_user_id(account):
        raise PlatformError(Failure.REFUSED, "add.participant.not.found")
    return int(account)


def titled(title: str) -> str:
    return title[:TITLE_LENGTH]


def grants(accounts: Sequence[str]) -> dict[str, Any]:
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


def failures(answer: Mapping[str, Any]) -> dict[str, Refusal]:
    """Who was not added, whatever `success` says: everybody in either list."""
    refused = {str(user): user_refusal(None) for user in _array(answer, "failed_user_ids")}
    for detail in _array(answer, "failed_user_details"):
        if not isinstance(detail, dict):
            raise malformed()
        refused |= {str(user): user_refusal(detail.get("error_code")) for user in _array(detail, "user_ids")}
    return refused


def roles(answer: Mapping[str, Any]) -> dict[str, str]:
    """The members that an answer lists. An owner is an administrator."""
    if "members" not in answer:
        raise malformed()
    return dict(_role(member) for member in _array(answer, "members"))


def owners(answer: Mapping[str, Any]) -> set[str]:
    """Those of the members that an answer lists who own the chat."""
    return {_role(member)[0] for member in _array(answer, "members") if _role(member) and member.get("is_owner")}


def chat_seen(answer: Mapping[str, Any]) -> ChatSeen:
    title = answer.get("title")
    if not isinstance(title, str):
        raise malformed()
    link = answer.get("link")
    return ChatSeen(title, answer.get("status") == "closed", link if isinstance(link, str) else None)


def role(answer: Mapping[str, Any]) -> str:
    """The role of the one member that an answer tells of."""
    return _role(answer)[1]


def own_id(answer: Mapping[str, Any]) -> str:
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


def comma_separated(accounts: Iterable[str]) -> str:
    return ",".join(filter(is_user_id, accounts))


def _role(member: object) -> tuple[str, str]:
    if not isinstance(member, dict) or not isinstance(member.get("user_id"), int):
        raise malformed()
    return str(member["user_id"]), ADMIN if member.get("is_admin") or member.get("is_owner") else MEMBER


def _array(answer: Mapping[str, Any], name: str) -> list[Any]:
    told = answer.get(name)
    if told is not None and not isinstance(told, list):
        raise malformed()
    return told or []
