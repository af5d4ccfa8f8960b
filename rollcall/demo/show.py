"""What the demo's page shows: the registry's words and the platform's world, put side by side at one moment."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from adapters.simulator.entities import Chat, Member
from adapters.web.demo import JOINED, LEFT, STAYS, ChatLine, MemberLine, Phone, PhoneLine, Scene
from rollcall.demo.play import Play
from rollcall.demo.story import Step
from rollcall.demo.verdict import members_of
from rollcall.demo.words import ROLES, TYPES, reason_in_words, state_in_words
from rollcall.paging import every
from sync.ids import ChatId, OrganisationId
from sync.membership_states import APPLIED, REFUSED, WAITING
from sync.views.chats import ChatView, MemberView

LOADING = "Школа загружается"
LOADING_WORDS = (
    "Роспись школы пришла событиями: люди, классы, родители, учителя. Большинство уже привязало аккаунты и вступает "
    "в чаты; остальные ждут и вступят в ту же минуту, когда привяжут."
)
FIRST = {"staff": 0, "other": 1, "class": 2, "parents": 3, "subject": 4}

Present = Mapping[str, frozenset[int]]
"""Who is in each chat of the platform, by the chat's id there; the service's own account left out."""


class OnShow:
    """One play as its page sees it; `Show` of the web."""

    def __init__(self, play: Play) -> None:
        self._play = play
        self._before: Present = {}
        self._asked_on = asyncio.Event()
        self._paused = False
        self.step: Step | None = None
        self.settled = False
        self.over = False
        self.cabinets_at = ""

    # What the play does

    def begin(self, step: Step, before: Present) -> None:
        """A step is being told; whatever differs from `before` is its doing."""
        self.step, self._before, self.settled = step, before, False

    def present(self) -> Present:
        return {str(chat.chat_id): _people_of(chat) for chat in self._chats()}

    async def wait(self, seconds: float) -> None:
        """Until it is time for the next step, or somebody asks for it; while paused, only the latter."""
        self._asked_on.clear()
        try:
            async with asyncio.timeout(seconds):
                await self._asked_on.wait()
        except TimeoutError:
            if self._paused:
                await self._asked_on.wait()

    # What whoever watches does

    def go_on(self) -> None:
        self._asked_on.set()

    def pause(self, *, paused: bool) -> None:
        self._paused = paused
        if not paused:
            self._asked_on.set()

    # What is shown

    async def scene(self, chat_id: ChatId | None) -> Scene:
        """The page now; with the members of that chat, else of the one that the story is about."""
        play, step, registry = self._play, self.step, self._play.stage.app.registry
        listed = every(partial(registry.schools.chats, OrganisationId(play.roll.organisation_id)))
        chats = sorted([chat async for chat in listed], key=_order)
        lines = {chat.chat_id: self._line(chat) for chat in chats}
        about = [lines[each] for each in (step.chats if step else ()) if each in lines]
        chosen = (lines.get(chat_id) if chat_id else None) or next(iter(about or lines.values()), None)
        present = {chat.chat_id: chat for chat in chats}
        title, words = (step.title, step.words) if step else (LOADING, LOADING_WORDS)
        return Scene(
            school=play.roll.name,
            number=len(play.done),
            title=title,
            words=words,
            done=[each.title for each in play.done],
            settled=self.settled,
            paused=self._paused,
            over=self.over,
            counts=await self._counts(chats),
            in_step=about,
            chats=[line for line in lines.values() if line not in about],
            chosen=chosen,
            members=await self._members(present[chosen.chat_id]) if chosen else (),
            phone=self._phone(),
            simulator_url=play.stage.simulator.url,
            cabinets_at=self.cabinets_at,
        )

    async def _counts(self, chats: Sequence[ChatView]) -> list[tuple[str, str, int]]:
        status = await self._play.stage.app.registry.operations.status(None, self._play.stage.app.clock.now())
        there = sum(map(len, self.present().values()))
        return [
            (APPLIED, "в чатах", there),
            (WAITING, "ждут привязки", sum(chat.waiting for chat in chats)),
            (REFUSED, "отказов", status.outbox.refused),
        ]

    def _line(self, chat: ChatView) -> ChatLine:
        now, before = self._people(chat, self.present()), self._people(chat, self._before)
        return ChatLine(
            chat_id=chat.chat_id,
            title=chat.title,
            kind=TYPES.get(chat.type, chat.type),
            participants=chat.participants,
            waiting=chat.waiting,
            joined=len(now - before) if self.step else 0,
            left=len(before - now),
            archived=chat.archived,
        )

    async def _members(self, chat: ChatView) -> list[MemberLine]:
        now, before = self._people(chat, self.present()), self._people(chat, self._before)
        members = await members_of(
            self._play.stage.app.registry, OrganisationId(self._play.roll.organisation_id), chat.chat_id
        )
        joined = now - before if self.step else frozenset()
        here = [self._member(each, joined) for each in members]
        gone = list(self._gone(before - now))
        return gone + sorted(here, key=lambda line: (line.mark != JOINED, line.role != ROLES["admin"], line.name))

    def _member(self, member: MemberView, joined: frozenset[int]) -> MemberLine:
        roll = self._play.roll
        return MemberLine(
            name=roll.called(member.person_id),
            role=ROLES["admin"] if member.role == "admin" else "",
            state=member.state,
            state_words=state_in_words(member.state, member.refused_code),
            reasons=[reason_in_words(reason, roll.called) for reason in member.reasons],
            mark=JOINED if int(member.external_user_id or 0) in joined else STAYS,
        )

    def _gone(self, accounts: frozenset[int]) -> Iterator[MemberLine]:
        owners = {int(account): person for person, account in self._play.roll.accounts.items()}
        for account in sorted(accounts):
            yield MemberLine(self._play.roll.called(owners.get(account, "")), "", LEFT, "больше не в чате", (), LEFT)

    def _phone(self) -> Phone | None:
        person = self.step.watched if self.step else None
        account = self._play.roll.accounts.get(person or "")
        if person is None or account is None:
            return None
        lines = [self._phone_line(chat, int(account)) for chat in self._chats() if int(account) in chat.members]
        note = None
        if person in self._play.cast.private:
            note = "Не удалось добавить: настройки приватности в MAX («Безопасный режим»)."
        elif not lines and self.settled:
            note = "Чатов нет."
        return Phone(self._play.roll.called(person), sorted(lines, key=lambda line: not line.joined), note)

    def _phone_line(self, chat: Chat, account: int) -> PhoneLine:
        before = self._before.get(str(chat.chat_id), frozenset())
        return PhoneLine(chat.title, len(_people_of(chat)), chat.members[account].is_admin, account not in before)

    def _people(self, chat: ChatView, present: Present) -> frozenset[int]:
        return present.get(chat.external_chat_id or "", frozenset())

    def _chats(self) -> list[Chat]:
        return list(self._play.stage.simulator.world.chats.values())


def _people_of(chat: Chat) -> frozenset[int]:
    members: Mapping[int, Member] = chat.members
    return frozenset(user_id for user_id, member in members.items() if not member.is_owner)


def _order(chat: ChatView) -> tuple[bool, int, int, str]:
    name = chat.class_name or chat.title
    grade = name.split()[0] if name.split() else ""
    return chat.archived, FIRST.get(chat.type, 9), int(grade) if grade.isdecimal() else 0, name
