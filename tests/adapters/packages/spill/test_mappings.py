"""Mappings larger than memory: each a mapping in the order of its keys, however little of it fits in memory."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.packages.spill import mappings
from adapters.packages.spill.mappings import Spill, SpillMap
from tests.adapters.packages.written import Reader, changes, school

texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=3)
keys = st.tuples(texts, texts)
steps = st.tuples(st.sampled_from(["put", "drop", "look", "list"]), keys, st.integers())
Step = tuple[str, tuple[str, str], int]


@given(st.lists(steps, max_size=40), st.integers(0, 5))
def test_a_mapping_is_a_sorted_dictionary_wherever_it_lies(steps: list[Step], room: int) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(mappings, "IN_MEMORY", room)
        mapping: SpillMap[tuple[str, str], int] = Spill().mapping()
        known: dict[tuple[str, str], int] = {}
        for step, key, value in steps:
            if step == "put":
                mapping[key] = known[key] = value
            elif step == "drop":
                assert mapping.pop(key, None) == known.pop(key, None)
            elif step == "look":
                assert mapping.get(key) == known.get(key)
                assert (key in mapping) is (key in known)
            else:
                assert list(mapping.entries()) == sorted(known.items())
        assert list(mapping) == sorted(known)
        assert len(mapping) == len(known)


def test_who_iterates_a_mapping_sees_it_as_it_was_though_it_goes_into_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mappings, "IN_MEMORY", 3)
    room = Spill()
    first, second = room.mapping(), room.mapping()
    for key in "abc":
        first[key] = key
    seen = []
    for key, _ in first.entries():
        seen.append(key)
        second[key] = key
    assert seen == ["a", "b", "c"]
    assert first["a"] == "a"


@pytest.mark.parametrize("is_delta", [False, True])
def test_a_package_that_does_not_fit_in_memory_tells_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_delta: bool
) -> None:
    later = school().pupil("c").section("g", "scheduled").enrol("a", "g").enrol("t1", "g", "teacher")
    now = changes().enrol("a", "c2").user("b", status="tobedeleted").user("t1", status="tobedeleted")
    package = now if is_delta else later
    in_memory = Reader(tmp_path / "memory").after(school(), package)
    monkeypatch.setattr(mappings, "IN_MEMORY", 1)
    assert Reader(tmp_path / "file").after(school(), package).events == in_memory.events


def test_a_long_value_takes_the_room_of_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mappings, "IN_MEMORY", 100)
    several = Spill()
    groups: SpillMap[str, tuple[str, ...]] = several.mapping()
    people: SpillMap[str, str] = several.mapping()
    people["p"] = "Аня"
    students = tuple(f"student-{number}" for number in range(60))
    groups["g"], groups["h"] = students, students
    assert (groups.unwritten, people.unwritten) == (0, 1)
    assert dict(groups) == {"g": students, "h": students}
