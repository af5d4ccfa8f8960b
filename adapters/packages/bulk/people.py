"""Employees and the names of people, as facts, and in which schools people are spoken of."""

from __future__ import annotations

from collections.abc import Iterator

from adapters.packages.bulk.doubted import position_stays
from adapters.packages.facts.joined import EMPLOYMENT, ENROLMENT, Employment
from adapters.packages.facts.reading import Reading
from adapters.packages.facts.snapshot import Stated
from adapters.packages.roster.people import Post, Posts
from adapters.packages.roster.role_words import RANK, STUDENT, position_type
from adapters.packages.roster.roster import Topic
from adapters.packages.spill.sorted_groups import SortedGroups
from sync.facts import (
    BLOCK,
    GUARDIANSHIP,
    PERSON_NAMES,
    Block,
)


def state_employees(reading: Reading) -> None:
    """The highest role of an employee at a school; one that is still to come only where none is now."""
    for person, posts in reading.roster.posts.entries():
        best: dict[str, tuple[tuple[bool, int], Post, str]] = {}
        for post, position in _staff(reading, posts):
            rank = (not reading.is_current(post.begins_on), RANK[position])
            school = post.organisation_id or ""
            if school not in best or rank < best[school][0]:
                best[school] = rank, post, position
        for school, (_, post, position) in best.items():
            value = Employment(position, post.role)
            if not position_stays(reading, (school, person), value):
                stated = Stated(value, reading.effective_on(post.begins_on))
                reading.snapshot.state(EMPLOYMENT, (school, person), stated)
    if reading.roster.tells(Topic.PEOPLE, Topic.POSTS):
        reading.snapshot.whole[EMPLOYMENT] = reading.roster.schools.keys() | reading.roster.removed_schools


def _staff(reading: Reading, posts: Posts) -> Iterator[tuple[Post, str]]:
    for post in posts:
        position = position_type(post.role)
        if position is not None and post.organisation_id is not None and not reading.is_over(post.ends_on):
            yield post, position


def study_places(reading: Reading) -> Iterator[tuple[str, str]]:
    """The schools and students of the classes stated, and those of the rows of roles."""
    yield from ((school, student) for school, student in reading.snapshot.of(ENROLMENT))
    for person, post in posts_at_schools(reading):
        if post.role == STUDENT:
            yield post.organisation_id or "", person


def posts_at_schools(reading: Reading) -> Iterator[tuple[str, Post]]:
    """Everybody's roles at schools that are not over."""
    for person, posts in reading.roster.posts.entries():
        for post in posts:
            if post.organisation_id is not None and not reading.is_over(post.ends_on):
                yield person, post


def state_people(reading: Reading) -> None:
    """The names of everybody whom a school of the package knows; last, when that is settled."""
    home_of_all(reading)
    state_names(reading)
    if reading.options.block_disabled and reading.roster.tells(Topic.FLAGS):
        _state_blocks(reading)


def state_names(reading: Reading) -> None:
    """The names of whom a school speaks of, to that school; of a part without a column, the one that is known."""
    homes, untold = SortedGroups(reading.snapshot.homes(), key=lambda home: home[0]), reading.roster.untold_names
    for id_, person in reading.roster.persons():
        if person.names is None:
            continue
        for _, school in homes.of(id_):
            known = reading.known_value(PERSON_NAMES, (school, id_)) if untold else None
            kept = {part: getattr(known, part) for part in untold} if known is not None else {}
            names = person.names._replace(**kept) if kept else person.names
            reading.snapshot.state(PERSON_NAMES, (school, id_), Stated(names))


def home_of_all(reading: Reading) -> None:
    """Where each person is spoken of."""
    for school, employee in reading.snapshot.of(EMPLOYMENT):
        reading.snapshot.live_in(employee, school)
    for school, guardian, _ in reading.snapshot.of(GUARDIANSHIP):
        reading.snapshot.live_in(guardian, school)
    for school, student in reading.snapshot.of(ENROLMENT):
        reading.snapshot.live_in(student, school)
    for person, post in posts_at_schools(reading):
        reading.snapshot.live_in(person, post.organisation_id or "")


def _state_blocks(reading: Reading) -> None:
    """Whose account is disabled is blocked in each of their schools; a block of another's making is left alone."""
    for school, person in schools_of_facts(reading):
        told = reading.roster.people.get(person)
        if told is not None and told.enabled is False:
            reading.snapshot.state(BLOCK, (school, person), Stated(Block(blocked=True)))
    reading.snapshot.whole[BLOCK] = reading.roster.schools.keys()


def schools_of_facts(reading: Reading) -> Iterator[tuple[str, str]]:
    """The schools and people of everything stated, some of them several times."""
    yield from ((school, person) for school, person in reading.snapshot.of(EMPLOYMENT))
    yield from ((school, person) for school, person in reading.snapshot.of(ENROLMENT))
    for school, guardian, student in reading.snapshot.of(GUARDIANSHIP):
        yield school, guardian
        yield school, student
