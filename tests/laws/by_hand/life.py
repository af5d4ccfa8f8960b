"""What happens in the school: people come, move and go, classes open and close, accounts are linked."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.laws.by_hand.founded import CLASSES, EVERYBODY, HELD, PARENTS, PUPILS, SCHOOLS, STAFF, YEAR
from tests.laws.by_hand.ground import Ground

pupils, parents, staff, classes = (st.sampled_from(names) for names in (PUPILS, PARENTS, STAFF, CLASSES))
persons = st.sampled_from([*HELD])
schools = st.sampled_from([*SCHOOLS, SCHOOLS[0]])


class Life(Ground):
    @rule(school_id=schools, pupil=pupils, class_id=classes, what=st.sampled_from(["enrolled", "restored"]))
    def comes(self, school_id: str, pupil: str, class_id: str, what: str) -> None:
        self.happens(f"student.{what}", school_id, student_id=pupil, class_id=class_id)

    @rule(school_id=schools, pupil=pupils, class_id=classes)
    def moves(self, school_id: str, pupil: str, class_id: str) -> None:
        other = "b" if class_id == "a" else "a"
        self.happens("student.transferred", school_id, student_id=pupil, from_class_id=other, to_class_id=class_id)

    @rule(school_id=schools, pupil=pupils)
    def is_expelled(self, school_id: str, pupil: str) -> None:
        self.happens("student.expelled", school_id, student_id=pupil)

    @rule(school_id=schools, parent=parents, pupil=pupils, denied=st.sampled_from([None, False, True]))
    def parent_of(self, school_id: str, parent: str, pupil: str, denied: bool | None) -> None:
        of = {"guardian_id": parent, "student_id": pupil}
        if denied is None:
            self.happens("guardian.assigned", school_id, **of)
        else:
            self.happens("guardian.removed", school_id, denied=denied, **of)

    @rule(school_id=schools, employee=staff, position=st.sampled_from(["teaching_staff", "other", None]))
    def is_hired_or_dismissed(self, school_id: str, employee: str, position: str | None) -> None:
        if position is None:
            self.happens("employee.dismissed", school_id, employee_id=employee)
        else:
            self.happens("employee.hired", school_id, employee_id=employee, position_type=position)

    @rule(school_id=schools, class_id=classes, employee=st.sampled_from([None, *STAFF]))
    def has_a_teacher(self, school_id: str, class_id: str, employee: str | None) -> None:
        self.happens("class.homeroom_teacher_assigned", school_id, class_id=class_id, employee_id=employee)

    @rule(school_id=schools, employee=st.sampled_from([None, *STAFF]))
    def has_an_administrator(self, school_id: str, employee: str | None) -> None:
        self.happens("organisation.chat_administrator_assigned", school_id, employee_id=employee)

    @rule(school_id=schools, class_id=classes, name=st.sampled_from(["5 А", "6 А", "Новый"]))
    def is_renamed(self, school_id: str, class_id: str, name: str) -> None:
        self.happens("class.renamed", school_id, class_id=class_id, name=name)

    @rule(school_id=schools, class_id=classes, is_open=st.booleans())
    def closes(self, school_id: str, class_id: str, is_open: bool) -> None:
        if is_open:
            self.happens("class.opened", school_id, class_id=class_id, name=class_id, **YEAR)
        else:
            self.happens("class.closed", school_id, class_id=class_id)

    @rule(school_id=schools, person=persons, blocked=st.booleans())
    def is_blocked(self, school_id: str, person: str, blocked: bool) -> None:
        self.happens(f"person.{'blocked' if blocked else 'unblocked'}", school_id, person_id=person)

    @rule(person=persons, account=st.sampled_from([None, *EVERYBODY]))
    def links(self, person: str, account: str | None) -> None:
        what = "unlinked" if account is None else "linked"
        self.takes(self.told.account(what, person, account, at=self.a_moment_later()))
