"""Rows whose ids are spelt otherwise than they are known by: in another case, or without the zeros that a spreadsheet
takes away from the beginning of a number. An id keeps the spelling it first came in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from adapters.packages.facts.joined import EMPLOYMENT, ENROLMENT
from adapters.packages.facts.known import Known
from adapters.packages.findings import NOWHERE, Findings
from adapters.packages.roster.people import is_other_name
from adapters.packages.roster.respelling import respell
from adapters.packages.roster.roster import Roster
from adapters.packages.spill.mappings import SpillMap
from sync.facts import CLASS_NAME, CLASS_STATE, GROUP_STATE, GUARDIANSHIP, PERSON_NAMES, Key

SEVERAL = ""
ZEROS = re.compile(r"(?:^|(?<=:))0+(?=\d+$)")  # of a number, or of one in a namespace


def spell_as_known(roster: Roster, known: Known, findings: Findings) -> None:
    """Gives people and sections the ids they are known by, where theirs differ in nothing but case or zeros (counted).

    Who has another name then is somebody else.
    """
    people = _differing(roster, roster.people, lambda: _people(known))
    people = {id_: key for id_, key in people.items() if not _is_somebody_else(roster, known, id_, key)}
    sections = _differing(roster, roster.sections, lambda: _sections(known))
    sections = {id_: key for id_, key in sections.items() if not _is_another_class(roster, known, id_, key)}
    for id_, key in people.items():
        place = getattr(roster.people.get(id_), "place", None) or NOWHERE
        named = place._replace(column=None)  # it is that of the agents
        findings.add(_kind(id_, key), "the id by which somebody is known", named)
    for id_, key in sections.items():
        findings.add(_kind(id_, key), "the id by which a class is known", roster.section_rows.get(id_, NOWHERE))
    if people or sections:
        respell(roster, *({id_: key[1] for id_, key in found.items()} for found in (people, sections)))


def _people(known: Known) -> Iterator[Key]:
    for kind in (ENROLMENT, EMPLOYMENT):
        yield from known.get(kind, {})
    for school, guardian, _ in known.get(GUARDIANSHIP, {}):
        yield school, guardian


def _sections(known: Known) -> Iterator[Key]:
    for kind in (CLASS_STATE, GROUP_STATE):
        yield from known.get(kind, {})


def _differing(roster: Roster, rows: Mapping[str, object], known: Callable[[], Iterator[Key]]) -> dict[str, Key]:
    """The keys by the ids of rows that nobody is known by, save for their spelling."""
    missing: SpillMap[str, Key] = roster.spill.mapping()
    for key in known():
        if key[1] not in rows:
            folded = _folded(key[1])
            before = missing.get(folded, key)
            missing[folded] = key if before[1] == key[1] else (key[0], SEVERAL)
    found: dict[str, Key] = {}
    for id_ in rows if len(missing) else ():
        key = missing.get(_folded(id_))
        if key is not None and key[1] != SEVERAL:
            found[id_] = key
            missing[_folded(id_)] = (key[0], SEVERAL)
    for key in known() if found else ():
        found.pop(key[1], None)  # who is known by an id is not known by another besides
    return found


def _is_another_class(roster: Roster, known: Known, id_: str, key: Key) -> bool:
    """Whether a number without zeros before it is another class's: it has another title."""
    section = roster.sections.get(id_)
    if section is None or not section.is_titled or _kind(id_, key) == "id_case":
        return False
    names = (known.get(kind, {}).get(key) for kind in (CLASS_NAME, GROUP_STATE))
    return not any(was is not None and getattr(was.value, "name", None) in {None, section.title} for was in names)


def _folded(id_: str) -> str:
    return ZEROS.sub("", id_.casefold())


def _kind(id_: str, key: Key) -> str:
    return "id_case" if id_.casefold() == key[1].casefold() else "id_zeros"


def _is_somebody_else(roster: Roster, known: Known, id_: str, key: Key) -> bool:
    told, was = roster.people.get(id_), known.get(PERSON_NAMES, {}).get(key)
    if told is None and _kind(id_, key) == "id_zeros":
        return True  # who is removed by a number is nobody else
    names = getattr(told, "names", None)
    return names is not None and is_other_name(was and was.value, names.last_name, names.first_name)
