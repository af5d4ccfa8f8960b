"""Why somebody is in a chat or not: reasons, exclusions, what ended it, what it waits for, and what was tried."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.database.read.attempts import Attempts
from adapters.database.read.causes import Causes
from adapters.database.read.memberships import Memberships, Stands
from adapters.database.read.outlook import Awaited, Outlook
from adapters.database.read.persons import Persons
from adapters.database.read.removed import Removed
from adapters.database.read.rooms import Chat, invite_link
from adapters.database.read.rosters import Rosters, listed_chats
from sync.desired import Exclusion, exclusions_of_person
from sync.endings import ended_by_leaving
from sync.ids import ChatId, EventNo, OrganisationId, PersonId
from sync.membership_states import EXCLUDED, MembershipState
from sync.views.explanation import (
    AttemptView,
    CauseView,
    EndedView,
    ExclusionView,
    ExplainedChat,
    Explanation,
    ReasonView,
)
from sync.views.registry import Asked, Schools


@dataclass(frozen=True, slots=True)
class Details:
    """Where the details of an explanation are read."""

    causes: Causes
    attempts: Attempts
    removed: Removed
    outlook: Outlook


@dataclass(frozen=True, slots=True)
class _Found:
    """What is known of one chat, causes still as event numbers. `room`: the row of its present room."""

    organisation_id: OrganisationId
    chat_id: ChatId
    room: Any = None
    membership: MembershipState | None = None
    exclusions: Sequence[Exclusion] = ()
    ended: EventNo | None = None
    former: str | None = None

    @property
    def chat(self) -> Chat:
        return self.organisation_id, self.chat_id


class Explanations:
    def __init__(self, rosters: Rosters, persons: Persons, memberships: Memberships, details: Details) -> None:
        self._rosters, self._persons, self._memberships = rosters, persons, memberships
        self._details = details

    async def explain(self, person_id: PersonId, asked: Asked, schools: Schools) -> Explanation | None:
        seen = await self._persons.seen_schools(person_id, schools)
        if seen is None:
            return None
        among = [school for school in seen if asked.organisation_id in {None, school}]
        stands = await self._memberships.stands(person_id, among)
        removed = await self._details.removed.of_person(person_id, among)
        found: list[_Found] = []
        for of_school in stands:
            ended = _ended(person_id, of_school, removed)
            await asyncio.sleep(0)  # evaluating all rules, here once more, takes long
            found += _found_in(person_id, of_school, ended)
        if asked.chat_id is not None:
            found = [each for each in found if each.chat_id == asked.chat_id] or await self._apart(asked.chat_id, among)
            if not found:
                return None
        return Explanation(person_id, await self._told(person_id, found))

    async def _told(self, person_id: PersonId, found: Sequence[_Found]) -> list[ExplainedChat]:
        details = self._details
        causes = await details.causes.causes(_numbers(found))
        attempts = await details.attempts.of_person(person_id, {each.chat for each in found})
        standings = [(each.room, each.membership) for each in found if each.membership is not None]
        awaited = await details.outlook.of(standings)
        told = [_told(each, causes, attempts.get(each.chat, ()), awaited) for each in found]
        return sorted(told, key=lambda chat: (chat.chat_id, chat.organisation_id))

    async def _apart(self, chat_id: ChatId, schools: Sequence[OrganisationId]) -> list[_Found]:
        """The chats of this id in these schools; the person has nothing to do with them."""
        found = []
        for school in schools:
            roster = await self._rosters.of_chats(school)
            if roster is not None and chat_id in set(listed_chats(roster)):
                found.append(_Found(school, chat_id))
        return found


def _found_in(person_id: PersonId, stands: Stands, ended: Mapping[ChatId, EventNo]) -> Iterator[_Found]:
    school = stands.roster.organisation_id
    kept_out = exclusions_of_person(person_id, stands.roster)
    for chat_id in sorted(stands.chats.keys() | kept_out.keys() | ended.keys()):
        room, membership = stands.chats.get(chat_id, (None, None))
        yield _Found(
            school,
            chat_id,
            room,
            membership,
            kept_out.get(chat_id, ()),
            ended.get(chat_id),
            stands.former.get(chat_id),
        )


def _ended(person_id: PersonId, stands: Stands, removed: Mapping[Chat, EventNo]) -> Mapping[ChatId, EventNo]:
    """The number of the event that ended a membership, by chat: of past ones, and of those that leaving the school
    ended.
    """
    school, found = stands.roster.organisation_id, dict[ChatId, EventNo]()
    found |= {chat_id: cause for (of_school, chat_id), cause in removed.items() if of_school == school}
    found |= {chat_id: membership.cause_no for chat_id, (_, membership) in stands.chats.items()}
    found |= ended_by_leaving(person_id, stands.roster)
    desired = {chat_id for chat_id, (_, membership) in stands.chats.items() if membership.reasons}
    return {chat_id: cause for chat_id, cause in found.items() if chat_id not in desired}


def _numbers(found: Iterable[_Found]) -> set[EventNo]:
    kept = {kept.cause for each in found if each.membership is not None for kept in each.membership.kept}
    ended = {each.ended for each in found if each.ended is not None}
    return kept | ended | {exclusion.cause for each in found for exclusion in each.exclusions}


def _told(
    found: _Found, causes: Mapping[EventNo, CauseView], attempts: Sequence[AttemptView], awaited: Awaited
) -> ExplainedChat:
    membership = found.membership
    exclusions = [ExclusionView(exclusion.exclusion, causes.get(exclusion.cause)) for exclusion in found.exclusions]
    ended = EndedView(causes.get(found.ended)) if found.ended is not None else None
    if membership is None:
        state = EXCLUDED if exclusions else None
        return ExplainedChat(
            *found.chat, None, state, exclusions=exclusions, attempts=attempts, ended=None if exclusions else ended
        )
    return ExplainedChat(
        *found.chat,
        membership.role,
        membership.state,
        [ReasonView(reason.reason, causes.get(reason.cause)) for reason in sorted(membership.kept)],
        exclusions,
        membership.waits_for,
        attempts,
        invite_link(membership, found.room),
        membership.refused_code,
        ended,
        awaited.hold(membership),
        awaited.next_try_at(found.room, membership),
        awaited.passed_on_at(found.room, membership),
        found.former,
    )
