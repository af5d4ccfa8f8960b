"""Making up a school: the same seed and sizes make the same school."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count, product
from random import Random

from rollcall.demo.families import MOTHER, families
from rollcall.demo.names import Name, Names
from rollcall.demo.school import (
    ADMINISTRATION,
    OTHER,
    TEACHING_STAFF,
    Chat,
    Employee,
    Group,
    Guardian,
    Person,
    Pupil,
    School,
    SchoolClass,
)

GRADES = range(1, 12)
LETTERS = "АБВГДЕЖЗИКЛМНОПРСТУФ"
TEACHERS_A_CLASS = 1.5
TEACHERS_TO_ONE_PARENT = 5
FIRST_GRADE_IN_GROUPS = 5
SUBJECTS = ("Английский язык", "Информатика", "Физика", "Химия", "История", "Биология")

OFFICES = (
    (ADMINISTRATION, "Директор"),
    (ADMINISTRATION, "Заместитель директора"),
    (ADMINISTRATION, "Администратор Сферума"),
    (OTHER, "Секретарь"),
)


def found_school(
    seed: int = 1,
    *,
    organisation_id: str = "school",
    classes: int = 22,
    pupils_a_class: int = 25,
    school_year: str = "2026/2027",
) -> School:
    """A school of so many classes, grade by grade beginning with the first, `1 А`, `1 Б`, `2 А` and so on."""
    return _Founding(seed, organisation_id, classes, pupils_a_class).school(school_year)


def found_schools(number: int, seed: int = 1, *, classes: int = 22, pupils_a_class: int = 25) -> Iterator[School]:
    """The schools of a region; nobody goes to two of them. A full one has about 1,500 people."""
    for no in range(1, number + 1):
        yield found_school(
            seed * 1_000_003 + no, organisation_id=f"school-{no}", classes=classes, pupils_a_class=pupils_a_class
        )


def class_names(classes: int) -> list[tuple[int, str]]:
    """Grades and names: all grades have as many classes as possible alike, the lowest first."""
    letters = -(-classes // len(GRADES))
    names = [f"{each}{'' if turn == 0 else turn + 1}" for turn, each in product(range(letters // 20 + 1), LETTERS)]
    return sorted((grade, f"{grade} {letter}") for letter in names[:letters] for grade in GRADES)[:classes]


@dataclass
class _Founding:
    seed: int
    organisation_id: str
    number_of_classes: int
    pupils_a_class: int
    people: list[Person] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = Random(self.seed)  # noqa: S311 - made-up people, not secrets
        self.names = Names(self.seed)
        self.numbers = count(1)

    def school(self, school_year: str) -> School:
        pupils, guardians = self._families()
        teachers = self._teachers([each.guardian_id for each in guardians if each.relation == MOTHER])
        office = [Employee(self._adult(), kind, position) for kind, position in OFFICES]
        classes = [
            SchoolClass(class_id, grade, name, teacher.person_id)
            for (class_id, grade, name), teacher in zip(self._classes(), teachers, strict=False)
        ]
        groups = list(self._groups(classes, pupils, teachers))
        return School(
            organisation_id=self.organisation_id,
            name=f"Школа № {self.random.randint(2, 1999)}",
            school_year=school_year,
            chat_administrator_id=office[2].person_id,
            people=self.people,
            classes=classes,
            pupils=pupils,
            guardians=guardians,
            employees=office + teachers,
            groups=groups,
            chats=self._chats(classes, groups, guardians, office),
        )

    def _person(self, name: Name) -> str:
        self.people.append(Person(f"{self.organisation_id}-{next(self.numbers)}", name))
        return self.people[-1].person_id

    def _adult(self) -> str:
        return self._person(self.names.adult(self.names.surname(), female=self.random.random() < 0.8))

    def _classes(self) -> list[tuple[str, int, str]]:
        named = class_names(self.number_of_classes)
        return [(f"{self.organisation_id}-class-{no}", *each) for no, each in enumerate(named, start=1)]

    def _families(self) -> tuple[list[Pupil], list[Guardian]]:
        seats = [class_id for class_id, _, _ in self._classes() for _ in range(self.pupils_a_class)]
        self.random.shuffle(seats)
        pupils: list[Pupil] = []
        guardians: list[Guardian] = []
        for family in families(self.names, self.random, len(seats)):
            own = [Pupil(self._person(name), seats.pop()) for name in family.children]
            adults = [(relation, self._person(name)) for relation, name in family.adults]
            pupils += own
            guardians += [Guardian(adult, pupil.person_id, kin) for pupil in own for kin, adult in adults]
        return pupils, guardians

    def _teachers(self, mothers: Sequence[str]) -> list[Employee]:
        number = max(2, round(self.number_of_classes * TEACHERS_A_CLASS))
        of_parents = self.random.sample(sorted(set(mothers)), min(len(set(mothers)), number // TEACHERS_TO_ONE_PARENT))
        ids = of_parents + [self._adult() for _ in range(number - len(of_parents))]
        self.random.shuffle(ids)
        return [Employee(each, TEACHING_STAFF, "Учитель") for each in ids]

    def _groups(
        self, classes: Sequence[SchoolClass], pupils: Sequence[Pupil], teachers: Sequence[Employee]
    ) -> Iterator[Group]:
        by_class = _by_class(pupils)
        for no, each in enumerate((of for of in classes if of.grade >= FIRST_GRADE_IN_GROUPS), start=1):
            subject = SUBJECTS[no % len(SUBJECTS)]
            own = by_class[each.class_id]
            half = None if no % 2 else tuple(sorted(own[: len(own) // 2]))
            teacher_id = self.random.choice(teachers).person_id
            yield Group(f"{self.organisation_id}-group-{no}", each.class_id, subject, f"{no}", teacher_id, half)

    def _chats(
        self,
        classes: Sequence[SchoolClass],
        groups: Sequence[Group],
        guardians: Sequence[Guardian],
        office: Sequence[Employee],
    ) -> list[Chat]:
        chats = [
            Chat(f"{group.group_id}-chat", f"{group.name} - {group.subject}", group.group_id) for group in groups[::2]
        ]
        committee = sorted({each.guardian_id for each in guardians})
        committee = self.random.sample(committee, min(len(committee), len(classes)))
        return [
            *chats,
            Chat(
                f"{self.organisation_id}-committee",
                "Родительский комитет",
                employee_ids=(office[0].person_id, office[1].person_id),
                guardian_ids=tuple(committee),
            ),
        ]


def _by_class(pupils: Sequence[Pupil]) -> Mapping[str, list[str]]:
    by_class: dict[str, list[str]] = defaultdict(list)
    for pupil in pupils:
        by_class[pupil.class_id].append(pupil.person_id)
    return by_class
