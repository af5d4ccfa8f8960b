"""Why somebody is in a chat or not: reasons, exclusions, the events behind them, and what was tried."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from adapters.database.read.attempts import Attempts
from adapters.database.read.causes import Causes
from adapters.database.read.memberships import Memberships, Stands
from adapters.database.read.persons import Persons
from adapters.database.read.rooms import invite_link
from adapters.database.read.rosters import Rosters, listed_chats
from sync.desired import Exclusion, exclusions_of_person
from sync.standings import EXCLUDED, Standing
from sync.views.explanation import AttemptView, CauseView, ExclusionView, ExplainedChat, Explanation, ReasonView
from sync.views.registry import Asked, Schools


@dataclass(frozen=True, slots=True)
class _Found:
    """What is to be told of one chat, its causes still numbers."""

    organisation_id: str
    chat_id: str
    standing: Standing | None
    exclusions: Sequence[Exclusion]
    invite_link: str | None = None


class Explanations:
    def __init__(
        self,
        rosters: Rosters,
        persons: Persons,
        memberships: Memberships,
        causes: Causes,
        attempts: Attempts,
    ) -> None:
        self._rosters, self._persons, self._memberships = rosters, persons, memberships
        self._causes, self._attempts = causes, attempts

    async def explain(self, person_id: str, asked: Asked, schools: Schools) -> Explanation | None:
        seen = await self._persons.seen_schools(person_id, schools)
        if seen is None:
            return None
        among = [school for school in seen if asked.organisation_id in {None, school}]
        stands = await self._memberships.stands(person_id, among)
        found = [each for of_school in stands for each in _found_in(person_id, of_school)]
        if asked.chat_id is not None:
            found = [each for each in found if each.chat_id == asked.chat_id] or await self._apart(asked, among)
            if not found:
                return None
        causes = await self._causes.causes(_numbers(found))
        attempts = await self._attempts.of_person(person_id, {(each.organisation_id, each.chat_id) for each in found})
        told = [_told(each, causes, attempts.get((each.organisation_id, each.chat_id), ())) for each in found]
        return Explanation(person_id, sorted(told, key=lambda chat: (chat.chat_id, chat.organisation_id)))

    async def _apart(self, asked: Asked, schools: Sequence[str]) -> list[_Found]:
        """The chats of these schools that the person has nothing to do with."""
        found = []
        for school in schools:
            roster = await self._rosters.of_chats(school)
            if roster is not None and asked.chat_id in set(listed_chats(roster)):
                found.append(_Found(school, asked.chat_id or "", None, ()))
        return found


def _found_in(person_id: str, stands: Stands) -> Iterable[_Found]:
    kept_out = exclusions_of_person(person_id, stands.roster)
    for chat_id in sorted(stands.chats.keys() | kept_out.keys()):
        room, standing = stands.chats.get(chat_id, (None, None))
        link = invite_link(standing, room) if standing is not None else None
        yield _Found(stands.roster.organisation_id, chat_id, standing, kept_out.get(chat_id, ()), link)


def _numbers(found: Iterable[_Found]) -> set[int]:
    kept = {kept.cause for each in found if each.standing is not None for kept in each.standing.kept}
    return kept | {exclusion.cause for each in found for exclusion in each.exclusions}


def _told(found: _Found, causes: Mapping[int, CauseView], attempts: Sequence[AttemptView]) -> ExplainedChat:
    standing = found.standing
    kept = sorted(standing.kept) if standing is not None else ()
    state = standing.state if standing is not None else EXCLUDED if found.exclusions else None
    return ExplainedChat(
        found.organisation_id,
        found.chat_id,
        standing.role if standing is not None else None,
        state,
        [ReasonView(reason.reason, causes.get(reason.cause)) for reason in kept],
        [ExclusionView(exclusion.exclusion, causes.get(exclusion.cause)) for exclusion in found.exclusions],
        standing.waits_for if standing is not None else None,
        attempts,
        found.invite_link,
    )
