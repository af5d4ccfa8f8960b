"""Organisations, people, employees and guardians, as facts."""

from __future__ import annotations

from collections.abc import Iterator

from adapters.packages.known import Stated
from adapters.packages.options import DEFAULT_ZONE
from adapters.packages.roster import Post, Posts, Topic
from adapters.packages.snapshot import Reading
from adapters.packages.words import RANK, STUDENT, position_type
from sync.facts import (
    BLOCK,
    EMPLOYMENT,
    ENROLMENT,
    GUARDIANSHIP,
    PERSON_NAMES,
    REGISTRATION,
    Block,
    Employment,
    Guardianship,
    Registration,
)


def state_organisations(reading: Reading) -> None:
    """Without a time zone of its own a package leaves the one there is."""
    known = reading.known.get(REGISTRATION, {})
    for school, name in reading.roster.schools.items():
        was = known.get((school,))
        kept = was.value.time_zone if was is not None and was.value is not None else DEFAULT_ZONE
        value = Registration(name, reading.options.time_zone or kept, reading.roster.sis)
        reading.snapshot.state(REGISTRATION, (school,), Stated(value))


def state_employees(reading: Reading) -> None:
    """The highest role of an employee at a school; one that is still to come only where none is now."""
    for person, posts in reading.roster.posts.items():
        best: dict[str, tuple[tuple[bool, int], Post, str]] = {}
        for post, position in _staff(reading, posts):
            rank = (not reading.is_current(post.begins_on), RANK[position])
            school = post.organisation_id or ""
            if school not in best or rank < best[school][0]:
                best[school] = rank, post, position
        for school, (_, post, position) in best.items():
            value = Stated(Employment(position, post.role), reading.effective_on(post.begins_on))
            reading.snapshot.state(EMPLOYMENT, (school, person), value)
    if reading.roster.tells(Topic.PEOPLE, Topic.POSTS):
        reading.snapshot.whole[EMPLOYMENT] = reading.roster.schools.keys() | reading.roster.removed_schools


def _staff(reading: Reading, posts: Posts) -> Iterator[tuple[Post, str]]:
    for post in posts:
        position = position_type(post.role)
        if position is not None and post.organisation_id is not None and not reading.is_over(post.ends_on):
            yield post, position


def state_guardians(reading: Reading) -> None:
    """Each link, in every school of the student."""
    schools = _schools_of_students(reading)
    for (guardian, student), relation in reading.roster.links.items():
        for school in schools.get(student, ()):
            reading.snapshot.state(
                GUARDIANSHIP, (school, guardian, student), Stated(Guardianship(assigned=True, relation=relation))
            )
    if reading.roster.tells(Topic.PEOPLE, Topic.POSTS, Topic.LINKS):
        reading.snapshot.whole[GUARDIANSHIP] = reading.roster.schools.keys()


def _schools_of_students(reading: Reading) -> dict[str, dict[str, None]]:
    """Where a student has a class or a student's role."""
    schools: dict[str, dict[str, None]] = {}
    for school, student in reading.snapshot.of(ENROLMENT):
        schools.setdefault(student, {})[school] = None
    for person, posts in reading.roster.posts.items():
        for post in posts:
            if post.role == STUDENT and post.organisation_id is not None and not reading.is_over(post.ends_on):
                schools.setdefault(person, {})[post.organisation_id] = None
    return schools


def state_people(reading: Reading) -> None:
    """The names of everybody whom a school of the package knows; last, when that is settled."""
    home_of_all(reading)
    state_names(reading)
    if reading.options.block_disabled and reading.roster.tells(Topic.FLAGS):
        _state_blocks(reading)


def state_names(reading: Reading) -> None:
    for person in reading.roster.people.values():
        if person.names is not None and person.person_id in reading.snapshot.homes:
            reading.snapshot.state(PERSON_NAMES, (person.person_id,), Stated(person.names))


def home_of_all(reading: Reading) -> None:
    """Where each person is spoken of."""
    for school, employee in reading.snapshot.of(EMPLOYMENT):
        reading.snapshot.live_in(employee, school)
    for school, guardian, _ in reading.snapshot.of(GUARDIANSHIP):
        reading.snapshot.live_in(guardian, school)
    for school, student in reading.snapshot.of(ENROLMENT):
        reading.snapshot.live_in(student, school)
    for person, posts in reading.roster.posts.items():
        for post in posts:
            if post.organisation_id is not None and not reading.is_over(post.ends_on):
                reading.snapshot.live_in(person, post.organisation_id)


def _state_blocks(reading: Reading) -> None:
    """Whose account is disabled is blocked in each of their schools; a block of another's making is left alone."""
    for school, person in _schools_of_people(reading):
        if reading.roster.people[person].enabled is False:
            reading.snapshot.state(BLOCK, (school, person), Stated(Block(blocked=True)))
    reading.snapshot.whole[BLOCK] = reading.roster.schools.keys()


def _schools_of_people(reading: Reading) -> Iterator[tuple[str, str]]:
    facts = reading.snapshot
    pairs: dict[tuple[str, str], None] = dict.fromkeys((school, person) for school, person in facts.of(EMPLOYMENT))
    pairs |= dict.fromkeys((school, person) for school, person in facts.of(ENROLMENT))
    for school, guardian, student in facts.of(GUARDIANSHIP):
        pairs |= {(school, guardian): None, (school, student): None}
    return (pair for pair in pairs if pair[1] in reading.roster.people)
