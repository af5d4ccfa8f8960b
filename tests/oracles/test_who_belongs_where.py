"""The oracle is right, by results written out by hand: who belongs where, and for which reasons."""

from tests import oracle
from tests.oracles.small import (
    DAY,
    DAY_AFTER,
    DAY_BEFORE,
    SCHOOL,
    club,
    enrolled,
    guardian,
    here,
    hired,
    history,
    opened,
    people,
    registered,
)


def test_staff_are_administration_and_teachers_alone() -> None:
    events = history(registered(), hired("head", "administration"), hired("teacher"), hired("cook", "other"))
    assert people(events, "staff:school") == {"head": ("member", {"employed"}), "teacher": ("member", {"employed"})}


def test_a_position_changed_counts_as_employment() -> None:
    events = history(
        registered(),
        hired("cook"),
        here("employee.position_changed", employee_id="cook", position_type="other"),
        here("employee.position_changed", employee_id="new", position_type="teaching_staff"),
    )
    assert people(events, "staff:school") == {"new": ("member", {"employed"})}


def test_a_pupil_is_in_the_class_chat_and_the_guardian_in_the_parents_chat() -> None:
    events = history(registered(), opened(), enrolled("anna"), guardian("vera", "anna"))
    assert people(events, "class:5a") == {"anna": ("member", {"studies_in"})}
    assert people(events, "parents:5a") == {"vera": ("member", {"guardian_of:anna"})}


def test_a_guardian_of_two_in_a_class_has_two_reasons() -> None:
    events = history(
        registered(), opened(), enrolled("anna"), enrolled("oleg"), guardian("vera", "anna"), guardian("vera", "oleg")
    )
    assert people(events, "parents:5a") == {"vera": ("member", {"guardian_of:anna", "guardian_of:oleg"})}


def test_facts_told_before_the_class_is_opened_count_once_it_is() -> None:
    events = history(guardian("vera", "anna"), enrolled("anna"), registered(), opened())
    assert people(events, "parents:5a") == {"vera": ("member", {"guardian_of:anna"})}


def test_a_transfer_moves_the_pupil_on_its_day() -> None:
    events = history(
        registered(),
        opened("5a"),
        opened("5b"),
        enrolled("anna"),
        here("student.transferred", student_id="anna", to_class_id="5b", effective_on="2026-10-01"),
    )
    assert list(people(events, "class:5a", DAY_BEFORE)) == ["anna"]
    assert list(people(events, "class:5a")) == []
    assert list(people(events, "class:5b")) == ["anna"]


def test_an_expelled_pupil_leaves_with_the_guardian() -> None:
    events = history(
        registered(),
        opened(),
        enrolled("anna"),
        guardian("vera", "anna"),
        here("student.expelled", student_id="anna", reason="left"),
    )
    assert people(events, "class:5a") == people(events, "parents:5a") == {}


def test_a_restoration_cancelled_ends_what_the_restoration_brought() -> None:
    events = history(
        registered(),
        opened(),
        here("student.restored", student_id="anna", class_id="5a"),
        here("student.restoration_cancelled", student_id="anna"),
    )
    assert list(people(events[:-1], "class:5a")) == ["anna"]
    assert list(people(events, "class:5a")) == []


def test_the_homeroom_teacher_is_admin_of_both_chats_while_employed() -> None:
    events = history(
        registered(),
        opened(homeroom_teacher_id="olga"),
        hired("olga", "other"),
        here("employee.dismissed", employee_id="olga", effective_on="2026-10-02"),
    )
    assert people(events, "class:5a") == people(events, "parents:5a") == {"olga": ("admin", {"homeroom"})}
    assert people(events, "class:5a", DAY_AFTER) == {}


def test_a_class_opened_again_keeps_the_homeroom_teacher_it_does_not_speak_of() -> None:
    events = history(
        registered(), opened(homeroom_teacher_id="olga"), hired("olga"), opened(), opened(homeroom_teacher_id=None)
    )
    assert list(people(events[:-1], "class:5a")) == ["olga"]
    assert list(people(events, "class:5a")) == []


def test_the_chat_administrator_is_admin_of_every_chat_while_employed() -> None:
    events = history(registered(chat_administrator_id="root"), hired("root", "other"), opened(), club())
    everywhere = {"root": ("admin", frozenset({"chat_administrator"}))}
    assert oracle.desired(events, SCHOOL, DAY) == dict.fromkeys(
        ("staff:school", "class:5a", "parents:5a", "club"), everywhere
    )


def test_a_school_registered_again_keeps_the_chat_administrator_it_does_not_speak_of() -> None:
    events = history(
        registered(chat_administrator_id="root"), hired("root"), registered(), registered(chat_administrator_id=None)
    )
    assert people(events[:-1], "staff:school") == {"root": ("admin", {"employed", "chat_administrator"})}
    assert people(events, "staff:school") == {"root": ("member", {"employed"})}
