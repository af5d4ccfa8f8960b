"""Point 14 of the import contract: whose a package is, and what comes of one that seems to be of another source."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.adapters.packages.delta.test_delta import GONE
from tests.adapters.packages.written import Read, Reader, Written, changes, school


def daily(tmp_path: Path, day: str, package: Written) -> Path:
    assert package.manifest is not None
    package.manifest.pop("source.systemCode")
    return package.zipped(tmp_path / f"roster-{day}.zip")


def test_2_14_files_of_other_names_each_day_are_of_one_source(tmp_path: Path) -> None:
    first = Read(daily(tmp_path, "2026-11-25", school().pupil("c")), None)
    known = first.package.known_to(first.package.source)
    assert Read(daily(tmp_path, "2026-11-26", school()), known).counts == {"student.expelled": 1}


def test_2_14_a_package_of_another_source_sends_nothing_and_says_which_to_give(read: Reader) -> None:
    known = read.known(school().pupil("c"), "urn:rollcall:import:the%20old%20one")
    result = read(school(), known)
    assert result.events == []
    assert result.warnings == {"other_source": 1}
    assert "--source 'the old one'" in result.package.expected["other_source"]
    assert result.package.needs_person


@pytest.mark.parametrize("source", ["the old one", "sis"])
def test_2_14_a_source_that_is_given_is_taken(read: Reader, source: str) -> None:
    known = read.known(school().pupil("c"), "urn:rollcall:import:the%20old%20one")
    result = read(school(), known, source=source)
    assert ("student.expelled" in result.counts) is (source == "the old one")
    assert not result.package.needs_person


def test_2_14_a_delta_of_another_source_too(read: Reader) -> None:
    known = read.known(school(), "urn:rollcall:import:other")
    assert read(changes().user("a", status=GONE), known).warnings == {"other_source": 1}


def test_2_14_what_a_school_knows_from_its_own_system_is_no_other_import(read: Reader) -> None:
    result = read(school(), read.known(school(), "urn:sis:of-the-city"))
    assert result.told == []
    assert not result.package.needs_person


def test_2_14_a_school_that_only_knows_people_of_the_same_ids_does_not_count(read: Reader) -> None:
    """Its facts are at hand since a delta does not say where its people are."""
    known = {kind: dict(facts) for kind, facts in read.known(school()).items()}
    for kind, facts in read.known(Written().school("s9").user("a", "teacher", "s9"), "urn:rollcall:import:x").items():
        known.setdefault(kind, {}).update(facts)
    assert read(changes().enrol("a", "c1", status=GONE).enrol("a", "c2"), known).counts == {"student.transferred": 1}
