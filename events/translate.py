"""Translating each event to assertions of facts: the one file that knows both the wire and the rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from schemas.catalogue import IncomingEvent
from schemas.envelope import Data
from sync import chats
from sync import facts as f
from sync.accounts import AccountAssertion
from sync.ports.events import Incoming
from sync.versions import Version

Said = Iterable[tuple[f.FactType, f.Key, Any]]  # facts with their values
Names = Iterable[tuple[str, str]]  # what an event refers to and needs announced


def translate(event: IncomingEvent, record: tuple[str, int, int] | None = None) -> Incoming:
    """The event with its assertions. `record`: topic, partition and offset, if it came from a topic."""
    data: Any = event.data
    version = Version(event.source, event.sequence, event.time, event.id)
    effective_on = _field(data, "effective_on") or f.AT_ONCE
    organisation_id = _field(data, "organisation_id")
    said = _SAYS[event.type](data) if event.type in _SAYS else ()
    return Incoming(
        event.source,
        event.id,
        event.type,
        organisation_id,
        event.time,
        event.structured(),
        tuple(f.Assertion(kind, key, value, effective_on, version) for kind, key, value in said),
        tuple(_accounts(event.type, data, version)),
        tuple(_names(data)) if organisation_id is not None else (),
        record,
    )


def _accounts(type_: str, data: Any, version: Version) -> Iterable[AccountAssertion]:
    if type_ == "account.linked.v1":
        yield AccountAssertion(data.person_id, data.provider, data.external_user_id, version)
    elif type_ == "account.unlinked.v1":
        yield AccountAssertion(data.person_id, data.provider, None, version)


# organisation and persons


def _registered(d: Any) -> Said:
    yield f.REGISTRATION, (d.organisation_id,), f.Registration(d.name, d.time_zone, d.sis)
    if d.carries("chat_administrator_id"):
        yield f.CHAT_ADMINISTRATOR, (d.organisation_id,), f.ChatAdministrator(d.chat_administrator_id)


def _chat_administrator(d: Any) -> Said:
    yield f.CHAT_ADMINISTRATOR, (d.organisation_id,), f.ChatAdministrator(d.employee_id)


def _described(d: Any) -> Said:
    yield f.PERSON_NAMES, (d.organisation_id, d.person_id), f.PersonNames(d.last_name, d.first_name, d.middle_name)


def _blocks(*, blocked: bool) -> Callable[[Any], Said]:
    return lambda d: [(f.BLOCK, (d.organisation_id, d.person_id), f.Block(blocked))]


# classes


def _class_opened(d: Any) -> Said:
    key = d.organisation_id, d.class_id
    yield f.CLASS_STATE, key, f.ClassState(open=True)
    yield from _class_named(d)
    if d.carries("homeroom_teacher_id"):
        yield f.HOMEROOM, key, f.Homeroom(d.homeroom_teacher_id)


def _class_named(d: Any) -> Said:
    key = d.organisation_id, d.class_id
    yield f.CLASS_NAME, key, f.ClassName(d.name)
    if d.school_year is not None:
        yield f.CLASS_YEAR, key, f.ClassYear(d.school_year)


def _homeroom(d: Any) -> Said:
    yield f.HOMEROOM, (d.organisation_id, d.class_id), f.Homeroom(d.employee_id)


def _class_closed(d: Any) -> Said:
    yield f.CLASS_STATE, (d.organisation_id, d.class_id), f.ClassState(open=False)


# teaching groups


def _group_opened(d: Any) -> Said:
    yield f.GROUP_STATE, (d.organisation_id, d.group_id), f.GroupState(True, d.class_id, d.subject, d.name)  # noqa: FBT003
    yield from _group_teacher(d)
    yield from _group_students(d)


def _group_teacher(d: Any) -> Said:
    yield f.GROUP_TEACHER, (d.organisation_id, d.group_id), f.GroupTeacher(d.teacher_id)


def _group_students(d: Any) -> Said:
    students = None if d.student_ids is None else tuple(sorted(d.student_ids))
    yield f.GROUP_ROSTER, (d.organisation_id, d.group_id), f.GroupRoster(students)


def _group_closed(d: Any) -> Said:
    yield f.GROUP_STATE, (d.organisation_id, d.group_id), f.GroupState(False, None, None, None)  # noqa: FBT003


# students and guardians


def _admits(how: str) -> Callable[[Any], Said]:
    def says(d: Any) -> Said:
        key = d.organisation_id, d.student_id
        yield f.ATTENDANCE, key, f.Attendance(True, None)  # noqa: FBT003
        yield f.PLACEMENT, key, f.Placement(d.class_id, None, how)

    return says


def _moves(how: str) -> Callable[[Any], Said]:
    """A move does not admit a student."""

    def says(d: Any) -> Said:
        placement = f.Placement(d.to_class_id, _field(d, "school_year"), how)
        yield f.PLACEMENT, (d.organisation_id, d.student_id), placement

    return says


def _student_leaves(d: Any) -> Said:
    yield f.ATTENDANCE, (d.organisation_id, d.student_id), f.Attendance(False, _field(d, "reason"))  # noqa: FBT003


def _guardian_assigned(d: Any) -> Said:
    key = d.organisation_id, d.guardian_id, d.student_id
    yield f.GUARDIANSHIP, key, f.Guardianship(True, d.relation)  # noqa: FBT003
    if not d.snapshot:
        yield f.DENIAL, key, f.Denial(denied=False)


def _guardian_removed(d: Any) -> Said:
    key = d.organisation_id, d.guardian_id, d.student_id
    yield f.GUARDIANSHIP, key, f.Guardianship(False, None)  # noqa: FBT003
    if d.denied:
        yield f.DENIAL, key, f.Denial(denied=True)


# employees


def _hired(d: Any) -> Said:
    yield f.EMPLOYMENT, (d.organisation_id, d.employee_id), f.Employment(employed=True)
    yield from _position(d)


def _position(d: Any) -> Said:
    yield f.POSITION, (d.organisation_id, d.employee_id), f.Position(d.position_type, d.position)


def _dismissed(d: Any) -> Said:
    yield f.EMPLOYMENT, (d.organisation_id, d.employee_id), f.Employment(employed=False)


# chats


def _chat_created(d: Any) -> Said:
    yield f.CHAT_STATE, (d.organisation_id, d.chat_id), f.ChatState(True, d.chat_type, d.group_id)  # noqa: FBT003
    yield f.CHAT_NAME, (d.organisation_id, d.chat_id), f.ChatName(d.name)
    yield from _picks(d, "added", (*d.employee_ids, *d.student_ids, *d.guardian_ids))
    yield from _picks(d, "excluded", d.excluded_ids)


def _chat_edited(d: Any) -> Said:
    if d.name is not None:
        yield f.CHAT_NAME, (d.organisation_id, d.chat_id), f.ChatName(d.name)
    yield from _picks(d, "added", d.add_ids)
    yield from _picks(d, "excluded", d.remove_ids)


def _picks(d: Any, pick: str, persons: Iterable[str]) -> Said:
    for person_id in dict.fromkeys(persons):
        yield f.HAND_PICK, (d.organisation_id, d.chat_id, person_id), f.HandPick(pick)


def _chat_deleted(d: Any) -> Said:
    yield f.CHAT_STATE, (d.organisation_id, d.chat_id), f.ChatState(False, None, None)  # noqa: FBT003


_SAYS: dict[str, Callable[[Any], Said]] = {
    "school.organisation.registered.v1": _registered,
    "school.organisation.chat_administrator_assigned.v1": _chat_administrator,
    "school.person.described.v1": _described,
    "school.person.blocked.v1": _blocks(blocked=True),
    "school.person.unblocked.v1": _blocks(blocked=False),
    "school.class.opened.v1": _class_opened,
    "school.class.renamed.v1": _class_named,
    "school.class.homeroom_teacher_assigned.v1": _homeroom,
    "school.class.closed.v1": _class_closed,
    "school.group.opened.v1": _group_opened,
    "school.group.teacher_assigned.v1": _group_teacher,
    "school.group.students_set.v1": _group_students,
    "school.group.closed.v1": _group_closed,
    "school.student.enrolled.v1": _admits("enrolled"),
    "school.student.transferred.v1": _moves("transferred"),
    "school.student.promoted.v1": _moves("promoted"),
    "school.student.restored.v1": _admits("restored"),
    "school.student.expelled.v1": _student_leaves,
    "school.student.restoration_cancelled.v1": _student_leaves,
    "school.guardian.assigned.v1": _guardian_assigned,
    "school.guardian.removed.v1": _guardian_removed,
    "school.employee.hired.v1": _hired,
    "school.employee.position_changed.v1": _position,
    "school.employee.dismissed.v1": _dismissed,
    "school.chat.created.v1": _chat_created,
    "school.chat.edited.v1": _chat_edited,
    "school.chat.deleted.v1": _chat_deleted,
}

# Fields that refer to entities; persons whom no other event announces (guardians, picks of an edit) are left out.
_REFERENCES = {
    "class_id": "class",
    "to_class_id": "class",
    "group_id": "group",
    "employee_id": "employee",
    "homeroom_teacher_id": "employee",
    "chat_administrator_id": "employee",
    "teacher_id": "employee",
    "student_id": "student",
    "employee_ids": "employee",
    "student_ids": "student",
}


@cache
def _references(model: type[Data]) -> tuple[tuple[str, str], ...]:
    return tuple((field, entity) for field, entity in _REFERENCES.items() if field in model.model_fields)


def _field(data: Data, name: str) -> Any:
    """A field that not every type has; looking up a missing attribute of a model is slow."""
    return getattr(data, name) if name in type(data).model_fields else None


def _names(data: Any) -> Names:
    yield "organisation", data.organisation_id
    model: Any = type(data)
    for field, entity in _references(model):
        named = getattr(data, field)
        for id_ in (named,) if isinstance(named, str) else named or ():
            yield entity, id_
    chat_id = _field(data, "chat_id")
    if chat_id is not None:
        class_id = chats.class_of(chat_id)
        derived = chats.derived_from(chat_id)
        if class_id is not None:
            yield "class", class_id
        elif derived is None:
            yield "chat", chat_id
