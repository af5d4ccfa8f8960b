"""What a school at rest has to look like: the platform shows what the oracle asks, or the product itself names why not.

What is named is asked of the product's own views, and has to be so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from adapters.database.bulk import Bulk
from adapters.database.read.registry import registry_of
from adapters.database.schema import places, rooms
from adapters.database.settle.work import works
from adapters.simulator.entities import SERVICE_ID
from adapters.simulator.ground import ALL_PERMISSIONS
from sync.acts.next_act import next_act
from sync.alarms import REMOVAL_LATE
from sync.ids import ChatId, OrganisationId
from sync.places import GONE, NEEDS_PERSON
from sync.titles import Titles
from sync.use_cases.reconcile_school import reconcile_school
from sync.views.chats import MemberView
from sync.views.registry import Window
from tests import oracle
from tests.doubles.platform import PARTNER
from tests.interleavings.told import Told
from tests.laws.by_hand.school import LivingSchool

TIES = {
    "school.student.enrolled.v1": "student_id",
    "school.student.restored.v1": "student_id",
    "school.student.transferred.v1": "student_id",
    "school.guardian.assigned.v1": "guardian_id",
    "school.employee.hired.v1": "employee_id",
}
FAR = datetime(9998, 1, 1, tzinfo=UTC)


@dataclass
class AtRest:
    """One organisation. `left`: who left which chat (by its id on the platform) alone, ever; `titled`: which of them
    people named.
    """

    organisation_id: OrganisationId
    school: LivingSchool
    told: Told
    left: set[tuple[str, str]]
    titled: set[str]
    rooms: list[Any] = field(default_factory=list)
    need: Mapping[str, set[str]] = field(default_factory=dict)
    differences: Mapping[tuple[str, str | None], str] = field(default_factory=dict)

    async def check(self) -> None:
        await self._reads()
        day = self.school.clock.now().date()
        present = {room.chat_id: room for room in self.rooms if room.wanted_life == "open"}
        for chat_id, wanted in oracle.members(self.told.events, self.organisation_id, day, "max").items():
            await self._chat(ChatId(chat_id), present.get(chat_id), wanted)
        for chat_id, title in oracle.titles(self.told.events, self.organisation_id, day).items():
            self._title(chat_id, present.get(chat_id), title)
        for room in self.rooms:
            if room.wanted_life == "archived" and room.external_chat_id is not None and not self._stuck(room):
                self._closed(room)
        await self._believed()
        self._asked_of_persons()
        await self._next_steps()
        assert self.school.nature.within_the_rate()

    async def _reads(self) -> None:
        now = self.school.clock.now()
        own, looking = self.organisation_id, self.school.looking
        run = await reconcile_school(looking, own, "test", now, lambda _: None, apply=False)
        self.rooms = await self.school.rows(select(rooms).where(rooms.c.organisation_id == own).order_by(rooms.c.life))
        self.registry = registry_of(
            self.school.database.reading, Titles(), {"max": PARTNER}, monotonic=self.school.clock.monotonic
        )
        view = await self.registry.operations.reconcile(own)
        assert view is not None
        assert view.run == run
        self.differences = {
            (line["chat_id"], line["external_user_id"]): f"{line['kind']} {line['policy']}" for line in view.differences
        }
        self.status = await self.registry.operations.status(frozenset({own}), now)
        need: dict[str, set[str]] = {}
        for each in self.status.needs_person:
            need.setdefault(each.chat_id, set()).add(each.state)
        self.need = need

    async def _chat(self, chat_id: ChatId, room: Any, wanted: Mapping[str, str]) -> None:
        listed = await self.registry.schools.members(self.organisation_id, chat_id, Window(limit=1000), excluded=False)
        assert listed is not None
        views = {str(view.external_user_id): view for view in listed.items if view.external_user_id is not None}
        stuck = room is not None and self._stuck(room)
        if stuck and not self._manages(room):
            self._waiting(room, wanted, views)
            return
        shown = self._shown(room)
        for account in sorted(wanted.keys() | shown.keys()):
            is_at, asked, view = shown.get(account), wanted.get(account), views.get(account)
            if stuck and is_at and asked:
                continue  # roles may be beyond us there
            if is_at == asked:
                assert view is not None
                assert (view.state, view.role) == ("applied", asked), (chat_id, view)
            elif asked is None:
                held = view is not None and view.state in {"held", "rejected"} and await self._on_hold(view.state)
                assert held or self._may_stay(chat_id, account), (chat_id, account, is_at, view, self.differences)
            else:
                assert view is not None, (chat_id, account)
                assert await self._may_be_missing(room, account, is_at, view), (chat_id, account, is_at, view)
        out = [v for a, v in views.items() if a not in shown and a not in wanted]
        assert not out, (chat_id, out)

    def _waiting(self, room: Any, wanted: Mapping[str, str], views: Mapping[str, MemberView]) -> None:
        """Who is missing where a person is needed waits for it; what was last seen is all that is known there."""
        known = {"waiting", "left", "refused", "held", "rejected"} | (
            {"applied"} if room.observed_life != GONE else set()
        )
        for account in wanted.keys() - self._shown(room).keys():
            assert views[account].state in known, (room.chat_id, room.observed_life, views[account])

    def _may_stay(self, chat_id: str, account: str) -> bool:
        """A stranger whom the school wants to be asked about, or has adopted."""
        held = {oracle.accounts(self.told.events, "max").get(person) for person in self._known()}
        named = self.differences.get((chat_id, account))
        asked = named == "stranger ask" and "strangers" in self.need.get(chat_id, ())
        return account not in held and (asked or named == "stranger adopt")

    def _known(self) -> set[str]:
        """Whoever was a student, a guardian or an employee of the school, ever."""
        of_school = (
            event for event in self.told.events if event["data"].get("organisation_id") == self.organisation_id
        )
        return {event["data"][TIES[event["type"]]] for event in of_school if event["type"] in TIES}

    async def _may_be_missing(self, room: Any, account: str, is_at: str | None, view: MemberView) -> bool:
        """Refused by the platform, for a reason that there is; left by himself; or waiting for a seat."""
        if view.state in {"held", "rejected"}:
            return await self._on_hold(view.state)
        if is_at is not None or room is None:
            return False
        chat = room.external_chat_id
        user, is_full = self.school.world.users.get(int(account)), self._is_full(chat)
        match view.state:
            case "refused":
                genuine = {
                    "add.participant.privacy": user is not None and user.privacy,
                    "add.participant.not.found": user is None,
                    "chat.full": is_full,
                }
                return genuine.get(view.refused_code or "", False) and bool(view.invite_link)
            case "left":
                return any((chat, each) in self.left for each in self._ever(view.person_id))
            case "pending":
                return is_full and self.status.outbox.retrying > 0
        return False

    async def _on_hold(self, state: str) -> bool:
        """Whether there is such a hold: a person may decide on it still, or has."""
        found = await self.registry.operations.holds(frozenset({self.organisation_id}), Window(limit=1000))
        now = self.school.clock.now()
        return any((hold.state == state) and (state != "held" or hold.expires_at > now) for hold in found.items)

    def _ever(self, person_id: str) -> set[str]:
        """The accounts that somebody was ever linked to."""
        of_person = (event["data"] for event in self.told.events if event["data"].get("person_id") == person_id)
        return {data["external_user_id"] for data in of_person if "external_user_id" in data}

    def _title(self, chat_id: str, room: Any, title: str) -> None:
        if room is None or room.external_chat_id is None or self._stuck(room):
            return
        is_called = self.school.world.chats[int(room.external_chat_id)].title
        kept = room.external_chat_id in self.titled and self.differences.get((chat_id, None)) in {None, "title keep"}
        policy_keeps = room.kept_for == room.wanted_title
        assert is_called == title or (kept and policy_keeps), (chat_id, is_called, title)

    def _closed(self, room: Any) -> None:
        """Its chat is archived, and nobody is in it but who holds R3, R5 or R8, and whom nobody knows."""
        assert self.school.world.chats[int(room.external_chat_id)].archived, room.chat_id
        lasting = self._lasting(room.chat_id)
        for account, role in self._shown(room).items():
            assert account in lasting or self._may_stay(room.chat_id, account), (room.chat_id, room.life, account, role)

    def _lasting(self, chat_id: str) -> set[str | None]:
        """The accounts of its homeroom teacher, and of the school's chat administrator."""
        held, of = oracle.held_on(self.school.clock.now().date(), self.told.events), oracle.accounts
        school, class_id = self.organisation_id, chat_id.partition(":")[2]
        facts = (("homeroom", school, class_id), ("chat administrator", school))
        persons = [held[fact].value for fact in facts if fact in held]
        return {account for person, account in of(self.told.events, "max").items() if person in persons}

    def _asked_of_persons(self) -> None:
        """Nobody is asked for what is none of their business any more, or is not so."""
        stuck = {room.chat_id for room in self.rooms if self._stuck(room)}
        there = {(room.chat_id, account) for room in self.rooms for account in self._shown(room)}
        strangers = {chat_id for chat_id, account in there if self._may_stay(chat_id, account)}
        for chat_id, states in self.need.items():
            assert states <= {"gone", "needs_person", "strangers"}, (chat_id, states)
            assert states <= {"strangers"} or chat_id in stuck, (chat_id, states)
            assert "strangers" not in states or chat_id in strangers | stuck, (chat_id, states)
        late = {alarm.chat_id for alarm in self.status.alarms if alarm.kind == REMOVAL_LATE}
        assert late <= {room.chat_id for room in self.rooms if room.observed_life == NEEDS_PERSON}, late

    async def _believed(self) -> None:
        """Nobody is believed to be where he is not."""
        by_no = {room.room_no: room for room in self.rooms if not self._stuck(room)}
        for place in await self.school.rows(select(places).where(places.c.account != "")):
            if place.room_no in by_no:
                shown = self._shown(by_no[place.room_no])
                assert place.observed == shown.get(place.account, "out"), place

    async def _next_steps(self) -> None:
        """A room that is never due has nothing to do, and who waits is in a count."""
        async with self.school.database.reading() as connection:
            idle = [room for room in self.rooms if room.due_at is None and room.lease_until is None]
            left = {no: next_act(work, PARTNER) for no, work in (await works(Bulk(connection), idle, FAR)).items()}
        assert not any(left.values()), left
        assert self.status.inbox_unprocessed == 0
        waits_for_seats = any(self._is_full(room.external_chat_id) for room in self.rooms)
        outbox = self.status.outbox
        assert outbox.pending + outbox.in_flight == 0, outbox
        assert waits_for_seats or outbox.retrying == 0, outbox

    def _stuck(self, room: Any) -> bool:
        """Whether a person is needed there, and told so; and it has to be so."""
        if room.observed_life not in {"gone", "needs_person", "to_adopt"}:
            return False
        chat = self.school.world.chats.get(int(room.external_chat_id)) if room.external_chat_id else None
        assert chat is None or self._lacks_rights(chat), (room.chat_id, room.observed_life)
        if room.wanted_life == "open":
            assert self.need.get(room.chat_id, set()) & {"gone", "needs_person"}, (room.chat_id, self.need)
        return True

    def _manages(self, room: Any) -> bool:
        """Whether people can be put in and taken out all the same."""
        chat = self.school.world.chats.get(int(room.external_chat_id))
        own = chat.members.get(SERVICE_ID) if chat is not None and not chat.rights_lost else None
        return own is not None and own.may("add_remove_members")

    @staticmethod
    def _lacks_rights(chat: Any) -> bool:
        own = chat.members.get(SERVICE_ID)
        return chat.rights_lost or own is None or not all(own.may(right) for right in ALL_PERMISSIONS)

    def _shown(self, room: Any) -> Mapping[str, str]:
        if room is None or room.external_chat_id is None or int(room.external_chat_id) not in self.school.world.chats:
            return {}
        members = self.school.world.chats[int(room.external_chat_id)].members
        return {str(no): "admin" if m.is_admin else "member" for no, m in members.items() if no != SERVICE_ID}

    def _is_full(self, chat: str | None) -> bool:
        limit, there = self.school.nature.full.get(chat or ""), self.school.world.chats.get(int(chat or 0))
        return limit is not None and there is not None and len(there.members) > limit
