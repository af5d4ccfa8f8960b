"""A made-up school: whole, alike for the same seed, and said in valid events."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.decode import decode_batch
from rollcall.demo.events import school_events
from rollcall.demo.founding import class_names, found_school, found_schools
from rollcall.demo.names import Names
from rollcall.demo.school import School
from schemas.rejections import Rejection

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)

schools = st.builds(
    found_school,
    st.integers(min_value=0, max_value=2**32),
    classes=st.integers(min_value=1, max_value=40),
    pupils_a_class=st.integers(min_value=1, max_value=12),
)


@given(schools)
@settings(max_examples=30, deadline=None)
def test_every_pupil_is_in_one_class_and_every_guardian_has_a_child(school: School) -> None:
    classes = {each.class_id for each in school.classes}
    pupils = [each.person_id for each in school.pupils]
    assert len(pupils) == len(set(pupils))
    assert {each.class_id for each in school.pupils} <= classes
    assert {each.pupil_id for each in school.guardians} == set(pupils)  # and no child is without a guardian
    assert len(school.guardians) == len({(each.guardian_id, each.pupil_id) for each in school.guardians})


@given(schools)
@settings(max_examples=30, deadline=None)
def test_whoever_is_named_is_among_the_people_and_nobody_is_there_for_nothing(school: School) -> None:
    people = [each.person_id for each in school.people]
    assert len(people) == len(set(people))
    staff = {each.person_id for each in school.employees}
    ties = {each.person_id for each in school.pupils} | {each.guardian_id for each in school.guardians} | staff
    assert set(people) == ties
    assert {each.homeroom_teacher_id for each in school.classes} <= staff
    assert {each.teacher_id for each in school.groups} <= staff
    assert school.chat_administrator_id in staff


@given(schools)
@settings(max_examples=15, deadline=None)
def test_every_event_of_a_school_is_valid(school: School) -> None:
    body = json.dumps(list(school_events(school, source="sis", at=AT)), ensure_ascii=False).encode()
    decoded = decode_batch(body, AT)
    assert [each for each in decoded if isinstance(each, Rejection)] == []


def test_the_same_seed_founds_the_same_school_and_another_one_another() -> None:
    first, again, other = found_school(7), found_school(7), found_school(8)
    assert first == again
    assert first != other
    assert list(school_events(first, source="sis", at=AT)) == list(school_events(again, source="sis", at=AT))


def test_families_have_several_children_and_some_teachers_have_a_child_here() -> None:
    school = found_school(1)
    children = Counter(each.guardian_id for each in school.guardians)
    assert max(children.values()) >= 3
    assert {each.person_id for each in school.employees} & children.keys()


def test_a_child_is_called_after_its_father() -> None:
    names = Names(1)
    surname = names.surname()
    daughter = names.child(surname, "Игорь", female=True)
    assert (daughter.last, daughter.middle) == (surname.female, "Игоревна")
    assert names.child(surname, "Дмитрий", female=False).middle == "Дмитриевич"


@pytest.mark.parametrize(
    ("classes", "first", "last"), [(3, "1 А", "3 А"), (11, "1 А", "11 А"), (22, "1 А", "11 Б"), (23, "1 А", "8 Б")]
)
def test_classes_are_spread_over_the_grades(classes: int, first: str, last: str) -> None:
    names = class_names(classes)
    assert len({name for _, name in names}) == classes
    assert (names[0][1], names[-1][1]) == (first, last)


def test_the_schools_of_a_region_share_nobody() -> None:
    first, second = found_schools(2, classes=2, pupils_a_class=2)
    assert not {each.person_id for each in first.people} & {each.person_id for each in second.people}
    assert first.organisation_id != second.organisation_id
