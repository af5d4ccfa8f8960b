"""Every event type that comes in: its model, the topic it belongs on, and the field that keys it there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final, Literal, get_args

from pydantic import Field, TypeAdapter

from schemas import accounts, chats, people, roster
from schemas.envelope import Event

Topic = Literal["roster", "account"]

RosterEvent = (
    roster.OrganisationRegistered
    | roster.ChatAdministratorAssigned
    | roster.ClassOpened
    | roster.ClassRenamed
    | roster.HomeroomTeacherAssigned
    | roster.ClassClosed
    | roster.GroupOpened
    | roster.GroupTeacherAssigned
    | roster.GroupStudentsSet
    | roster.GroupClosed
    | people.PersonDescribed
    | people.PersonBlocked
    | people.PersonUnblocked
    | people.StudentEnrolled
    | people.StudentTransferred
    | people.StudentPromoted
    | people.StudentExpelled
    | people.StudentRestored
    | people.RestorationCancelled
    | people.GuardianAssigned
    | people.GuardianRemoved
    | people.EmployeeHired
    | people.PositionChanged
    | people.EmployeeDismissed
    | chats.ChatCreated
    | chats.ChatEdited
    | chats.ChatDeleted
)
AccountEvent = accounts.AccountLinked | accounts.LinkDeclined | accounts.AccountUnlinked
IncomingEvent = RosterEvent | AccountEvent

EVENTS: Final[TypeAdapter[IncomingEvent]] = TypeAdapter(Annotated[IncomingEvent, Field(discriminator="type")])


@dataclass(frozen=True, slots=True)
class Entry:
    """An event type. `topic` names the setting that names the topic; `key` is the field of `data` that keys it."""

    model: type[Event]
    topic: Topic
    key: str


def _entries(topic: Topic, key: str, models: tuple[type[Event], ...]) -> dict[str, Entry]:
    return {model.type_name(): Entry(model, topic, key) for model in models}


CATALOGUE: Final = {
    **_entries("roster", "organisation_id", get_args(RosterEvent)),
    **_entries("account", "person_id", get_args(AccountEvent)),
}


def topic_of(event: Event) -> Topic:
    return CATALOGUE[event.type].topic


def key_of(event: Event) -> str:
    """The record key the event has on its topic."""
    return str(getattr(event.data, CATALOGUE[event.type].key))
