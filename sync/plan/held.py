"""Held places: what becomes of them after a decision, or once they can be no mistake."""

from __future__ import annotations

from datetime import datetime

from sync.denials import denied_since
from sync.places import IN, MEMBER, OUT, Place
from sync.planning_scope import PlanningScope
from sync.wanted import Wanted


def after_decision(place: Place, wanted: Wanted | None, scope: PlanningScope, now: datetime) -> Place:
    """A held place, and what becomes of it after a decision, or once it can no longer be a mistake."""
    approved = scope.decided.get(place.hold_no) if place.hold_no is not None else None
    if wanted is not None:
        if approved is None:
            return place
        return place._replace(wanted=wanted.wanted, hold_no=None, wanted_at=now) if approved else _rejected(place)
    if _is_no_flood(place, scope):
        cause = scope.causes[place.person_id]
        return place._replace(hold_no=None, leaving=True, cause_no=cause.event_no, wanted_at=now)
    account = scope.account(place.person_id, scope.rooms[place.room_no])
    if approved or account is None or account.external_user_id != place.account:
        return place._replace(hold_no=None, wanted_at=now)
    return place if approved is None else _rejected(place)


def _rejected(place: Place) -> Place:
    """The place kept as it is: a removal stays in, a join stays out."""
    stays = place.observed if place.observed in IN else MEMBER
    return place._replace(wanted=OUT if place.reasons else stays, rejected=True)


def _is_no_flood(place: Place, scope: PlanningScope) -> bool:
    """Whether the removal can be no mistake: the person is blocked or denied the child, or the chat was deleted. Such
    removals are never held, and holds on them are released.
    """
    chat_id, roster = scope.rooms[place.room_no].chat_id, scope.roster
    if roster.blocked(place.person_id) is not None or roster.is_deleted(chat_id):
        return True
    return denied_since(place.person_id, chat_id, place.cause_no, roster)
