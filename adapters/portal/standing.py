"""How a person stands in a chat, in plain words. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from adapters.portal.words import CATALOGUE, said
from sync.membership_states import (
    APPLIED,
    FOR_CHAT,
    FOR_HELD_ACCOUNT,
    HELD,
    LEFT,
    PENDING,
    REFUSED,
    REJECTED,
    WAITING,
)
from sync.views.persons import MembershipView

PRIVACY = "add.participant.privacy"
GOOD, WAIT, BAD = "good", "wait", "bad"
SIMPLE = {
    APPLIED: ("applied", GOOD),
    PENDING: ("pending", WAIT),
    REFUSED: ("applied", GOOD),  # to leave: they are still there
    REJECTED: ("applied", GOOD),
    LEFT: ("left", BAD),
    HELD: ("held", WAIT),
}
WAITING_FOR = {FOR_CHAT: "waiting_chat", FOR_HELD_ACCOUNT: "waiting_held"}
ORDER = ("class", "parents", "staff", "subject", "other")


@dataclass(frozen=True, slots=True)
class ChatLine:
    """`help`: what the person, or a parent, can do about it; `invite_link`: by which they come in by themselves."""

    title: str
    type: str
    words: str
    tone: str
    help: str | None = None
    invite_link: str | None = None


def lines(memberships: Iterable[MembershipView]) -> list[ChatLine]:
    """The person's chats, those of the class first."""
    listed = sorted(memberships, key=_order)
    return [line for each in listed for line in _line(each)]


def waits_for_account(membership: MembershipView) -> bool:
    return membership.state == WAITING and membership.waits_for != FOR_CHAT


def _order(membership: MembershipView) -> tuple[int, str, str]:
    return ORDER.index(membership.type), membership.title, membership.chat_id


def _line(membership: MembershipView) -> Iterator[ChatLine]:
    if membership.role is None and membership.state == PENDING:
        return  # on the way out of it
    words, tone, help_ = _words(membership)
    yield ChatLine(
        membership.title, said("type", membership.type), words, tone, help_, membership.invite_link if help_ else None
    )


def _words(membership: MembershipView) -> tuple[str, str, str | None]:
    """In words, how it is coloured, and what helps."""
    if membership.state == REFUSED and membership.role is not None:
        return _refused(membership.refused_code)
    if membership.state == WAITING:
        return said("state", WAITING_FOR.get(membership.waits_for or "", "waiting")), WAIT, None
    name, tone = SIMPLE[membership.state]
    return said("state", name), tone, None


def _refused(code: str | None) -> tuple[str, str, str]:
    if code == PRIVACY:
        return said("state", "privacy"), BAD, said("help", "privacy")
    reason = CATALOGUE["refused"].get(code or "", CATALOGUE["refused"]["other"])
    return said("state", "refused", reason=reason), BAD, said("help", "refused")
