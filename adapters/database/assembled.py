"""Rows of many schools put together: a slice for each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from adapters.database.rows import place_of
from adapters.database.touches import Gathered, Pair
from sync.places import Place, Room
from sync.roster import Facts, Roster
from sync.school_years import Reached
from sync.slices import Cause, Slice


def assembled(
    gathered: Gathered,
    days: Mapping[str, date],
    known: Mapping[int, Room],
    *,
    standing: Sequence[Any],
    accounts: Mapping[str, Mapping[str, Any]],
    reached: Sequence[Any],
) -> dict[str, Slice]:
    facts = _facts_by_school(gathered)
    causes: dict[str, dict[str, Cause]] = defaultdict(dict)
    for (school, person), cause in gathered.causes.items():
        causes[school][person] = cause
    chats_of: dict[str, set[str]] = defaultdict(set)
    for school, chat_id in gathered.chats:
        chats_of[school].add(chat_id)
    places_of: dict[str, dict[str, list[Place]]] = defaultdict(lambda: defaultdict(list))
    for row in standing:
        places_of[row.organisation_id][row.person_id].append(place_of(row))
    rooms_of: dict[str, dict[int, Room]] = defaultdict(dict)
    students: dict[str, set[str]] = defaultdict(set)
    for school, student in gathered.studying:
        students[school].add(student)
    reached_of: dict[str, dict[str, Reached]] = defaultdict(dict)
    for row in reached:
        reached_of[row.organisation_id][row.student_id] = Reached(*row[1:])
    asking = _by_second(gathered.chats)
    for room in known.values():
        for school in asking.get(room.chat_id, ()):
            rooms_of[school][room.room_no] = room
    return {
        school: Slice(
            school,
            Roster(school, days[school], facts[school]),
            causes[school],
            chats_of[school],
            accounts.get(school, {}),
            rooms_of[school],
            places_of[school],
            students[school],
            reached_of[school],
            {person for of, person in gathered.retried if of == school},
        )
        for school in sorted(gathered.schools)
    }


def _facts_by_school(gathered: Gathered) -> Mapping[str, Facts]:
    """The words by school; a claim goes to every school that asks whose the entity is."""
    facts: dict[str, Facts] = defaultdict(Facts)
    entities = {"class": gathered.classes, "group": gathered.groups, "chat": gathered.chats}
    asking = {entity: _by_second(pairs) for entity, pairs in entities.items()}
    for word in gathered.words.values():
        schools: Iterable[str] = (word.key[0],) if word.kind.of_organisation else asking[word.key[0]][word.key[1]]
        for school in schools:
            facts[school].add((word,))
    return facts


def _by_second(pairs: Iterable[Pair]) -> Mapping[str, list[str]]:
    schools: dict[str, list[str]] = defaultdict(list)
    for school, id_ in pairs:
        schools[id_].append(school)
    return schools
