"""The rules of single event types, as the event contract has them."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from events.decode import decode
from schemas.accounts import AccountLinked
from schemas.catalogue import CATALOGUE, key_of, topic_of
from schemas.changes import MembershipAdded
from schemas.envelope import Event
from schemas.people import StudentEnrolled
from schemas.rejections import Rejection
from schemas.roster import ClassOpened, OrganisationRegistered

NOW = datetime(2026, 9, 1, 9, tzinfo=UTC)
SCHOOL = {"organisation_id": "school-1"}

CREATED = {"chat_id": "c-1", "name": "Поход", "chat_type": "other", "employee_ids": [], "student_ids": []}
SUBJECT = {**CREATED, "chat_type": "subject", "group_id": "g-1"}
OPENED = {"class_id": "5a", "name": "5 А", "school_year": "2026/2027"}
DESCRIBED = {"person_id": "p", "last_name": "Ёлкина", "first_name": "Аня"}
GROUP = {"group_id": "g", "class_id": None, "subject": "Физика", "name": "Ф", "teacher_id": None, "student_ids": None}


def received(name: str, /, **data: Any) -> Event | Rejection:
    data = data if name.startswith("account") else SCHOOL | data
    envelope = {"specversion": "1.0", "id": "1", "source": "sis", "type": name, "time": "2026-09-01T08:00:00Z"}
    return decode(json.dumps({**envelope, "data": data}).encode(), (), NOW)


def taken(name: str, /, **data: Any) -> Any:
    event = received(name, **data)
    assert isinstance(event, Event), event
    return event.data


def pointers(name: str, /, **data: Any) -> list[str]:
    rejection = received(name, **data)
    assert isinstance(rejection, Rejection), rejection
    assert rejection.reason == "invalid"
    return [error.pointer for error in rejection.errors]


def test_null_is_as_absent_where_it_has_no_meaning_of_its_own() -> None:
    bare = received("school.class.renamed.v1", class_id="5a", name="6 А")
    null = received("school.class.renamed.v1", class_id="5a", name="6 А", school_year=None)
    assert isinstance(bare, Event)
    assert isinstance(null, Event)
    assert bare == null
    assert bare.structured() == null.structured()
    assert not bare.data.carries("school_year")
    assert not null.data.carries("school_year")
    assert taken("school.class.renamed.v1", class_id="5a", name="6 А", school_year="2027/2028").carries("school_year")


@pytest.mark.parametrize(
    ("name", "data", "field"),
    [
        ("school.class.opened.v1", OPENED, "homeroom_teacher_id"),
        ("school.organisation.registered.v1", {"name": "Школа"}, "chat_administrator_id"),
    ],
)
def test_null_and_absence_differ_where_the_field_sets_a_fact_of_its_own(name: str, data: Any, field: str) -> None:
    bare, null = received(name, **data), received(name, **data, **{field: None})
    assert isinstance(bare, Event)
    assert isinstance(null, Event)
    assert not bare.data.carries(field)
    assert null.data.carries(field)
    assert not bare.same_content(null)
    again = decode(null.structured(), (), NOW)
    assert isinstance(again, Event)
    assert again.data.carries(field)


@pytest.mark.parametrize("zone", [{}, {"time_zone": None}, {"time_zone": "Europe/Moscow"}])
def test_a_school_without_a_zone_is_in_the_default_one(zone: Any) -> None:
    assert taken("school.organisation.registered.v1", name="Школа", **zone).time_zone == "Europe/Moscow"


def test_a_zone_that_nobody_knows_is_invalid() -> None:
    assert pointers("school.organisation.registered.v1", name="Ш", time_zone="Mars/Base") == ["/data/time_zone"]


@pytest.mark.parametrize(
    ("name", "data", "field"),
    [
        ("school.organisation.chat_administrator_assigned.v1", {}, "employee_id"),
        ("school.class.homeroom_teacher_assigned.v1", {"class_id": "5a"}, "employee_id"),
        ("school.group.teacher_assigned.v1", {"group_id": "g"}, "teacher_id"),
        ("school.group.students_set.v1", {"group_id": "g"}, "student_ids"),
        *(("school.group.opened.v1", GROUP, field) for field in ("class_id", "teacher_id", "student_ids")),
    ],
)
def test_a_field_that_may_be_null_but_not_absent_has_to_be_there(name: str, data: Any, field: str) -> None:
    assert getattr(taken(name, **{**data, field: None}), field) is None
    assert pointers(name, **{key: value for key, value in data.items() if key != field}) == [f"/data/{field}"]


def test_no_students_and_the_whole_class_are_told_apart() -> None:
    assert taken("school.group.students_set.v1", group_id="g", student_ids=[]).student_ids == ()
    assert taken("school.group.students_set.v1", group_id="g", student_ids=None).student_ids is None


@pytest.mark.parametrize("flag", [{}, {"denied": None}, {"denied": False}])
def test_a_flag_that_is_absent_or_null_is_false(flag: Any) -> None:
    bare = received("school.guardian.removed.v1", guardian_id="r", student_id="s")
    event = received("school.guardian.removed.v1", guardian_id="r", student_id="s", **flag)
    assert isinstance(event, Event)
    assert isinstance(bare, Event)
    assert event.structured() == bare.structured()


@pytest.mark.parametrize("wrong", ["true", 1, 0, "false", []])
def test_only_a_boolean_is_a_flag(wrong: object) -> None:
    assert pointers("school.guardian.removed.v1", guardian_id="r", student_id="s", denied=wrong) == ["/data/denied"]


def test_of_last_and_first_name_one_may_be_empty() -> None:
    assert taken("school.person.described.v1", **{**DESCRIBED, "last_name": ""}).last_name == ""
    assert taken("school.person.described.v1", **{**DESCRIBED, "first_name": ""}).first_name == ""
    nameless = {**DESCRIBED, "first_name": "", "last_name": ""}
    assert pointers("school.person.described.v1", **nameless) == ["/data/first_name"]
    unseen = {**DESCRIBED, "first_name": "\xad", "last_name": " "}
    assert pointers("school.person.described.v1", **unseen) == ["/data/first_name"]
    assert pointers("school.person.described.v1", **DESCRIBED, middle_name="") == ["/data/middle_name"]


CLEANED = [
    ("school.organisation.registered.v1", {}, "name"),
    ("school.person.described.v1", DESCRIBED, "last_name"),
    ("school.person.described.v1", DESCRIBED, "first_name"),
    ("school.person.described.v1", DESCRIBED, "middle_name"),
    ("school.class.opened.v1", OPENED, "name"),
    ("school.class.renamed.v1", {"class_id": "5a"}, "name"),
    ("school.group.opened.v1", GROUP, "subject"),
    ("school.group.opened.v1", GROUP, "name"),
    ("school.employee.hired.v1", {"employee_id": "e", "position_type": "other"}, "position"),
    ("school.employee.position_changed.v1", {"employee_id": "e", "position_type": "other"}, "position"),
    ("school.chat.created.v1", CREATED, "name"),
    ("school.chat.edited.v1", {"chat_id": "c"}, "name"),
]


@pytest.mark.parametrize(("name", "data", "field"), CLEANED)
def test_a_name_is_the_same_event_however_it_was_written(name: str, data: Any, field: str) -> None:
    clean = received(name, **{**data, field: "Анна Мария"})
    assert isinstance(clean, Event)
    for written in ("Анна\xa0Мария", " Анна\r\n\tМария ", "Ан\xadна Мария\u200b", "\u202bАнна  Мария\u202c"):
        event = received(name, **{**data, field: written})
        assert isinstance(event, Event)
        assert event.same_content(clean)
        assert event.structured() == clean.structured()
    assert pointers(name, **{**data, field: "Анна\x08"}) == [f"/data/{field}"]


@pytest.mark.parametrize(("name", "data", "field"), CLEANED)
def test_a_name_of_which_nothing_is_left_is_invalid_where_it_must_not_be_empty(
    name: str, data: Any, field: str
) -> None:
    empty = {**data, field: "\n\u200b"}
    if field in {"last_name", "first_name", "position"}:
        assert getattr(taken(name, **empty), field) == ""
    else:
        assert pointers(name, **empty) == [f"/data/{field}"]


def _ids(model: type[Event]) -> list[str]:
    fields: Any = model.model_fields["data"].annotation
    return [name for name in fields.model_fields if name.endswith(("_id", "_ids")) and name != "external_user_id"]


@pytest.mark.parametrize(
    ("name", "field"), [(name, field) for name, entry in CATALOGUE.items() for field in _ids(entry.model)]
)
@pytest.mark.parametrize("wrong", [" ", "a\u200b", "a\n", "\xad"])
def test_no_id_is_blank_or_has_what_nobody_sees(name: str, field: str, wrong: str) -> None:
    value = [wrong] if field.endswith("_ids") else wrong
    assert f"/data/{field}" + ("/0" if field.endswith("_ids") else "") in pointers(name, **{field: value})


@pytest.mark.parametrize(
    ("name", "data", "field"),
    [
        ("school.employee.hired.v1", {"employee_id": "e", "position_type": "teacher"}, "position_type"),
        ("school.student.expelled.v1", {"student_id": "s", "reason": "moved"}, "reason"),
        ("school.chat.created.v1", {**CREATED, "chat_type": "class"}, "chat_type"),
        ("account.linked.v1", {"person_id": "p", "provider": "vk", "external_user_id": "1"}, "provider"),
        ("account.linked.v1", {"person_id": "p", "provider": "max", "external_user_id": "01"}, "external_user_id"),
        ("account.linked.v1", {"person_id": "p", "provider": "vk_id", "external_user_id": 7}, "external_user_id"),
        ("school.class.opened.v1", {**OPENED, "school_year": "2026"}, "school_year"),
        ("school.class.opened.v1", {**OPENED, "effective_on": "3000-01-01"}, "effective_on"),
    ],
)
def test_a_value_outside_its_list_or_form_is_named(name: str, data: Any, field: str) -> None:
    assert pointers(name, **data) == [f"/data/{field}"]


def test_a_system_of_any_name_may_publish() -> None:
    assert taken("school.organisation.registered.v1", name="Школа", sis="своя").sis == "своя"


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        (CREATED | {"group_id": "g-1"}, ["/data/group_id"]),
        (CREATED | {"chat_type": "subject"}, ["/data/group_id"]),
        (SUBJECT | {"group_id": None}, ["/data/group_id"]),
        (SUBJECT | {"guardian_ids": ["r"]}, ["/data/guardian_ids"]),
        (CREATED | {"employee_ids": ["p"], "excluded_ids": ["p"]}, ["/data/excluded_ids"]),
        (CREATED | {"student_ids": ["p"], "excluded_ids": ["q", "p"]}, ["/data/excluded_ids"]),
        (CREATED | {"guardian_ids": ["p"], "excluded_ids": ["p"]}, ["/data/excluded_ids"]),
        (CREATED | {"chat_id": "class:5a"}, ["/data/chat_id"]),
        (CREATED | {"employee_ids": None}, ["/data/employee_ids"]),
        (CREATED | {"student_ids": ["a", 1, "b", ""]}, ["/data/student_ids/1", "/data/student_ids/3"]),
    ],
)
def test_a_new_chat_that_contradicts_itself_is_invalid(data: Any, wrong: list[str]) -> None:
    assert pointers("school.chat.created.v1", **data) == wrong


def test_a_new_chat_may_name_people_more_than_once_in_the_lists_that_add() -> None:
    chat = taken("school.chat.created.v1", **CREATED | {"employee_ids": ["p", "p"], "student_ids": ["p"]})
    assert (chat.employee_ids, chat.student_ids, chat.guardian_ids, chat.excluded_ids) == (("p",), ("p",), (), ())
    assert taken("school.chat.created.v1", **SUBJECT, guardian_ids=[], excluded_ids=None).group_id == "g-1"


def test_nobody_is_added_and_removed_at_once() -> None:
    assert pointers("school.chat.edited.v1", chat_id="c", add_ids=["a", "b"], remove_ids=["b"]) == ["/data/remove_ids"]


def test_a_default_chat_is_edited_and_not_deleted() -> None:
    assert taken("school.chat.edited.v1", chat_id="class:5a", remove_ids=["p"]).remove_ids == ("p",)
    for chat_id in ("staff:school-1", "class:5a", "parents:5a"):
        rejection = received("school.chat.deleted.v1", chat_id=chat_id)
        assert isinstance(rejection, Rejection)
        assert rejection.reason == "default_chat_cannot_be_deleted"
        assert [error.pointer for error in rejection.errors] == ["/data/chat_id"]


def test_what_is_wrong_besides_is_invalid_before_it_is_a_default_chat() -> None:
    rejection = received("school.chat.deleted.v1", chat_id="class:5a", organisation_id="")
    assert isinstance(rejection, Rejection)
    assert rejection.reason == "invalid"


def test_events_are_frozen_and_equal_by_what_they_say() -> None:
    one, other = (received("school.class.opened.v1", **OPENED) for _ in range(2))
    assert isinstance(one, Event)
    assert one == other
    assert hash(one) == hash(other)
    with pytest.raises(ValidationError):
        one.id = "2"  # type: ignore[misc]


def test_content_is_compared_without_the_trace_and_the_writing() -> None:
    event = StudentEnrolled.of(id="1", source="sis", time=NOW, data={**SCHOOL, "student_id": "s", "class_id": "5a"})
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    assert event.same_content(event.model_copy(update={"traceparent": trace}))
    assert not event.same_content(event.model_copy(update={"sequence": "1"}))
    assert not event.same_content(
        StudentEnrolled.of(id="1", source="sis", time=NOW, data={**SCHOOL, "student_id": "s", "class_id": "5b"})
    )


@pytest.mark.parametrize(
    ("trace", "kept"),
    [
        ("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", True),
        ("01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more", True),
        ("ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", False),
        ("00-00000000000000000000000000000000-b7ad6b7169203331-01", False),
        ("00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01", False),
        ("nonsense", False),
        ("", False),
    ],
)
def test_a_malformed_trace_is_left_out_and_the_event_taken(trace: str, kept: bool) -> None:
    data = {"person_id": "p", "provider": "max", "external_user_id": "1"}
    event = AccountLinked.of(id="1", source="rollcall", time=NOW, data=data, traceparent=trace)
    assert event.traceparent == (trace if kept else None)


def test_an_event_made_here_keeps_the_contract_too() -> None:
    with pytest.raises(ValidationError):
        OrganisationRegistered.of(id="", source="rollcall", time=NOW, data={**SCHOOL, "name": "Школа"})
    event = ClassOpened.of(id="1", source="import", time=NOW, data={**SCHOOL, **OPENED, "effective_on": "2026-09-01"})
    assert event.data.effective_on == date(2026, 9, 1)
    assert decode(event.structured(), (), NOW) == event


def test_a_change_is_written_as_a_cloudevent() -> None:
    cause = {"source": "sis", "id": "1", "topic": "roster.events", "partition": 0, "offset": 7}
    place = {**SCHOOL, "chat_id": "class:5a", "person_id": "s", "role": "member", "reasons": ["studies_in"]}
    event = MembershipAdded.of(id="9", source="rollcall", time=NOW, data={**place, "cause": cause, "applied_at": NOW})
    assert json.loads(event.structured()) == {
        "specversion": "1.0",
        "id": "9",
        "source": "rollcall",
        "type": "membership.added.v1",
        "time": "2026-09-01T09:00:00Z",
        "data": {**place, "cause": cause, "applied_at": "2026-09-01T09:00:00Z"},
    }


def test_each_type_knows_its_topic_and_key() -> None:
    link = AccountLinked.of(
        id="1", source="s", time=NOW, data={"person_id": "p", "provider": "max", "external_user_id": "1"}
    )
    enrolled = StudentEnrolled.of(id="1", source="s", time=NOW, data={**SCHOOL, "student_id": "s", "class_id": "5a"})
    assert (topic_of(link), key_of(link)) == ("account", "p")
    assert (topic_of(enrolled), key_of(enrolled)) == ("roster", "school-1")
    assert {name.partition(".")[0] for name, entry in CATALOGUE.items() if entry.topic == "roster"} == {"school"}
    assert {name.partition(".")[0] for name, entry in CATALOGUE.items() if entry.topic == "account"} == {"account"}
