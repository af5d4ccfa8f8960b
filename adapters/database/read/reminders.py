"""Who of a class has not linked an account."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from adapters.database.read.loaded import Loaded
from adapters.database.read.members import Members
from adapters.database.read.organisations import Organisations
from adapters.database.read.rooms import Rooms
from adapters.database.read.rosters import Rosters, chat_type
from sync.chats import class_chat, parents_chat
from sync.facts import CLASS_STATE, PERSON_NAMES
from sync.ids import ChatId, ClassId, OrganisationId, PersonId
from sync.invitations import invitation
from sync.membership_states import FOR_ACCOUNT, FOR_HELD_ACCOUNT, MembershipState
from sync.places import MEMBER
from sync.platform import PROVIDERS
from sync.roster import Roster
from sync.titles import Titles, title
from sync.views.organisations import OrganisationView
from sync.views.reminders import ChatReminders, NamedPerson, RemindersView, UnlinkedView

GUARDIAN_OF = "guardian_of"

Names = Mapping[PersonId, NamedPerson]
Stand = Mapping[ChatId, Mapping[PersonId, MembershipState]]  # by chat


class Reminders:
    def __init__(
        self,
        *,
        organisations: Organisations,
        rosters: Rosters,
        rooms: Rooms,
        members: Members,
        loaded: Loaded,
        titles: Titles,
    ) -> None:
        self._organisations, self._rosters, self._rooms = organisations, rosters, rooms
        self._members, self._loaded, self._titles = members, loaded, titles

    async def of_class(self, organisation_id: OrganisationId, class_id: ClassId) -> RemindersView | None:
        """None of a class that the school never opened."""
        roster = await self._rosters.of_chats(organisation_id)
        if roster is None or (class_id,) not in roster.holding(CLASS_STATE):
            return None
        return (await self._of(roster, [class_id]))[0]

    async def of_school(self, organisation_id: OrganisationId) -> Sequence[RemindersView] | None:
        """Of each open class, by id."""
        roster = await self._rosters.of_chats(organisation_id)
        if roster is None:
            return None
        return await self._of(roster, sorted(of for (of,) in roster.holding(CLASS_STATE) if roster.class_open(of)))

    async def _of(self, roster: Roster, class_ids: Sequence[ClassId]) -> list[RemindersView]:
        school = await self._organisations.organisation(roster.organisation_id)
        if school is None:
            return []
        stand = await self._stand(roster, [chat for class_id in class_ids for chat in _chats(class_id)])
        unlinked = {each.person_id for chat in stand.values() for each in _unlinked(chat)}
        held = await self._members.held_by_others(sorted(unlinked), roster.organisation_id)
        pupils = {pupil for chat in stand.values() for each in _unlinked(chat) for pupil in _wards(each)}
        names = await self._names(roster.organisation_id, unlinked | pupils)
        return [
            _view(school, roster, class_id, [self._chat(chat, roster, stand, held, names) for chat in _chats(class_id)])
            for class_id in class_ids
        ]

    async def _stand(self, roster: Roster, chat_ids: Sequence[ChatId]) -> Stand:
        present = await self._rooms.present(chat_ids, roster)
        places = await self._rooms.views([row.room_no for row in present.values()])
        return {
            chat_id: await self._rooms.membership_states(row, places.get(row.room_no, ()))
            for chat_id, row in present.items()
        }

    async def _names(self, school: OrganisationId, persons: Iterable[PersonId]) -> Names:
        keys = [(school, person) for person in sorted(persons)]
        facts = await self._loaded.facts([PERSON_NAMES], PERSON_NAMES.key, keys)
        said = Roster(school, date.max, facts).holding(PERSON_NAMES)
        nothing = (None, None, None)
        return {
            person: NamedPerson(person, *(said[person,].value if (person,) in said else nothing)) for _, person in keys
        }

    def _chat(self, chat_id: ChatId, roster: Roster, stand: Stand, held: set[PersonId], names: Names) -> ChatReminders:
        states = stand.get(chat_id, {})
        unlinked = [_unlinked_view(each, held, names) for each in _unlinked(states)]
        return ChatReminders(
            chat_id,
            title(chat_id, roster, self._titles),
            chat_type(chat_id, roster),
            sum(each.role is not None for each in states.values()),
            sorted(unlinked, key=lambda view: _alphabetical(view.person)),
        )


def _chats(class_id: ClassId) -> tuple[ChatId, ChatId]:
    return class_chat(class_id), parents_chat(class_id)


def _unlinked(stand: Mapping[PersonId, MembershipState]) -> Iterator[MembershipState]:
    return (each for each in stand.values() if each.waits_for == FOR_ACCOUNT)


def _wards(membership: MembershipState) -> Iterator[PersonId]:
    """The pupils whose guardian somebody is in a chat."""
    for reason in membership.reasons:
        kind, colon, pupil = reason.partition(":")
        if colon and kind == GUARDIAN_OF:
            yield PersonId(pupil)


def _unlinked_view(membership: MembershipState, held: set[PersonId], names: Names) -> UnlinkedView:
    person = membership.person_id
    return UnlinkedView(
        names[person],
        membership.role or MEMBER,
        membership.reasons,
        FOR_HELD_ACCOUNT if person in held else FOR_ACCOUNT,
        [names[pupil] for pupil in _wards(membership)],
    )


def _alphabetical(person: NamedPerson) -> tuple[str, ...]:
    named = (person.last_name, person.first_name, person.middle_name)
    return (*(name.casefold().replace("ё", "е") if name else "" for name in named), person.person_id)


def _view(school: OrganisationView, roster: Roster, class_id: ClassId, chats: Sequence[ChatReminders]) -> RemindersView:
    provider = PROVIDERS[school.platform]
    titles = [chat.title for chat in chats]
    return RemindersView(
        school.organisation_id,
        school.name,
        school.time_zone,
        class_id,
        roster.class_name(class_id) or class_id,
        provider,
        school.sign_in_url,
        invitation(provider, titles, school.sign_in_url),
        chats,
    )
