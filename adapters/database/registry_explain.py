"""Reading why somebody is in a chat or not: reasons, exclusions, the events behind them, and what was tried."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.database.registry_chats import EXCLUDED, invite_link
from adapters.database.registry_persons import PersonReader, Stands
from adapters.database.tables import account_words, calls, inbox, rooms
from sync.desired import Exclusion, exclusions_of_person
from sync.standings import Standing
from sync.views.explanation import AttemptView, CauseView, ExclusionView, ExplainedChat, Explanation, ReasonView
from sync.views.registry import Schools

ATTEMPTS_SHOWN = 50  # of a chat, the latest


@dataclass(frozen=True, slots=True)
class _Found:
    """What is to be told of one chat, its causes still numbers."""

    organisation_id: str
    chat_id: str
    standing: Standing | None
    exclusions: Sequence[Exclusion]
    invite_link: str | None = None


class Explainer(PersonReader):
    async def explain(self, person_id: str, chat_id: str | None, schools: Schools) -> Explanation | None:
        seen = await self.seen_schools(person_id, schools)
        school = await self.school_of_chat(chat_id) if chat_id is not None else None
        if seen is None or (chat_id is not None and (school is None or not _may_see(school, schools))):
            return None
        found = [each for stands in await self.stands(person_id, seen) for each in _found_in(person_id, stands)]
        if chat_id is not None:
            nothing = _Found(school or "", chat_id, None, ())
            found = [each for each in found if each.chat_id == chat_id] or [nothing]
        causes = await self.causes(_numbers(found))
        attempts = await self._attempts(person_id, {each.chat_id for each in found})
        told = [_told(each, causes, attempts.get(each.chat_id, ())) for each in found]
        return Explanation(person_id, sorted(told, key=lambda chat: chat.chat_id))

    async def causes(self, numbers: Collection[int]) -> dict[int, CauseView]:
        """Events by their number in the inbox; those dropped by age are not in it."""
        rows = await self.matching(inbox, ("no",), [(no,) for no in numbers])
        return {row.no: _cause(row) for row in rows}

    async def _attempts(self, person_id: str, chat_ids: Collection[str]) -> Mapping[str, Sequence[AttemptView]]:
        own = await self._every_account(person_id)
        chat_of = {
            row.room_no: row.chat_id
            for row in await self.matching(rooms, ("chat_id",), [(chat_id,) for chat_id in chat_ids])
        }
        tried: dict[str, list[AttemptView]] = {}
        made = await self.matching(calls, ("room_no",), [(room_no,) for room_no in chat_of])
        for row in sorted(made, key=lambda row: row.call_no):
            if own.intersection(row.accounts):
                tried.setdefault(chat_of[row.room_no], []).append(AttemptView(row.at, row.action, row.answer))
        return {chat_id: attempts[-ATTEMPTS_SHOWN:] for chat_id, attempts in tried.items()}

    async def _every_account(self, person_id: str) -> set[str]:
        """All accounts the person ever had."""
        said = await self.matching(account_words, ("person_id",), [(person_id,)])
        return {row.external_user_id for row in said if row.external_user_id is not None}


def _may_see(school: str, schools: Schools) -> bool:
    return schools is None or school in schools


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
