"""Points 10 to 14 and 30 of the import contract: removal, the envelope, and when nobody is removed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from adapters.packages.facts.joined import EMPLOYMENT, Employment
from adapters.packages.facts.known import Known, Was
from adapters.packages.findings import PackageError
from adapters.packages.package import open_package
from tests.adapters.packages.written import OPTIONS, Read, Reader, Written, school

ORDER = ["organisation", "person", "employee", "class", "student", "guardian", "group"]


# 10. Status


@pytest.mark.parametrize("word", ["tobedeleted", "inactive", "ToBeDeleted"])
def test_10_a_removed_row_is_gone_in_bulk_too(read: Reader, word: str) -> None:
    result = read(school().user("x", "teacher", status=word))
    assert "x" not in {data["employee_id"] for data in result.of("employee.hired")}
    assert result.warnings["status_in_bulk"] == 1


def test_10_any_status_in_bulk_is_counted_and_active_is_there(read: Reader) -> None:
    result = read(Written().school(status="active"))
    assert result.counts == {"organisation.registered": 1}
    assert result.warnings == {"status_in_bulk": 1}


# 11. The whole truth of its files for its organisations


def test_11_what_this_source_set_and_the_package_lacks_ends(read: Reader) -> None:
    before = school().section("g1", "scheduled").enrol("a", "g1").user("t2", "teacher")
    before.pupil("c").user("n", "parent", agentSourcedIds="c")
    assert read.after(before, school()).told == [
        {"event": "employee.dismissed", "employee_id": "t2"},
        {"event": "student.expelled", "student_id": "c", "reason": "left"},
        {"event": "guardian.removed", "guardian_id": "n", "student_id": "c", "denied": False},
        {"event": "group.closed", "group_id": "g1"},
    ]


def test_11_a_class_without_its_row_is_closed(read: Reader) -> None:
    before = school().section("c3")
    assert read.after(before, school()).told == [{"event": "class.closed", "class_id": "c3"}]


def test_11_what_another_source_set_stays(read: Reader) -> None:
    before = school().section("g1", "scheduled").user("t2", "teacher").pupil("c", agentSourcedIds="m").section("c3")
    assert read(school(), read.known(before, "urn:sis:of-the-city")).told == []


def test_11_with_nothing_to_compare_with_there_are_only_additions(read: Reader) -> None:
    result = read(school(), None)
    assert result.package.warnings == {"no_base_for_removals": 1}
    assert set(result.counts) == {
        "organisation.registered", "person.described", "employee.hired", "class.opened", "student.enrolled",
        "guardian.assigned",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("file", "kept"),
    [
        ("enrollments.csv", {"student.expelled", "class.homeroom_teacher_assigned"}),
        ("roles.csv", {"employee.dismissed", "student.expelled", "guardian.removed"}),
        ("classes.csv", {"class.closed", "student.expelled"}),
        ("users.csv", {"employee.dismissed", "student.expelled", "guardian.removed"}),
    ],
)
@pytest.mark.parametrize("empty", [False, True])
def test_11_a_file_that_is_absent_or_without_rows_removes_nothing(
    read: Reader, file: str, kept: set[str], empty: bool
) -> None:
    now = school()
    now.rows[file].clear()
    if empty:
        now.empty.add(file)
    result = read.after(school(), now)
    assert not kept & set(result.counts)
    assert result.package.needs_person
    assert result.warnings.get("file_without_rows", 0) == int(empty)


def test_11_without_the_column_of_agents_no_guardian_is_removed(read: Reader) -> None:
    before, now = (school().pupil("c", agentSourcedIds="m") for _ in range(2))
    now.rows["users.csv"][1].pop("agentSourcedIds")
    assert read.after(before, now).counts == {"guardian.removed": 1}
    for row in now.rows["users.csv"]:
        row.pop("agentSourcedIds", None)
    assert read.after(before, now.without_column("users.csv", "agentSourcedIds")).told == []


def test_11_organisations_that_are_not_in_the_package_are_not_touched(read: Reader) -> None:
    before = school().school("s2").section("k", at="s2").pupil("z", "k", at="s2").user("t9", "teacher", at="s2")
    assert read.after(before, school()).told == []


# 13. Removed rows


def test_13_a_removed_user_ends_what_the_user_was(read: Reader) -> None:
    def package(status: str) -> Written:
        everything = school().section("g1", "scheduled").pupil("c").pupil("d")
        everything.user("x", "student", status=status, agentSourcedIds="m").enrol("x", "c1").role("x", "teacher")
        return everything.role("x", "parent").user("y", "student", agentSourcedIds="x").enrol("y", "c1")

    assert read.after(package(""), package("tobedeleted")).told == [
        {"event": "employee.dismissed", "employee_id": "x"},
        {"event": "student.expelled", "student_id": "x", "reason": "left"},
        {"event": "guardian.removed", "guardian_id": "m", "student_id": "x", "denied": False},
        {"event": "guardian.removed", "guardian_id": "x", "student_id": "y", "denied": False},
    ]


def test_13_removed_classes_and_groups_are_closed(read: Reader) -> None:
    before = school().section("c3").section("g1", "scheduled")
    now = school().section("c3", status="tobedeleted").section("g1", "scheduled", status="tobedeleted")
    assert read.after(before, now).told == [
        {"event": "class.closed", "class_id": "c3"},
        {"event": "group.closed", "group_id": "g1"},
    ]


def test_13_of_a_removed_school_classes_and_groups_are_closed_and_employees_dismissed(read: Reader) -> None:
    def package(status: str) -> Written:
        both = school().school("s2", status=status).section("k", at="s2").section("l", "scheduled", at="s2")
        return both.pupil("z", "k", at="s2").user("t9", "teacher", at="s2")

    result = read.after(package(""), package("tobedeleted"))
    assert result.told == [
        {"event": "employee.dismissed", "organisation_id": "s2", "employee_id": "t9"},
        {"event": "class.closed", "organisation_id": "s2", "class_id": "k"},
        {"event": "group.closed", "organisation_id": "s2", "group_id": "l"},
    ]
    assert result.warnings["school_removed"] == 1
    assert result.package.needs_person


# 14. Events


def test_14_the_source_is_as_asked_else_the_system_code_and_never_the_name_of_a_file(
    read: Reader, tmp_path: Path
) -> None:
    package = school()
    assert read(package, source="a").events[0]["source"] == "urn:rollcall:import:a"
    assert read(package).events[0]["source"] == "urn:rollcall:import:sis"
    del package.manifest["source.systemCode"]  # type: ignore[union-attr]
    zipped = package.zipped(tmp_path / "of-today.zip")
    assert Read(zipped, None).events[0]["source"] == "urn:rollcall:import:roster"


def test_14_time_and_sequence_are_the_moment_in_utc_at_one_width(read: Reader) -> None:
    moscow = timezone(timedelta(hours=3))
    for at in (datetime(2026, 11, 22, 9, tzinfo=moscow), datetime(2026, 11, 22, 6, tzinfo=UTC)):
        event = read(school(), at=at).events[0]
        assert event["time"] == event["sequence"] == "2026-11-22T06:00:00.000000Z"


def test_14_ids_are_of_what_is_said_by_whom_and_when(read: Reader) -> None:
    first, again = read(school()), read(school())
    assert first.events == again.events
    assert len({event["id"] for event in first.events}) == len(first.events)
    later = read(school(), at=OPTIONS.at + timedelta(microseconds=1))
    assert not {event["id"] for event in first.events} & {event["id"] for event in later.events}


def test_14_an_unchanged_package_sends_nothing(read: Reader) -> None:
    assert read.after(school(), school()).events == []


def test_14_events_come_in_the_order_of_what_they_speak_of(read: Reader) -> None:
    result = read(school().school("s2").section("g", "scheduled", at="s2").user("z", "principal", at="s2"))
    entities = [event["type"].split(".")[1] for event in result.events]
    assert entities == sorted(entities, key=ORDER.index)
    assert set(entities) == set(ORDER)


# 30. When nobody is removed


def test_30_a_snapshot_with_under_half_of_the_students_removes_none_and_needs_a_person(read: Reader) -> None:
    before = school().pupil("c").section("g1", "scheduled").enrol("a", "g1").enrol("b", "g1").section("g2", "scheduled")
    before.user("t2", "teacher").section("c3").user("n", "parent", agentSourcedIds="b").enrol("t2", "c2", "teacher")
    now = Written().school().section("c1", title="6 А").section("c2", title="5 Б").section("g1", "scheduled")
    now.pupil("a", "c2", agentSourcedIds="m").enrol("a", "g1").user("m", "parent").pupil("new")
    result = read.after(before, now)
    assert result.told == [
        {"event": "employee.dismissed", "employee_id": "t1"},
        {"event": "employee.dismissed", "employee_id": "t2"},
        {"event": "class.renamed", "class_id": "c1", "name": "6 А", "school_year": "2026/2027"},
        {"event": "class.closed", "class_id": "c3"},
        {"event": "student.transferred", "student_id": "a", "from_class_id": "c1", "to_class_id": "c2"},
        {"event": "student.enrolled", "student_id": "new", "class_id": "c1"},
        {"event": "group.closed", "group_id": "g2"},
    ]
    assert result.package.few == {"s1": ["students"]}
    assert result.package.needs_person


def test_30_half_of_the_students_is_enough(read: Reader) -> None:
    now = school()
    now.rows["enrollments.csv"].pop()
    result = read.after(school(), now)
    assert result.counts == {"student.expelled": 1}
    assert not result.package.needs_person


def test_30_one_school_too_few_holds_the_removals_of_no_other(read: Reader) -> None:
    before = school().school("s2").section("k", at="s2").pupil("c")
    for number in range(3):
        before.pupil(f"z{number}", "k", at="s2")
    now = school().school("s2").section("k", at="s2").user("y", "student", at="s2")
    result = read.after(before, now)
    assert result.told == [{"event": "student.expelled", "student_id": "c", "reason": "left"}]
    assert result.package.needs_person


def test_30_strict_sends_nothing_though_the_fault_is_seen_last(read: Reader) -> None:
    package = school().enrol("a", "c2")
    opened = open_package(read.path(package), OPTIONS)
    assert list(opened.events({}))
    with pytest.raises(PackageError, match="several_classes"):
        read(package, {}, strict=True)


def test_a_fact_that_another_source_set_and_the_package_changes_is_sent(read: Reader) -> None:
    known: Known = {EMPLOYMENT: {("s1", "t1"): Was(Employment("other", "aide"), "urn:other")}}
    assert read(school(), known).only("employee.position_changed") == {
        "employee_id": "t1", "position_type": "teaching_staff", "position": "teacher",
    }  # fmt: skip
