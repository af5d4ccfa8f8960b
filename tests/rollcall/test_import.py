"""`rollcall import`: a package straight into the database, against what the database knows."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from adapters.database.load.imported import KnownFact, known_facts
from sync.facts import CLASS_STATE, PERSON_NAMES, PLACEMENT, ClassState
from sync.ids import OrganisationId
from tests.adapters.packages.written import Written, school
from tests.road import Road
from tests.rollcall.conftest import CommandLine


def test_a_package_is_sent_once_and_again_sends_nothing(rollcall: CommandLine, tmp_path: Path) -> None:
    path = school().zipped(tmp_path / "sis.zip")
    first = rollcall("import", str(path), "--json").json
    assert first["outcomes"] == {"applied": first["events"]}
    assert rollcall("import", str(path), "--json").json["events"] == 0


def test_the_plan_of_a_school_without_accounts_says_that_nothing_would_change(
    rollcall: CommandLine, tmp_path: Path
) -> None:
    ended = rollcall("import", str(school().zipped(tmp_path / "sis.zip")), "--plan")
    assert (ended.code, ended.out.split()[-3:]) == (0, ["would", "change", "0"])


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


def test_a_row_that_is_not_understood_ends_nothing_and_exit_3_names_it(rollcall: CommandLine, tmp_path: Path) -> None:
    school().zipped(tmp_path / "whole.zip")
    rollcall("import", str(tmp_path / "whole.zip"), "--at", "2026-11-01T00:00:00Z")
    damaged = school()
    damaged.raw["classes.csv"] = damaged.files()["classes.csv"].replace("5 А".encode(), "5 А, Б".encode())
    damaged.zipped(tmp_path / "damaged.zip")
    ended = rollcall("import", str(tmp_path / "damaged.zip"), "--json")
    assert (ended.code, ended.json["events"]) == (3, 0)
    assert "not understood: " in ended.err
    assert "classes.csv, line 2" in ended.err
    assert rollcall("import", str(tmp_path / "whole.zip"), "--json").json["events"] == 0


def test_what_a_package_has_no_row_of_stays_and_the_message_says_of_what(rollcall: CommandLine, tmp_path: Path) -> None:
    rollcall("import", str(school().zipped(tmp_path / "whole.zip")), "--at", "2026-11-01T00:00:00Z")
    silent = school()
    silent.rows["enrollments.csv"] = [row for row in silent.rows["enrollments.csv"] if row["role"] == "student"]
    ended = rollcall("import", str(silent.zipped(tmp_path / "silent.zip")), "--json")
    assert (ended.code, ended.json["events"]) == (3, 0)
    assert "s1: no row of the package tells of its teachers of classes; they stay as they are known" in ended.err


def test_one_wrong_file_ends_in_one_screen(rollcall: CommandLine, tmp_path: Path) -> None:
    package = school()
    for number in range(300):
        package.user(f"p{number}", "student").enrol(f"p{number}", "c1", beginDate="soon")
    package.zipped(tmp_path / "wrong.zip")
    ended = rollcall("import", str(tmp_path / "wrong.zip"), "--plan")
    assert ended.code == 0, "nothing of it was known"
    assert "and 280 more" in ended.err
    assert len(ended.err.splitlines()) <= 40
    assert max(map(len, ended.err.splitlines())) < 2000


def test_a_package_of_another_source_sends_nothing_and_says_which_to_give(
    rollcall: CommandLine, tmp_path: Path
) -> None:
    school().zipped(tmp_path / "first.zip")
    rollcall("import", str(tmp_path / "first.zip"), "--at", "2026-11-01T00:00:00Z")
    other = school().set(source_systemCode="another")
    other.rows["enrollments.csv"].pop()
    other.zipped(tmp_path / "second.zip")
    ended = rollcall("import", str(tmp_path / "second.zip"), "--json")
    assert (ended.code, ended.json["events"]) == (3, 0)
    assert "--source 'sis'" in ended.err
    assert rollcall("import", str(tmp_path / "second.zip"), "--source", "sis", "--json").json["events"] == 1


def test_a_package_with_another_separator_is_read_where_that_is_named(rollcall: CommandLine, tmp_path: Path) -> None:
    package = Written().school().section("c1").pupil("a")
    package.raw = {name: content.replace(b",", b";") for name, content in package.files().items()}
    path = str(package.zipped(tmp_path / "sis.zip"))
    refused = rollcall("import", path)
    assert (refused.code, "--separator ';'" in refused.err) == (1, True)
    assert rollcall("import", path, "--separator", ";", "--json").json["outcomes"] == {"applied": 4}


def test_a_package_above_the_limits_is_not_read(
    rollcall: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROLLCALL_IMPORT_MAX_BYTES", "100")
    ended = rollcall("import", str(school().to(tmp_path / "package")))
    assert (ended.code, "ROLLCALL_IMPORT_MAX_BYTES" in ended.err) == (1, True)


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
        known = await known_facts(connection, [OrganisationId("s1")], date(2026, 11, 2))
    closing = (date(2027, 6, 1), ClassState(open=False), "sis")
    assert known[CLASS_STATE] == {("s1", "5a"): KnownFact(ClassState(open=True), "sis", (closing,))}
    assert known[PLACEMENT] == {}
    assert known[PERSON_NAMES].keys() == {("s1", "p")}
