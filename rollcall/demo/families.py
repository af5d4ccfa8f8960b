"""Families with children of school age, brothers and sisters in different classes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from rollcall.demo.names import Name, Names

CHILDREN, HOW_OFTEN = (1, 2, 3, 4), (55, 33, 10, 2)
WITH_A_FATHER, WITH_A_MOTHER, WITH_A_GRANDMOTHER = 0.75, 0.95, 0.08

MOTHER, FATHER, GRANDMOTHER = "мать", "отец", "бабушка"


@dataclass(frozen=True, slots=True)
class Family:
    """Names of those who belong together; adults with their relation to the children."""

    adults: list[tuple[str, Name]] = field(default_factory=list)
    children: list[Name] = field(default_factory=list)


def families(names: Names, random: Random, children: int) -> Iterator[Family]:
    """Families until they have so many children together."""
    while children > 0:
        family = _family(names, random, min(children, random.choices(CHILDREN, HOW_OFTEN)[0]))
        children -= len(family.children)
        yield family


def _family(names: Names, random: Random, children: int) -> Family:
    surname, father_name = names.surname(), names.father_name()
    family = Family(children=[names.child(surname, father_name, female=random.random() < 0.5) for _ in range(children)])
    if random.random() < WITH_A_MOTHER:
        family.adults.append((MOTHER, names.adult(surname, female=True)))
    if random.random() < WITH_A_FATHER or not family.adults:
        family.adults.append((FATHER, names.adult(surname, female=False, first=father_name)))
    if random.random() < WITH_A_GRANDMOTHER:
        family.adults.append((GRANDMOTHER, names.adult(names.surname(), female=True)))
    return family
