"""What a school's events have said so far: enough of it to choose whom something happens to next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from rollcall.demo.events import Event
from sync.ids import ClassId, OrganisationId


@dataclass
class Roll:
    """One school by its events; those of other schools change only `names` and `accounts`."""

    organisation_id: OrganisationId
    name: str = ""
    chat_administrator_id: str | None = None
    names: dict[str, str] = field(default_factory=dict)
    classes: dict[ClassId, str] = field(default_factory=dict)
    years: dict[ClassId, str] = field(default_factory=dict)
    homerooms: dict[ClassId, str] = field(default_factory=dict)
    class_of: dict[str, ClassId] = field(default_factory=dict)
    guardians: dict[str, set[str]] = field(default_factory=dict)
    staff: dict[str, str] = field(default_factory=dict)
    accounts: dict[str, str] = field(default_factory=dict)

    def take(self, events: Iterable[Event]) -> None:
        for event in events:
            self._hear(event["type"].removesuffix(".v1"), event["data"])

    def _hear(self, kind: str, data: Mapping[str, Any]) -> None:
        if kind == "school.person.described":
            self.names[data["person_id"]] = " ".join(filter(None, (data["last_name"], data["first_name"])))
        elif kind == "account.linked":
            self.accounts[data["person_id"]] = data["external_user_id"]
        elif data.get("organisation_id") == self.organisation_id:
            self._hear_of_school(kind.removeprefix("school."), data)

    def _hear_of_school(self, kind: str, data: Mapping[str, Any]) -> None:
        match kind:
            case "organisation.registered":
                self.name, self.chat_administrator_id = data["name"], data.get("chat_administrator_id")
            case "class.opened" | "class.renamed" | "class.homeroom_teacher_assigned" | "class.closed":
                self._hear_of_class(kind, data)
            case "student.enrolled" | "student.restored":
                self.class_of[data["student_id"]] = data["class_id"]
            case "student.transferred" | "student.promoted":
                self.class_of[data["student_id"]] = data["to_class_id"]
            case "student.expelled" | "student.restoration_cancelled":
                self.class_of.pop(data["student_id"], None)
            case "guardian.assigned":
                self.guardians.setdefault(data["student_id"], set()).add(data["guardian_id"])
            case "employee.hired":
                self.staff[data["employee_id"]] = data["position_type"]
            case "employee.dismissed":
                self.staff.pop(data["employee_id"], None)

    def _hear_of_class(self, kind: str, data: Mapping[str, Any]) -> None:
        class_id = data["class_id"]
        if kind == "class.closed":
            self.classes.pop(class_id, None)
        self.classes |= {class_id: data["name"]} if "name" in data else {}
        self.years |= {class_id: data["school_year"]} if data.get("school_year") else {}
        teacher = data.get("homeroom_teacher_id", data.get("employee_id"))
        self.homerooms |= {class_id: teacher} if teacher else {}

    def called(self, person_id: str) -> str:
        """What somebody is called, last name first; the id of whom nobody described."""
        return self.names.get(person_id, person_id)

    def pupils(self) -> list[str]:
        """Who learns in an open class, sorted."""
        return sorted(pupil for pupil, class_id in self.class_of.items() if class_id in self.classes)

    def all_guardians(self) -> list[str]:
        """The guardians of pupils, sorted."""
        return sorted({each for pupil in self.pupils() for each in self.guardians.get(pupil, ())})

    def children_of(self, guardian_id: str) -> list[str]:
        return [pupil for pupil in self.pupils() if guardian_id in self.guardians.get(pupil, ())]


def schools_by_size(events: Iterable[Event]) -> list[OrganisationId]:
    """The organisations, first the one that most is said about."""
    said = Counter(event["data"]["organisation_id"] for event in events if "organisation_id" in event["data"])
    return [school for school, _ in said.most_common()]
