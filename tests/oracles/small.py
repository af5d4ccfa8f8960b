"""Small histories of one school, and what the oracle makes of them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests import oracle

SCHOOL = "school"
DAY = date(2026, 10, 1)
DAY_BEFORE, DAY_AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)
Event = dict[str, Any]
People = dict[str, tuple[str, set[str]]]


def told(type_: str, *, at: int = 0, source: str = "sis", sequence: str | None = None, **data: Any) -> Event:
    """An event recorded `at` minutes after the day's noon, or in its turn in the history."""
    event = {"specversion": "1.0", "type": f"{type_}.v1", "source": source, "at": at, "data": data}
    return event if sequence is None else event | {"sequence": sequence}


def here(type_: str, **rest: Any) -> Event:
    return told(f"school.{type_}", **{"organisation_id": SCHOOL} | rest)


def history(*events: Event) -> list[Event]:
    """The events in turn, a second apart, save those that say when."""
    return [
        {key: value for key, value in event.items() if key != "at"}
        | {"id": f"{number:03}", "time": _time(event["at"], number)}
        for number, event in enumerate(events)
    ]


def _time(minutes: int, seconds: int) -> str:
    return (datetime(2026, 9, 1, 12, tzinfo=UTC) + timedelta(minutes=minutes, seconds=seconds)).isoformat()


def registered(**rest: Any) -> Event:
    return here("organisation.registered", **{"name": "Школа"} | rest)


def opened(class_id: str = "5a", **rest: Any) -> Event:
    return here("class.opened", **{"class_id": class_id, "name": "5 А", "school_year": "2026/2027"} | rest)


def enrolled(student_id: str, class_id: str = "5a", **rest: Any) -> Event:
    return here("student.enrolled", student_id=student_id, class_id=class_id, **rest)


def guardian(guardian_id: str, student_id: str, **rest: Any) -> Event:
    return here("guardian.assigned", guardian_id=guardian_id, student_id=student_id, **rest)


def guardian_removed(guardian_id: str, student_id: str, **rest: Any) -> Event:
    return here("guardian.removed", guardian_id=guardian_id, student_id=student_id, **rest)


def hired(employee_id: str, position_type: str = "teaching_staff", **rest: Any) -> Event:
    return here("employee.hired", employee_id=employee_id, position_type=position_type, **rest)


def group(class_id: str | None = "5a", teacher_id: str | None = None, student_ids: Any = None, **rest: Any) -> Event:
    named = {"group_id": "algebra", "subject": "Алгебра", "name": "Алгебра"}
    return here("group.opened", class_id=class_id, teacher_id=teacher_id, student_ids=student_ids, **named | rest)


def subject_chat(**rest: Any) -> Event:
    return club(**{"chat_id": "lessons", "chat_type": "subject", "group_id": "algebra"} | rest)


def club(**rest: Any) -> Event:
    empty: Event = {"employee_ids": [], "student_ids": []}
    return here("chat.created", **{"chat_id": "club", "name": "Кружок", "chat_type": "other"} | empty | rest)


def edited(chat_id: str, **rest: Any) -> Event:
    return here("chat.edited", chat_id=chat_id, **rest)


def linked(person_id: str, external_user_id: str, **rest: Any) -> Event:
    return told("account.linked", person_id=person_id, provider="max", external_user_id=external_user_id, **rest)


def unlinked(person_id: str, **rest: Any) -> Event:
    return told("account.unlinked", person_id=person_id, provider="max", **rest)


def people(events: list[Event], chat_id: str, day: date = DAY, school: str = SCHOOL) -> People:
    return {person: (role, set(why)) for person, (role, why) in oracle.desired(events, school, day)[chat_id].items()}


def kept_out(events: list[Event], chat_id: str, day: date = DAY) -> dict[str, set[str]]:
    return {person: set(why) for person, why in oracle.excluded(events, SCHOOL, day)[chat_id].items()}


def chats(events: list[Event], day: date = DAY, school: str = SCHOOL) -> set[str]:
    return set(oracle.desired(events, school, day))
