"""`rollcall import`: a package straight into the database, against what the database knows."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from adapters.database.load.imported import KnownFact, known_facts
from sync.facts import CLASS_STATE, PERSON_NAMES, PLACEMENT, ClassState
from tests.adapters.packages.written import Written, school
from tests.road import Road
from tests.rollcall.conftest import CommandLine


def test_a_package_is_sent_once_and_again_sends_nothing(rollcall: CommandLine, tmp_path: Path) -> None:
    path = school().zipped(tmp_path / "sis.zip")
    first = rollcall("import", str(path), "--json").json
    assert first["outcomes"] == {"applied": first["events"]}
    assert rollcall("import", str(path), "--json").json["events"] == 0


def test_who_is_missing_from_the_next_package_is_expelled(rollcall: CommandLine, tmp_path: Path) -> None:
    school().zipped(tmp_path / "first.zip")
    rollcall("import", str(tmp_path / "first.zip"), "--at", "2026-11-01T00:00:00Z")
    later = school().pupil("c")
    later.rows["enrollments.csv"] = [row for row in later.rows["enrollments.csv"] if row["userSourcedId"] != "b"]
    later.zipped(tmp_path / "later.zip")
    planned = rollcall("import", str(tmp_path / "later.zip"), "--plan", "--json").json
    kinds = sorted(event["type"] for event in planned["events"])
    assert kinds == ["school.person.described.v1", "school.student.enrolled.v1", "school.student.expelled.v1"]
    assert rollcall("import", str(tmp_path / "later.zip"), "--json").json["outcomes"] == {"applied": 3}


def test_a_package_with_few_of_the_known_students_removes_nobody_and_needs_a_person(
    rollcall: CommandLine, tmp_path: Path
) -> None:
    many = school()
    for number in range(6):
        many.pupil(f"p{number}")
    many.zipped(tmp_path / "many.zip")
    rollcall("import", str(tmp_path / "many.zip"), "--at", "2026-11-01T00:00:00Z")
    school().zipped(tmp_path / "few.zip")
    ended = rollcall("import", str(tmp_path / "few.zip"), "--json")
    assert (ended.code, ended.json["events"]) == (3, 0)
    assert "nobody is removed" in ended.err


def test_what_is_no_package_ends_with_1(rollcall: CommandLine, tmp_path: Path) -> None:
    assert rollcall("import", str(tmp_path / "none.zip")).code == 1
    assert rollcall("import", str(Written().to(tmp_path / "empty"))).code == 1


async def test_known_facts_hold_on_a_day_and_name_what_is_ahead(road: Road) -> None:
    said = [
        ("school.class.opened", {"class_id": "5a", "name": "5 А", "school_year": "2026/2027"}),
        ("school.class.closed", {"class_id": "5a", "effective_on": "2027-06-01"}),
        ("school.person.described", {"person_id": "p", "last_name": "И", "first_name": "А"}),
    ]
    head = {"specversion": "1.0", "source": "sis"}
    await road.post(
        {
            **head,
            "id": str(no),
            "type": f"{kind}.v1",
            "time": f"2026-11-01T10:00:0{no}Z",
            "data": {"organisation_id": "s1", **data},
        }
        for no, (kind, data) in enumerate(said)
    )
    async with road.database.reading() as connection:
        known = await known_facts(connection, ["s1"], date(2026, 11, 2))
    closing = (date(2027, 6, 1), ClassState(open=False), "sis")
    assert known[CLASS_STATE] == {("s1", "5a"): KnownFact(ClassState(open=True), "sis", (closing,))}
    assert known[PLACEMENT] == {}
    assert known[PERSON_NAMES].keys() == {("s1", "p")}
