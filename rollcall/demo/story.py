"""A term of a school's life, step by step. Each step is what the school's system and people say, and to whom."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rollcall.demo.cast import Cast
from rollcall.demo.events import Said
from sync import chats
from sync.ids import ChatId, ClassId

LAST_GRADE = 11


@dataclass(frozen=True, slots=True)
class Step:
    """`said` goes in as one batch. `watched` is the person whose phone is worth looking at, `chats` the chats."""

    title: str
    words: str
    said: tuple[Said, ...]
    watched: str | None = None
    chats: tuple[ChatId, ...] = ()


Scene = Callable[[Cast], Step | None]


def story(cast: Cast) -> Iterator[Step]:
    """The steps, each made from what was said before it; those that lack their people are left out.

    Whoever takes a step tells the roll of it before asking for the next one.
    """
    expelled = _Expelled()
    scenes: tuple[Scene, ...] = (
        enrolment, transfer, new_year, expelled.expulsion, expelled.restoration, expelled.cancellation,
        hiring, dismissal, late_link, refusal,
    )  # fmt: skip
    for scene in scenes:
        step = scene(cast)
        if step is not None:
            yield step


def enrolment(cast: Cast) -> Step | None:
    class_id = cast.one_of(sorted(cast.roll.classes))
    if class_id is None:
        return None
    surname, father = cast.surname(), cast.names.father_name()
    child, child_described = cast.newcomer(cast.names.child(surname, father, female=True))
    mother, mother_described = cast.newcomer(cast.names.adult(surname, female=True))
    called = cast.roll.called
    own = {"organisation_id": cast.roll.organisation_id}
    return Step(
        "Зачисление",
        f"{called(child)} теперь учится в классе {cast.roll.classes[class_id]} и входит в классный чат, а мама "
        f"({called(mother)}) – в родительский. Приглашать никого не нужно.",
        (
            child_described,
            mother_described,
            ("school.student.enrolled", {**own, "student_id": child, "class_id": class_id}),
            ("school.guardian.assigned", {**own, "guardian_id": mother, "student_id": child, "relation": "мать"}),
            cast.link(child),
            cast.link(mother),
        ),
        mother,
        _chats_of(class_id),
    )


def transfer(cast: Cast) -> Step | None:
    roll = cast.roll
    pupil = cast.one_of(_with_guardians(cast)) if len(roll.classes) > 1 else None
    if pupil is None:
        return None
    old = roll.class_of[pupil]
    new = _nearest(roll.classes, old)
    data = {"student_id": pupil, "from_class_id": old, "to_class_id": new}
    return Step(
        "Перевод в другой класс",
        f"{roll.called(pupil)} переходит из класса {roll.classes[old]} в {roll.classes[new]}, родители – следом. "
        "Сначала люди вступают в новые чаты и только потом выходят из старых.",
        (("school.student.transferred", {"organisation_id": roll.organisation_id, **data}),),
        _watched_guardian(cast, pupil),
        (*_chats_of(new), *_chats_of(old)),
    )


def new_year(cast: Cast) -> Step | None:
    """Classes get their next name; those of the last grade leave."""
    said: list[Said] = []
    moving = None
    own = {"organisation_id": cast.roll.organisation_id}
    for class_id, name in sorted(cast.roll.classes.items()):
        grade, rest = _graded(name)
        if grade is None:
            continue
        if grade < LAST_GRADE:
            data = {"class_id": class_id, "name": f"{grade + 1}{rest}", "school_year": _next(cast.roll.years[class_id])}
            said.append(("school.class.renamed", {**own, **data}))
            moving = class_id
            continue
        graduates = [pupil for pupil in cast.roll.pupils() if cast.roll.class_of[pupil] == class_id]
        said += [("school.student.expelled", {**own, "student_id": each, "reason": "graduated"}) for each in graduates]
        said.append(("school.class.closed", {**own, "class_id": class_id}))
    if moving is None:
        return None
    inside = [each for each in _with_guardians(cast) if cast.roll.class_of[each] == moving]
    return Step(
        "Новый учебный год",
        "Классы получили новые имена. Чаты остались теми же: сменилось только название, никто не вышел и не вошёл. "
        "Чаты выпускных классов ушли в архив.",
        tuple(said),
        _watched_guardian(cast, inside[0]) if inside else None,
        _chats_of(moving),
    )


NO_CLASS = ClassId("")


@dataclass
class _Expelled:
    """One pupil's way out and back: three steps that know of each other."""

    pupil: str = ""
    class_id: ClassId = NO_CLASS
    guardian: str | None = None

    def expulsion(self, cast: Cast) -> Step | None:
        roll = cast.roll
        alone = [pupil for pupil in _with_guardians(cast) if _is_only_tie(cast, pupil)]
        pupil = cast.one_of(alone)
        if pupil is None:
            return None
        self.pupil, self.class_id, self.guardian = pupil, roll.class_of[pupil], _watched_guardian(cast, pupil)
        return self._step(
            cast,
            "Отчисление",
            f"{roll.called(pupil)} больше не учится в школе. Выходят и ученик, и родители, у которых здесь нет "
            "других детей: причины быть в чатах не осталось.",
            ("school.student.expelled", {"student_id": pupil, "reason": "left"}),
        )

    def restoration(self, cast: Cast) -> Step | None:
        return self._step(
            cast,
            "Восстановление",
            f"{cast.roll.called(self.pupil)} восстанавливается в классе {cast.roll.classes.get(self.class_id)}. "
            "Все возвращаются в свои чаты.",
            ("school.student.restored", {"student_id": self.pupil, "class_id": self.class_id}),
        )

    def cancellation(self, cast: Cast) -> Step | None:
        return self._step(
            cast,
            "Отмена восстановления",
            f"Восстановление отменено: {cast.roll.called(self.pupil)} и родители снова выходят из чатов.",
            ("school.student.restoration_cancelled", {"student_id": self.pupil}),
        )

    def _step(self, cast: Cast, title: str, words: str, said: Said) -> Step | None:
        if not self.pupil:
            return None
        kind, data = said
        own = {"organisation_id": cast.roll.organisation_id}
        return Step(title, words, ((kind, {**own, **data}),), self.guardian, _chats_of(self.class_id))


