"""What a delta states of classes and groups themselves: its rows over what is known."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from adapters.packages.bulk.classes import state_class
from adapters.packages.delta.known_facts import KnownFacts
from adapters.packages.facts.joined import EMPLOYMENT
from adapters.packages.facts.reading import Reading
from adapters.packages.facts.snapshot import Stated
from adapters.packages.roster.sections import Section
from sync.facts import (
    CLASS_NAME,
    CLASS_STATE,
    CLASS_YEAR,
    GROUP_STATE,
    HOMEROOM,
    GroupState,
    Homeroom,
)


def state_sections(reading: Reading, known_facts: KnownFacts, used: AbstractSet[str]) -> None:
    """The rows of classes, save those removed that are still used, and what closes with a removed school."""
    for section in reading.roster.all_sections():
        if not section.gone or section.section_id not in used:
            _state_section(reading, known_facts, section)
    for school in reading.roster.removed_schools:
        _close_school(reading, known_facts, school)


def _state_section(reading: Reading, known_facts: KnownFacts, section: Section) -> None:
    key, is_class = section.key, reading.is_class(section)
    if section.gone:
        reading.snapshot.end(CLASS_STATE, key)
        reading.snapshot.end(GROUP_STATE, key)
    elif is_class:
        reading.snapshot.end(GROUP_STATE, key)
        known = known_facts.value(CLASS_YEAR, key)
        year = section.school_year or getattr(known, "school_year", None) or reading.school_year
        state_class(reading, key, reading.title_of(section, CLASS_NAME), year)
        if known_facts.was(CLASS_STATE, key) is None:
            reading.snapshot.state(HOMEROOM, key, Stated(Homeroom(None)))
    else:
        reading.snapshot.end(CLASS_STATE, key)
        name, subject = reading.title_of(section, GROUP_STATE), reading.subject_of(section)
        value = GroupState(open=True, class_id=None, subject=subject, name=name)
        reading.snapshot.state(GROUP_STATE, key, Stated(value))


def _close_school(reading: Reading, known_facts: KnownFacts, school: str) -> None:
    for kind in (CLASS_STATE, GROUP_STATE, EMPLOYMENT):
        for key in known_facts.keys(kind):
            if key[0] == school:
                reading.snapshot.end(kind, key)
