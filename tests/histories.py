"""Random schools and what happens in them: lists of valid CloudEvents structured dicts, in any order, some repeated.

The pools are small so that events meet: everybody may be pupil, guardian and employee at once, some events name another
school's class, and three sources tell of the same facts. A repeated event is the same event in every byte.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, Protocol, TypeVar

from hypothesis import strategies as st

T = TypeVar("T")
Event = dict[str, Any]
Data = dict[str, Any]

BASE_DAY = date(2026, 10, 1)
DAYS = tuple(BASE_DAY + timedelta(days=days) for days in (-1, 0, 1))
"""The days named in `effective_on`: worth asking about, and so are the days on either side of them."""

FIRST, LAST = datetime(2026, 9, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)
"""All events are timed from FIRST to LAST, both included."""

ORGANISATIONS = ("school-1", "school-2", "lyceum")
PERSONS = ("anna", "boris", "vera", "galina", "dmitri", "elena")
STUDENTS = ("anna", "boris", "anna", "vera", "galina")
GUARDIANS = ("vera", "galina", "dmitri", "vera", "anna")
EMPLOYEES = ("elena", "dmitri", "elena", "galina", "boris")
CLASSES = {"5a": "school-1", "5b": "school-1", "6a": "school-2"}
GROUPS = {"algebra": "school-1", "english": "school-2"}
CHATS = {"club": "school-1", "algebra-chat": "school-1"}
DEFAULT_CHATS = {
    "staff:school-1": "school-1",
    "class:5a": "school-1",
    "parents:5a": "school-1",
    "parents:5b": "school-1",
    "class:6a": "school-2",
}
ACCOUNTS = ("1001", "1002", "9007199254740993")
PROVIDERS = ("max", "vk_id")

ORDERED, PLAIN, MIXED = "sis/ordered", "sis/plain", "sis/mixed"
"""Sequences in the order of the times; no sequences; sequences at odds with the times, and now and then none."""

SOURCES = (ORDERED, PLAIN, MIXED)
MIXED_SEQUENCES = ("1", "2", "10", "11", "100", "3", "Z", "a", "ж", None)
CLOCK_TIMES = (timedelta(hours=9), timedelta(hours=9, microseconds=1), timedelta(hours=20), timedelta(hours=21.5))
ZONES = (UTC, timezone(timedelta(hours=3)), timezone(-timedelta(hours=4, minutes=30)))


SELDOM_MISSING = (False, *[True] * 24)
"""Whether an event of the beginnings is told: what a failure does not need, shrinking leaves out."""


class Choose(Protocol):
    """Takes one of the options: by hypothesis, which shrinks to the first, or by a seeded generator."""

    def __call__(self, options: Sequence[T], /) -> T: ...


def random_history(seed: int, size: int) -> list[Event]:
    """A well-formed school and `size` events more, a tenth of them repeated, shuffled; the same for the same seed."""
    generator = random.Random(seed)
    events = _numbered(_school(generator.choice) + [_event(generator.choice) for _ in range(size)])
    events += [generator.choice(events) for _ in range(size // 10)]
    generator.shuffle(events)
    return events


@st.composite
def school_histories(draw: st.DrawFn, *, max_size: int = 25) -> list[Event]:
    """Two schools with people in their chats, and up to `max_size` events more."""
    school = [event for event in _school(_by(draw)) if draw(st.sampled_from(SELDOM_MISSING))]
    return draw(_as_it_arrives(_numbered(school + draw(st.lists(_events(), max_size=max_size)))))


@st.composite
def loose_histories(draw: st.DrawFn, *, max_size: int = 25) -> list[Event]:
    """Up to `max_size` events of which none need fit another."""
    return draw(_as_it_arrives(_numbered(draw(st.lists(_events(), max_size=max_size)))))


def histories(*, max_size: int = 25) -> st.SearchStrategy[list[Event]]:
    """Histories of either kind."""
    return st.one_of(school_histories(max_size=max_size), loose_histories(max_size=max_size))


def days() -> st.SearchStrategy[date]:
    """A day on which something may begin, or one beside it."""
    return st.sampled_from((*DAYS, BASE_DAY - timedelta(days=2), BASE_DAY + timedelta(days=2)))


@st.composite
def _events(draw: st.DrawFn) -> Event:
    return _event(_by(draw))


def _by(draw: st.DrawFn) -> Choose:
    return lambda options, /: draw(st.sampled_from(options))


@st.composite
def _as_it_arrives(draw: st.DrawFn, events: list[Event]) -> list[Event]:
    repeated = draw(st.lists(st.sampled_from(events), max_size=4)) if events else []
    return list(draw(st.permutations(events + repeated)))


def _numbered(events: Sequence[Event]) -> list[Event]:
    return [with_identity(event, number) for number, event in enumerate(events)]


def with_identity(event: Event, number: int) -> Event:
    """Ids whose order by code point is not that of a dictionary; sequences of the ordered source."""
    event = event | {"id": f"{'eEж'[number % 3]}{number}"}
    if event["source"] == ORDERED:
        since_first = datetime.fromisoformat(event["time"]) - FIRST
        event["sequence"] = f"{since_first // timedelta(microseconds=1):016d}-{number:05d}"
    return event


def _event(choose: Choose) -> Event:
    type_, data = choose(WEIGHTED)
    return enveloped(choose, type_, data(choose), day_range=range(1, 61))


def enveloped(choose: Choose, type_: str, data: Data, day_range: Sequence[int]) -> Event:
    """All but the id, and the sequence where the source orders by it."""
    source = choose(SOURCES)
    time = FIRST + timedelta(days=choose(day_range)) + choose(CLOCK_TIMES)
    sequence = choose(MIXED_SEQUENCES) if source == MIXED else None
    event = {
        "specversion": "1.0",
        "source": source,
        "type": type_,
        "time": time.astimezone(choose(ZONES)).isoformat(),
        "datacontenttype": "application/json",
        "data": data,
    }
    return event if sequence is None else event | {"sequence": sequence}


def _school(choose: Choose) -> list[Event]:
    """What most schools begin with, told in the first days by whatever source."""
    return [enveloped(choose, type_, data, day_range=range(2)) for type_, data in _beginnings(choose)]


def _beginnings(choose: Choose) -> list[tuple[str, Data]]:
    first, second = {"organisation_id": "school-1"}, {"organisation_id": "school-2"}
    student, guardian, employee = (
        "school.student.enrolled.v1",
        "school.guardian.assigned.v1",
        "school.employee.hired.v1",
    )
    year = {"school_year": "2026/2027"}
    picked = {"employee_ids": ["elena"], "student_ids": [choose(STUDENTS)]}
    return [
        (
            "school.organisation.registered.v1",
            first | {"name": "Школа 1", "chat_administrator_id": choose((None, "elena"))},
        ),
        ("school.organisation.registered.v1", second | {"name": "Школа 2"}),
        *(
            (
                "school.class.opened.v1",
                {"organisation_id": owner, "class_id": id_, "name": f"Класс {id_}", **year}
                | choose(({}, {"homeroom_teacher_id": choose(EMPLOYEES)})),
            )
            for id_, owner in CLASSES.items()
        ),
        (employee, first | {"employee_id": "elena", "position_type": "administration"}),
        (employee, first | {"employee_id": "dmitri", "position_type": choose(("teaching_staff", "other"))}),
        (employee, second | {"employee_id": choose(EMPLOYEES), "position_type": "teaching_staff"}),
        (student, first | {"student_id": "anna", "class_id": choose(("5a", "5b"))}),
        (student, first | {"student_id": "boris", "class_id": choose(("5a", "5b"))}),
        (student, second | {"student_id": choose(("vera", "anna")), "class_id": choose(("6a", "5a"))}),
        (
            "school.class.opened.v1",
            second | {"class_id": "5a", "name": "5 А другой школы", "homeroom_teacher_id": choose(EMPLOYEES), **year},
        ),
        ("school.chat.created.v1", second | {"chat_id": "club", "name": "Клуб", "chat_type": "other"} | picked),
        (guardian, first | {"guardian_id": choose(GUARDIANS[:3]), "student_id": "anna"}),
        (guardian, first | {"guardian_id": choose(GUARDIANS[:3]), "student_id": "boris"}),
        (
            "school.group.opened.v1",
            first
            | {"group_id": "algebra", "class_id": choose(("5a", None)), "subject": "Алгебра", "name": "Алгебра 5"}
            | {"teacher_id": choose(EMPLOYEES), "student_ids": choose((None, ["anna"], ["anna", "boris"]))},
        ),
        (
            "school.chat.created.v1",
            first
            | {"chat_id": "algebra-chat", "name": "Алгебра", "chat_type": "subject", "group_id": "algebra"}
            | picked,
        ),
        ("school.chat.created.v1", first | {"chat_id": "club", "name": "Кружок", "chat_type": "other"} | picked),
        *(
            ("account.linked.v1", {"person_id": person, "provider": "max", "external_user_id": account})
            for person, account in zip(("anna", "vera", "elena"), ACCOUNTS, strict=True)
        ),
    ]


def _own(choose: Choose, key: str, owners: Mapping[str, str]) -> Data:
    """Something of a school, named mostly by that school."""
    id_ = choose(tuple(owners))
    owner = owners[id_]
    return {"organisation_id": choose((owner, owner, owner, owner, *ORGANISATIONS)), key: id_}


def _organisation(choose: Choose) -> Data:
    return {"organisation_id": choose(("school-1", "school-1", *ORGANISATIONS))}


def _dated(choose: Choose) -> Data:
    days = tuple({"effective_on": day.isoformat()} for day in DAYS)
    return choose(({}, {}, {}, {"effective_on": None}, *days))


def _maybe(choose: Choose, key: str, options: Sequence[Any]) -> Data:
    return choose(({}, {key: choose(options)}))


def _registered(choose: Choose) -> Data:
    return (
        _organisation(choose)
        | {"name": choose(("Школа", "Лицей"))}
        | _maybe(choose, "time_zone", ("Europe/Moscow", "Asia/Kamchatka", "Europe/Kaliningrad", None))
        | _maybe(choose, "chat_administrator_id", (None, *EMPLOYEES))
        | _maybe(choose, "sis", ("bars", "mesh", "paragraf", "oneroster"))
    )


def _chat_administrator(choose: Choose) -> Data:
    return _organisation(choose) | {"employee_id": choose((*EMPLOYEES, None))}


def _described(choose: Choose) -> Data:
    names = {"last_name": "Иванова", "first_name": "Анна"}
    return _organisation(choose) | {"person_id": choose(PERSONS)} | names | _maybe(choose, "middle_name", (None, "А."))


def _blocked(choose: Choose) -> Data:
    return _organisation(choose) | {"person_id": choose(PERSONS)} | _dated(choose)


def _class_opened(choose: Choose) -> Data:
    return (
        _own(choose, "class_id", CLASSES)
        | {"name": choose(("5 А", "6 А", "5 Б")), "school_year": choose(("2026/2027", "2027/2028"))}
        | _maybe(choose, "homeroom_teacher_id", (None, *EMPLOYEES))
        | _dated(choose)
    )


def _class_renamed(choose: Choose) -> Data:
    """A renaming holds at once: a day in it is a field nobody knows."""
    return (
        _own(choose, "class_id", CLASSES)
        | {"name": choose(("5 А", "6 А", "7 В"))}
        | _maybe(choose, "school_year", ("2026/2027", "2027/2028", None))
        | choose(({}, {}, _dated(choose)))
    )


def _homeroom(choose: Choose) -> Data:
    return _own(choose, "class_id", CLASSES) | {"employee_id": choose((*EMPLOYEES, None))} | _dated(choose)


def _class_closed(choose: Choose) -> Data:
    return _own(choose, "class_id", CLASSES) | _dated(choose)


def _student_ids(choose: Choose) -> list[str] | None:
    return choose((None, [], ["anna"], ["anna", "boris"], ["boris", "vera", "galina"], ["vera", "vera"]))


def _group_opened(choose: Choose) -> Data:
    return _own(choose, "group_id", GROUPS) | {
        "class_id": choose((None, "5a", *CLASSES)),
        "subject": "Алгебра",
        "name": "Группа",
        "teacher_id": choose((*EMPLOYEES, None)),
        "student_ids": _student_ids(choose),
    }


def _group_teacher(choose: Choose) -> Data:
    return _own(choose, "group_id", GROUPS) | {"teacher_id": choose((*EMPLOYEES, None))}


def _group_students(choose: Choose) -> Data:
    return _own(choose, "group_id", GROUPS) | {"student_ids": _student_ids(choose)}


def _group_closed(choose: Choose) -> Data:
    return _own(choose, "group_id", GROUPS)


def _student_of(choose: Choose, key: str) -> Data:
    return _own(choose, key, CLASSES) | {"student_id": choose(STUDENTS)} | _dated(choose)


def _into_class(choose: Choose) -> Data:
    return _student_of(choose, "class_id")


def _transferred(choose: Choose) -> Data:
    return _student_of(choose, "to_class_id") | _maybe(choose, "from_class_id", (None, *CLASSES))


def _promoted(choose: Choose) -> Data:
    return _transferred(choose) | {"school_year": "2027/2028"}


def _expelled(choose: Choose) -> Data:
    reason = _maybe(choose, "reason", ("left", "graduated", "expelled", "other", None))
    return _organisation(choose) | {"student_id": choose(STUDENTS)} | reason | _dated(choose)


def _restoration_cancelled(choose: Choose) -> Data:
    return _organisation(choose) | {"student_id": choose(STUDENTS)}


def _guardian(choose: Choose) -> Data:
    """One pair comes often, so that denials and restatements of it meet."""
    student = choose(STUDENTS)
    others = tuple(guardian for guardian in GUARDIANS if guardian != student)
    often = {"organisation_id": "school-1", "guardian_id": "vera", "student_id": "anna"}
    return choose((often, _organisation(choose) | {"guardian_id": choose(others), "student_id": student}))


def _guardian_assigned(choose: Choose) -> Data:
    snapshot = choose(({}, {"snapshot": True}, {"snapshot": True}, {"snapshot": False}))
    return _guardian(choose) | snapshot | _maybe(choose, "relation", ("mother", None))


def _guardian_removed(choose: Choose) -> Data:
    return _guardian(choose) | choose(({}, {"denied": True}, {"denied": True}, {"denied": False}))


def _hired(choose: Choose) -> Data:
    return (
        _organisation(choose)
        | {"employee_id": choose(EMPLOYEES)}
        | {"position_type": choose(("teaching_staff", "administration", "other"))}
        | _maybe(choose, "position", ("Учитель", None))
        | _dated(choose)
    )


def _dismissed(choose: Choose) -> Data:
    return _organisation(choose) | {"employee_id": choose(EMPLOYEES)} | _dated(choose)


def _chat_created(choose: Choose) -> Data:
    data = _own(choose, "chat_id", CHATS) | {"name": choose(("Чат", "Кружок"))}
    if choose(("other", "subject")) == "subject":
        lists = _picks(choose, ("employee_ids", "student_ids", "excluded_ids"))
        data |= {"chat_type": "subject", "group_id": choose(("algebra", *GROUPS))} | choose(({}, {"guardian_ids": []}))
    else:
        lists = _picks(choose, ("employee_ids", "student_ids", "guardian_ids", "excluded_ids"))
        data |= {"chat_type": "other"} | choose(({}, {"group_id": None}))
    return data | {"employee_ids": [], "student_ids": []} | lists


def _chat_edited(choose: Choose) -> Data:
    chats = CHATS | DEFAULT_CHATS | CHATS
    return (
        _own(choose, "chat_id", chats)
        | _picks(choose, ("add_ids", "remove_ids"))
        | choose(({}, {}, {"name": None}, {"name": choose(("Наш чат", "5 А"))}))
    )


def _picks(choose: Choose, fields: Sequence[str]) -> dict[str, list[str]]:
    """Everybody in one of the lists or in none."""
    picks: dict[str, list[str]] = {}
    for person in PERSONS:
        field = choose((None, None, None, *fields))
        if field is not None:
            picks.setdefault(field, []).append(person)
    return picks


def _chat_deleted(choose: Choose) -> Data:
    return _own(choose, "chat_id", CHATS)


def _account(choose: Choose) -> Data:
    return {"person_id": choose(PERSONS), "provider": choose(("max", "max", *PROVIDERS))}


def _linked(choose: Choose) -> Data:
    return _account(choose) | {"external_user_id": choose(ACCOUNTS)}


OFTEN_WHAT: tuple[tuple[int, str, Callable[[Choose], Data]], ...] = (
    (6, "school.student.enrolled.v1", _into_class),
    (2, "school.organisation.registered.v1", _registered),
    (2, "school.organisation.chat_administrator_assigned.v1", _chat_administrator),
    (1, "school.person.described.v1", _described),
    (2, "school.person.blocked.v1", _blocked),
    (2, "school.person.unblocked.v1", _blocked),
    (4, "school.class.opened.v1", _class_opened),
    (2, "school.class.renamed.v1", _class_renamed),
    (3, "school.class.homeroom_teacher_assigned.v1", _homeroom),
    (2, "school.class.closed.v1", _class_closed),
    (3, "school.group.opened.v1", _group_opened),
    (2, "school.group.teacher_assigned.v1", _group_teacher),
    (2, "school.group.students_set.v1", _group_students),
    (1, "school.group.closed.v1", _group_closed),
    (4, "school.student.transferred.v1", _transferred),
    (2, "school.student.promoted.v1", _promoted),
    (3, "school.student.expelled.v1", _expelled),
    (2, "school.student.restored.v1", _into_class),
    (1, "school.student.restoration_cancelled.v1", _restoration_cancelled),
    (8, "school.guardian.assigned.v1", _guardian_assigned),
    (6, "school.guardian.removed.v1", _guardian_removed),
    (5, "school.employee.hired.v1", _hired),
    (2, "school.employee.position_changed.v1", _hired),
    (2, "school.employee.dismissed.v1", _dismissed),
    (4, "school.chat.created.v1", _chat_created),
    (6, "school.chat.edited.v1", _chat_edited),
    (1, "school.chat.deleted.v1", _chat_deleted),
    (7, "account.linked.v1", _linked),
    (1, "account.link_declined.v1", _account),
    (4, "account.unlinked.v1", _account),
)
WEIGHTED = tuple((type_, data) for weight, type_, data in OFTEN_WHAT for _ in range(weight))
