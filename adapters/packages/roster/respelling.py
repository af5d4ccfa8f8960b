"""Other ids for people and sections of a roster, wherever it names them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from adapters.packages.roster.roster import Roster
from adapters.packages.spill.mappings import SpillMap

K = TypeVar("K", bound="str | tuple[str, ...]")
Ids = Mapping[str, str]


def respell(roster: Roster, people: Ids, sections: Ids) -> None:
    """Puts other ids in the place of some: those of people, and those of sections, by the ids they have."""
    person, section = _one(people), _one(sections)
    _put(roster.people, person, lambda told: told and told._replace(agents=told.agents and _all(told.agents, person)))
    _put(roster.posts, person)
    _put(roster.sections, section, lambda told: told and told._replace(section_id=section(told.section_id)))
    _put(roster.section_rows, section)
    _put(roster.student_enrolments, lambda key: (section(key[0]), person(key[1]), key[2]))
    _put(
        roster.teachers,
        section,
        lambda told: tuple(each._replace(employee_id=person(each.employee_id)) for each in told),
    )
    _put(roster.links, lambda key: (person(key[0]), person(key[1])))
    _put(roster.leftovers, lambda key: (person(key[0]), section(key[1])))
    if roster.changes is not None:
        _put(roster.changes.removed_people, person)
        _put(roster.changes.removed_posts, person)
        _put(
            roster.changes.enrolments,
            lambda key: key,
            lambda told: told and told._replace(person_id=person(told.person_id), section_id=section(told.section_id)),
        )


def _one(ids: Ids) -> Callable[[str], str]:
    return lambda id_: ids.get(id_, id_)


def _all(ids: tuple[str, ...], spelt: Callable[[str], str]) -> tuple[str, ...]:
    return tuple(map(spelt, ids))


def _put(rows: SpillMap[K, Any], key_of: Callable[[K], K], value_of: Callable[[Any], Any] = lambda told: told) -> None:
    """Only what has another key or value then is put in anew: nothing may be while a mapping is read."""
    changed = [
        (key, key_of(key), value_of(value))
        for key, value in rows.entries()
        if key_of(key) != key or value_of(value) != value
    ]
    for key, _, _ in changed:
        del rows[key]
    for _, key, value in changed:
        rows[key] = value
