"""Reading why somebody is in a chat or not: reasons, exclusions, the events behind them, and what was tried."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.database.registry_chats import EXCLUDED, invite_link
from adapters.database.registry_persons import PersonReader, Stands
from adapters.database.registry_schools import listed_chats
from adapters.database.tables import account_words, calls, inbox, rooms
from sync.desired import Exclusion, exclusions_of_person
from sync.standings import Standing
from sync.views.explanation import AttemptView, CauseView, ExclusionView, ExplainedChat, Explanation, ReasonView
from sync.views.registry import Asked, Schools

ATTEMPTS_SHOWN = 50  # of a chat, the latest

Chat = tuple[str, str]  # (organisation, chat)


@dataclass(frozen=True, slots=True)
class _Found:
    """What is to be told of one chat, its causes still numbers."""

    organisation_id: str
    chat_id: str
    standing: Standing | None
    exclusions: Sequence[Exclusion]
    invite_link: str | None = None


class Explainer(PersonReader):
    async def explain(self, person_id: str, asked: Asked, schools: Schools) -> Explanation | None:
        seen = await self.seen_schools(person_id, schools)
        if seen is None:
            return None
        among = [school for school in seen if asked.organisation_id in {None, school}]
        found = [each for stands in await self.stands(person_id, among) for each in _found_in(person_id, stands)]
        if asked.chat_id is not None:
            found = [each for each in found if each.chat_id == asked.chat_id] or await self._apart(asked, among)
            if not found:
                return None
        causes = await self.causes(_numbers(found))
        attempts = await self._attempts(person_id, {(each.organisation_id, each.chat_id) for each in found})
        told = [_told(each, causes, attempts.get((each.organisation_id, each.chat_id), ())) for each in found]
        return Explanation(person_id, sorted(told, key=lambda chat: (chat.chat_id, chat.organisation_id)))

    async def _apart(self, asked: Asked, schools: Sequence[str]) -> list[_Found]:
        """The chats of these schools that the person has nothing to do with."""
        found = []
        for school in schools:
            roster = await self.chat_roster(school)
            if roster is not None and asked.chat_id in set(listed_chats(roster)):
                found.append(_Found(school, asked.chat_id or "", None, ()))
        return found

    async def causes(self, numbers: Collection[int]) -> dict[int, CauseView]:
        """Events by their number in the inbox; those dropped by age are not in it."""
        rows = await self.matching(inbox, ("no",), [(no,) for no in numbers])
        return {row.no: _cause(row) for row in rows}

    async def _attempts(self, person_id: str, asked: Collection[Chat]) -> Mapping[Chat, Sequence[AttemptView]]:
        own = await self._every_account(person_id)
        found = await self.matching(rooms, ("organisation_id", "chat_id"), asked)
        chat_of = {row.room_no: (row.organisation_id, row.chat_id) for row in found}
        tried: dict[Chat, list[AttemptView]] = {}
        made = await self.matching(calls, ("room_no",), [(room_no,) for room_no in chat_of])
        for row in sorted(made, key=lambda row: row.call_no):
            if own.intersection(row.accounts):
                tried.setdefault(chat_of[row.room_no], []).append(AttemptView(row.at, row.action, row.answer))
        return {chat: attempts[-ATTEMPTS_SHOWN:] for chat, attempts in tried.items()}

    async def _every_account(self, person_id: str) -> set[str]:
        """All accounts the person ever had."""
        said = await self.matching(account_words, ("person_id",), [(person_id,)])
        return {row.external_user_id for row in said if row.external_user_id is not None}


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


def _cause(row: Any) -> CauseView:
    if row.topic is None:
        return CauseView(row.source, row.id, row.type, "inbox", 0, row.no)
    return CauseView(row.source, row.id, row.type, row.topic, row.partition, row.offset)
