"""Russian names that belong together: a family's surname, a child's patronymic. Seeded; nobody real is meant."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from mimesis import Gender, Locale
from mimesis import Person as Library

WITH_A_FEMALE_FORM = ("ов", "ев", "ёв", "ин")

# What people are called oftenest, by who bears it; the library's own list begins with saints and ends with film stars.
BOYS = [
    "Александр", "Алексей", "Арсений", "Артём", "Богдан", "Вадим", "Глеб", "Даниил", "Дмитрий", "Егор", "Иван",
    "Илья", "Кирилл", "Константин", "Лев", "Максим", "Марк", "Матвей", "Михаил", "Никита", "Николай", "Павел",
    "Пётр", "Роман", "Семён", "Степан", "Тимофей", "Тимур", "Фёдор", "Ярослав",
]  # fmt: skip
GIRLS = [
    "Александра", "Алина", "Алиса", "Анастасия", "Анна", "Арина", "Валерия", "Варвара", "Василиса", "Вера",
    "Виктория", "Дарья", "Ева", "Екатерина", "Елизавета", "Есения", "Злата", "Кира", "Ксения", "Маргарита",
    "Мария", "Милана", "Надежда", "Полина", "Софья", "Стефания", "Таисия", "Ульяна", "Эмилия", "Яна",
]  # fmt: skip
MOTHERS = [
    "Алла", "Анна", "Валентина", "Вера", "Виктория", "Галина", "Дарья", "Евгения", "Екатерина", "Елена",
    "Ирина", "Ксения", "Лариса", "Людмила", "Марина", "Мария", "Надежда", "Наталья", "Оксана", "Ольга",
    "Светлана", "Татьяна", "Юлия", "Яна",
]  # fmt: skip
FATHERS = {
    "Александр": "Александров", "Алексей": "Алексеев", "Андрей": "Андреев", "Антон": "Антонов", "Борис": "Борисов",
    "Вадим": "Вадимов", "Виктор": "Викторов", "Владимир": "Владимиров", "Денис": "Денисов", "Дмитрий": "Дмитриев",
    "Евгений": "Евгеньев", "Иван": "Иванов", "Игорь": "Игорев", "Кирилл": "Кириллов", "Максим": "Максимов",
    "Николай": "Николаев", "Олег": "Олегов", "Павел": "Павлов", "Роман": "Романов", "Сергей": "Сергеев",
    "Тимур": "Тимуров", "Юрий": "Юрьев",
}  # fmt: skip
"""Each with the stem of the patronymic: Иванов, Иванович, Ивановна."""


@dataclass(frozen=True, slots=True)
class Name:
    last: str
    first: str
    middle: str | None


@dataclass(frozen=True, slots=True)
class Surname:
    male: str
    female: str

    def of(self, *, female: bool) -> str:
        return self.female if female else self.male


class Names:
    """Names drawn one after another; the same seed draws the same ones."""

    def __init__(self, seed: int) -> None:
        self._library = Library(Locale.RU, seed=seed)
        self._random = Random(seed)  # noqa: S311 - names, not secrets

    def surname(self) -> Surname:
        while not (male := self._library.surname(Gender.MALE)).endswith(WITH_A_FEMALE_FORM):
            continue
        return Surname(male, f"{male}а")

    def father_name(self) -> str:
        return self._random.choice(list(FATHERS))

    def adult(self, surname: Surname, *, female: bool, first: str | None = None) -> Name:
        first = first or (self._random.choice(MOTHERS) if female else self.father_name())
        return Name(surname.of(female=female), first, patronymic(self.father_name(), female=female))

    def child(self, surname: Surname, father_name: str, *, female: bool) -> Name:
        first = self._random.choice(GIRLS if female else BOYS)
        return Name(surname.of(female=female), first, patronymic(father_name, female=female))


def patronymic(father_name: str, *, female: bool) -> str:
    """What the children of one of FATHERS are called after him."""
    return f"{FATHERS[father_name]}{'на' if female else 'ич'}"