def hiring(cast: Cast) -> Step | None:
    teacher, teacher_described = cast.newcomer(cast.names.adult(cast.surname(), female=True))
    own = {"organisation_id": cast.roll.organisation_id}
    data = {"employee_id": teacher, "position_type": "teaching_staff", "position": "Учитель"}
    return Step(
        "Приём на работу",
        f"{cast.roll.called(teacher)} принята учителем и вступает в чат «Учительская».",
        (teacher_described, ("school.employee.hired", {**own, **data}), cast.link(teacher)),
        teacher,
        (chats.staff_chat(cast.roll.organisation_id),),
    )


def dismissal(cast: Cast) -> Step | None:
    """A homeroom teacher leaves, and the one hired last takes over the class."""
    roll = cast.roll
    ours = [class_id for class_id in sorted(roll.classes) if _can_leave(cast, roll.homerooms.get(class_id))]
    class_id = cast.one_of(ours)
    heir = next((each for each in reversed(roll.staff) if cast.is_in_chats(each)), None)
    if class_id is None or heir is None or heir == roll.homerooms[class_id]:
        return None
    own, teacher = {"organisation_id": roll.organisation_id}, roll.homerooms[class_id]
    return Step(
        "Увольнение",
        f"{roll.called(teacher)} уходит из школы, а с этим – из «Учительской» и чатов класса {roll.classes[class_id]}. "
        f"Классным руководителем становится {roll.called(heir)} и управляет этими чатами.",
        (
            ("school.employee.dismissed", {**own, "employee_id": teacher}),
            ("school.class.homeroom_teacher_assigned", {**own, "class_id": class_id, "employee_id": heir}),
        ),
        heir,
        (*_chats_of(class_id), chats.staff_chat(roll.organisation_id)),
    )


def late_link(cast: Cast) -> Step | None:
    guardian = cast.one_of([each for each in cast.roll.all_guardians() if each not in cast.roll.accounts])
    if guardian is None:
        return None
    classes = {cast.roll.class_of[child] for child in cast.roll.children_of(guardian)}
    return Step(
        "Поздняя привязка",
        f"{cast.roll.called(guardian)} всё это время ждёт: аккаунт не привязан. Теперь он привязан – и чаты "
        "появляются в телефоне сразу.",
        (cast.link(guardian),),
        guardian,
        tuple(chats.parents_chat(class_id) for class_id in sorted(classes)),
    )


def refusal(cast: Cast) -> Step | None:
    pupil = cast.one_of([each for each in cast.roll.pupils() if each not in cast.roll.accounts])
    if pupil is None:
        return None
    return Step(
        "Отказ: «Безопасный режим»",
        f"{cast.roll.called(pupil)} привязывает аккаунт, но настройки приватности не дают добавлять в чаты. "
        "Отказ виден школе, остальным он не мешает.",
        (cast.link(pupil, private=True),),
        pupil,
        (chats.class_chat(cast.roll.class_of[pupil]),),
    )


def _chats_of(class_id: ClassId) -> tuple[ChatId, ...]:
    return chats.class_chat(class_id), chats.parents_chat(class_id)


def _with_guardians(cast: Cast) -> list[str]:
    """Pupils who are in their chats, and a guardian of theirs with them."""
    roll = cast.roll
    return [
        pupil
        for pupil in roll.pupils()
        if cast.is_in_chats(pupil) and any(map(cast.is_in_chats, roll.guardians.get(pupil, ())))
    ]


def _watched_guardian(cast: Cast, pupil: str) -> str | None:
    return next(filter(cast.is_in_chats, sorted(cast.roll.guardians.get(pupil, ()))), None)


def _is_only_tie(cast: Cast, pupil: str) -> bool:
    guardians = cast.roll.guardians.get(pupil, set())
    return all(len(cast.roll.children_of(each)) == 1 and each not in cast.roll.staff for each in guardians)


def _can_leave(cast: Cast, teacher: str | None) -> bool:
    """Whether somebody works here, and is nothing else here."""
    roll = cast.roll
    return (
        teacher in roll.staff
        and teacher is not None
        and cast.is_in_chats(teacher)
        and teacher != roll.chat_administrator_id
        and not roll.children_of(teacher)
    )


def _nearest(classes: dict[ClassId, str], old: ClassId) -> ClassId:
    """A class of the same grade, if there is another one."""
    grade, _ = _graded(classes[old])
    others = sorted(class_id for class_id in classes if class_id != old)
    return next((each for each in others if _graded(classes[each])[0] == grade), others[0])


def _graded(name: str) -> tuple[int | None, str]:
    """`5 А` as 5 and ` А`; None where a name does not begin with a grade."""
    found = re.match(r"(\d{1,2})(\D.*)?$", name)
    return (int(found[1]), found[2] or "") if found else (None, name)


def _next(school_year: str) -> str:
    first, last = school_year.split("/")
    return f"{int(first) + 1}/{int(last) + 1}"
