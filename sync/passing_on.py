"""Accounts that pass from one person to another while they are members of chats. Pure."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from sync.ids import AccountId, PersonId, RoomNo
from sync.planning_scope import PlanningScope

SHOWN = timedelta(hours=24)  # long enough to be seen in the morning


class PassedOn(NamedTuple):
    """An account that stands in a room, and the person who held it until now."""

    room_no: RoomNo
    account: AccountId
    person_id: PersonId


def passed_on(scope: PlanningScope) -> list[PassedOn]:
    """The accounts by which a person of the scope is in a chat, and which another person holds now."""
    by_platform = {scope.platform: scope.accounts, **scope.other_accounts}
    holders = {
        (platform, account.external_user_id): person
        for platform, accounts in by_platform.items()
        for person, account in accounts.items()
        if not account.held_by_another
    }
    return [
        PassedOn(place.room_no, place.account, person)
        for person in scope.causes
        for place in scope.places.get(person, ())
        if place.seen and holders.get((scope.rooms[place.room_no].platform, place.account), person) != person
    ]
