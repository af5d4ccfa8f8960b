"""Rows of many schools put together: a slice for each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from adapters.database.load.gathering import Gathered
from adapters.database.rows import place_of
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
    for room in known.values():
        rooms_of[room.organisation_id][room.room_no] = room
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
    facts: dict[str, Facts] = defaultdict(Facts)
    for word in gathered.words.values():
        facts[word.key[0]].add((word,))
    return facts
