"""The rules once more, naively, for tests to compare with: from the whole set of events, every time anew.

An event is a valid CloudEvents structured dict, as parsed from JSON. Nothing here is shared with the product, keeps a
state or knows an order of arrival, save that of two events with the same source and id the first counts.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

Event = Mapping[str, Any]
Data = Mapping[str, Any]
Fact = tuple[str, ...]
Said = Iterator[tuple[Fact, Any]]
Bounds = Mapping[str, Collection[str]]
Desired = dict[str, dict[str, tuple[str, frozenset[str]]]]

NO_BOUNDS: Bounds = {}
ADMIN_REASONS = {"homeroom", "teaches", "chat_administrator"}
STAFF_POSITIONS = {"administration", "teaching_staff"}
TIES_THAT_FIT = {
    "staff": {"employee"},
    "class": {"employee", "student"},
    "parents": {"employee", "guardian"},
    "subject": {"employee", "student"},
    "other": {"employee", "student", "guardian"},
}
DATED = {
    "school.person.blocked.v1",
    "school.person.unblocked.v1",
    "school.class.opened.v1",
    "school.class.homeroom_teacher_assigned.v1",
    "school.class.closed.v1",
    "school.student.enrolled.v1",
    "school.student.transferred.v1",
    "school.student.promoted.v1",
    "school.student.expelled.v1",
    "school.student.restored.v1",
    "school.employee.hired.v1",
    "school.employee.position_changed.v1",
    "school.employee.dismissed.v1",
}
"""The types whose `effective_on` means something; on any other it is an unknown field."""


class Statement(NamedTuple):
    """What one event says of one fact, from `starts_on` on (None: on every day)."""

    fact: Fact
    value: Any
    starts_on: date | None
    sequence: str | None
    time: datetime
    source: str
    id: str

    def within_source(self) -> tuple[Any, ...]:
        """By sequence where they carry it, else by time; then by id."""
        return (0, self.time, self.id) if self.sequence is None else (1, self.sequence, self.id)

    def between_sources(self) -> tuple[datetime, str, str]:
        return self.time, self.source, self.id


class Chat(NamedTuple):
    """An open chat: its type, and the class or group it is for, where it is for one."""

    type: str
    of: str | None


def desired(events: Sequence[Event], organisation_id: str, day: date) -> Desired:
    """Each open chat of the school with whom it should have, in which role and why; a chat for nobody is empty."""
    school = School(events, organisation_id, day)
    return {
        chat_id: {
            person: ("admin" if reasons & ADMIN_REASONS else "member", reasons)
            for person in school.persons()
            if (reasons := school.reasons(person, chat_id, chat))
        }
        for chat_id, chat in school.chats().items()
    }


def excluded(events: Sequence[Event], organisation_id: str, day: date) -> dict[str, dict[str, frozenset[str]]]:
    """Each open chat with those who have a reason for it, or were picked by hand, and are kept out: by what."""
    school = School(events, organisation_id, day)
    return {
        chat_id: {
            person: exclusions
            for person in school.persons()
            if not school.reasons(person, chat_id, chat) and (exclusions := school.exclusions(person, chat_id, chat))
        }
        for chat_id, chat in school.chats().items()
    }


def titles(events: Sequence[Event], organisation_id: str, day: date) -> dict[str, str]:
    """The title of each open chat, by the default templates, not yet cut for a platform."""
    school = School(events, organisation_id, day)
    return {chat_id: school.title(chat_id, chat) for chat_id, chat in school.chats().items()}


def accounts(events: Sequence[Event], provider: str) -> dict[str, str | None]:
    """The account each person stands in chats with: None when unlinked, or when another person holds the account.

    Persons of whom no link and no unlinking was told are missing.
    """
    links = _links(events, provider)
    return {
        person: None if start is None or _holder(start.value, links) != person else start.value
        for person, start in links.items()
    }


def held_by_another(events: Sequence[Event], provider: str) -> dict[str, str]:
    """The persons linked to an account that another person holds, with that account."""
    links = _links(events, provider)
    return {
        person: start.value
        for person, start in links.items()
        if start is not None and _holder(start.value, links) != person
    }


def members(
    events: Sequence[Event], organisation_id: str, day: date, provider: str, bounds: Bounds = NO_BOUNDS
) -> dict[str, dict[str, str]]:
    """The accounts that should stand in each open chat, each in the highest role of those who stand there with it.

    `bounds`: the schools in which alone counts what a source says of accounts; of a source not in it everywhere.
    """
    counting = [event for event in events if organisation_id in bounds.get(event["source"], {organisation_id})]
    account_of = accounts(counting, provider)
    return {
        chat_id: _folded((account_of.get(person), role) for person, (role, _) in people.items())
        for chat_id, people in desired(events, organisation_id, day).items()
    }


def _folded(places: Iterable[tuple[str | None, str]]) -> dict[str, str]:
    folded: dict[str, str] = {}
    for account, role in places:
        if account is not None:
            folded[account] = "admin" if "admin" in (role, folded.get(account)) else "member"
    return folded


class School:
    """One organisation on one day: what holds there, and what follows by the rules."""

    def __init__(self, events: Sequence[Event], organisation_id: str, day: date) -> None:
        self.id = organisation_id
        self._held = held_on(day, events)

    def _of(self, kind: str, *key: str) -> Any:
        statement = self._held.get((kind, self.id, *key))
        return None if statement is None else statement.value

    def _keys(self, kind: str) -> list[Fact]:
        return sorted({fact[2:] for fact in self._held if fact[:2] == (kind, self.id)})

    # Who there is

    def persons(self) -> list[str]:
        """Everybody whom the school's facts could bring into a chat."""
        students, employees = self._keys("class of"), self._keys("position")
        guardians, picked = self._keys("guardian"), self._keys("pick")
        return sorted({key[0] for key in students + employees + guardians} | {key[1] for key in picked})

    def position(self, person: str) -> str | None:
        """The position of who is employed: a position is known, and no assertion says that they are not."""
        position: str | None = self._of("position", person)
        return None if self._of("employed", person) is False else position

    def employed(self, person: str) -> bool:
        return self.position(person) is not None

    def class_of(self, student: str) -> str | None:
        """The class of who is enrolled, whatever its state: one is named, and nothing says that they are not here."""
        class_id: str | None = self._of("class of", student)
        return None if self._of("at school", student) is False else class_id

    def wards(self, guardian: str, *, with_denied: bool) -> list[str]:
        """The enrolled students the person is a guardian of; `with_denied`: and those the person is denied."""
        return [
            student
            for someone, student in {*self._keys("guardian"), *self._keys("denied")}
            if someone == guardian
            and self.class_of(student) is not None
            and (with_denied if self._of("denied", guardian, student) else self._of("guardian", guardian, student))
        ]

    def ties(self, person: str, *, with_denied: bool) -> set[str]:
        """In which ways the person is tied to the school."""
        ties = {
            "employee": self.employed(person),
            "student": self.class_of(person) is not None,
            "guardian": bool(self.wards(person, with_denied=with_denied)),
        }
        return {tie for tie, holds in ties.items() if holds}

    # What there is

    def chats(self) -> dict[str, Chat]:
        """The open chats; none before the school is registered."""
        if not self._of("registered"):
            return {}
        chats = {f"staff:{self.id}": Chat("staff", None)}
        for (class_id,) in self._keys("class"):
            if self.class_open(class_id):
                chats[f"class:{class_id}"] = Chat("class", class_id)
                chats[f"parents:{class_id}"] = Chat("parents", class_id)
        for (chat_id,) in self._keys("chat"):
            if (chat := self._of("chat", chat_id)) is not None:
                chats[chat_id] = chat
        return chats

    def class_open(self, class_id: str) -> bool:
        return self._of("class", class_id) is True

    def group_open(self, group_id: str) -> bool:
        return self._of("group", group_id) is not None

    def studies_in_group(self, student: str, group_id: str) -> bool:
        """Rule R6."""
        named: list[str] | None = self._of("group students", group_id)
        class_id: str | None = self._of("group", group_id)["class_id"]
        if named is None:
            return class_id is not None and self.class_open(class_id) and self.class_of(student) == class_id
        if student not in named or self.class_of(student) is None:
            return False
        return class_id is None or self.class_of(student) == class_id

    def title(self, chat_id: str, chat: Chat) -> str:
        by_hand = self._held.get(("chat name", self.id, chat_id))
        if chat.type not in {"class", "parents"}:
            return "Учительская" if by_hand is None else by_hand.value
        of_class = self._held["class name", self.id, chat.of or ""]
        if by_hand is not None and later(by_hand, of_class):
            return str(by_hand.value)
        return f"{of_class.value} Родители" if chat.type == "parents" else str(of_class.value)

    # Who belongs where

    def reasons(self, person: str, chat_id: str, chat: Chat) -> frozenset[str]:
        """The reasons that hold once exclusions are taken off."""
        if self._of("blocked", person):
            return frozenset()
        reasons = self.reasons_before_exclusion(person, chat_id, chat, with_denied=False)
        if self._of("pick", chat_id, person) == "excluded":
            reasons &= {"chat_administrator"}
        return frozenset(reasons)

    def exclusions(self, person: str, chat_id: str, chat: Chat) -> frozenset[str]:
        """What keeps out somebody who has a reason, or was picked by hand."""
        pick = self._of("pick", chat_id, person)
        anyway = self.reasons_before_exclusion(person, chat_id, chat, with_denied=True)
        if not anyway and pick is None:
            return frozenset()
        exclusions = {
            "blocked": bool(self._of("blocked", person)),
            "excluded_by_hand": pick == "excluded",
            "denied": anyway != self.reasons_before_exclusion(person, chat_id, chat, with_denied=False),
            "not_for_this_chat": pick == "added" and "added_by_hand" not in anyway,
        }
        return frozenset(exclusion for exclusion, holds in exclusions.items() if holds)

    def reasons_before_exclusion(self, person: str, chat_id: str, chat: Chat, *, with_denied: bool) -> set[str]:
        """Rules R1 to R9; `with_denied` as if no guardian were denied."""
        reasons = self._by_type(person, chat, with_denied=with_denied)
        if self.employed(person) and self._of("chat administrator") == person:
            reasons.add("chat_administrator")
        fits = TIES_THAT_FIT[chat.type] & self.ties(person, with_denied=with_denied)
        if fits and self._of("pick", chat_id, person) == "added":
            reasons.add("added_by_hand")
        return reasons

    def _by_type(self, person: str, chat: Chat, *, with_denied: bool) -> set[str]:
        match chat:
            case Chat("staff"):
                return {"employed"} if self.position(person) in STAFF_POSITIONS else set()
            case Chat("class", str(class_id)):
                studies = {"studies_in"} if self.class_of(person) == class_id else set()
                return studies | self._homeroom(person, class_id)
            case Chat("parents", str(class_id)):
                wards = self.wards(person, with_denied=with_denied)
                guards = {f"guardian_of:{student}" for student in wards if self.class_of(student) == class_id}
                return guards | self._homeroom(person, class_id)
            case Chat("subject", str(group_id)) if self.group_open(group_id):
                return self._in_group(person, group_id)
        return set()

    def _homeroom(self, person: str, class_id: str) -> set[str]:
        return {"homeroom"} if self.employed(person) and self._of("homeroom", class_id) == person else set()

    def _in_group(self, person: str, group_id: str) -> set[str]:
        studies = {"studies_in_group"} if self.studies_in_group(person, group_id) else set()
        teaches = self.employed(person) and self._of("group teacher", group_id) == person
        return studies | ({"teaches"} if teaches else set())


def held_on(day: date, events: Sequence[Event]) -> dict[Fact, Statement]:
    """What holds on the day: of each fact the winner among the statements that have started."""
    started: dict[Fact, list[Statement]] = {}
    for statement in statements(events):
        if statement.starts_on is None or statement.starts_on <= day:
            started.setdefault(statement.fact, []).append(statement)
    return {fact: winner(candidates) for fact, candidates in started.items()}


def winner(candidates: Iterable[Statement]) -> Statement:
    """Each source's last assertion, and of those the one with the later time."""
    last = {statement.source: statement for statement in sorted(candidates, key=Statement.within_source)}
    return max(last.values(), key=Statement.between_sources)


def earliest(candidates: Iterable[Statement]) -> Statement:
    """The same turned round: each source's first assertion, and of those the one with the earlier time."""
    backwards = sorted(candidates, key=Statement.within_source, reverse=True)
    first = {statement.source: statement for statement in backwards}
    return min(first.values(), key=Statement.between_sources)


def later(one: Statement, other: Statement) -> bool:
    """Whether `one` beats `other`, which speaks of another fact."""
    return winner([one, other]) is one


def statements(events: Sequence[Event]) -> list[Statement]:
    """All that the events say, each event once."""
    first: dict[tuple[str, str], Event] = {}
    for event in events:
        first.setdefault((event["source"], event["id"]), event)
    return [statement for event in first.values() for statement in _statements(event)]


def _statements(event: Event) -> list[Statement]:
    starts_on = event["data"].get("effective_on") if event["type"] in DATED else None
    return [
        Statement(
            fact=fact,
            value=value,
            starts_on=None if starts_on is None else date.fromisoformat(starts_on),
            sequence=event.get("sequence"),
            time=datetime.fromisoformat(event["time"].upper()),
            source=event["source"],
            id=event["id"],
        )
        for fact, value in said(event)
    ]


def said(event: Event) -> Said:
    """The contract's table of facts: which ones an event sets, to what."""
    family, entity, *_ = event["type"].split(".")
    act = event["type"].split(".")[-2]
    return (_account if family == "account" else SAID_OF[entity])(act, event["data"])


def _organisation(act: str, data: Data) -> Said:
    organisation = data["organisation_id"]
    match act:
        case "registered":
            yield ("registered", organisation), True
            if "chat_administrator_id" in data:
                yield ("chat administrator", organisation), data["chat_administrator_id"]
        case "chat_administrator_assigned":
            yield ("chat administrator", organisation), data["employee_id"]


def _person(act: str, data: Data) -> Said:
    if act in {"blocked", "unblocked"}:
        yield ("blocked", data["organisation_id"], data["person_id"]), act == "blocked"


def _class(act: str, data: Data) -> Said:
    key = data["organisation_id"], data["class_id"]
    match act:
        case "opened":
            yield ("class", *key), True
            yield ("class name", *key), data["name"]
            if "homeroom_teacher_id" in data:
                yield ("homeroom", *key), data["homeroom_teacher_id"]
        case "renamed":
            yield ("class name", *key), data["name"]
        case "homeroom_teacher_assigned":
            yield ("homeroom", *key), data["employee_id"]
        case "closed":
            yield ("class", *key), False


def _group(act: str, data: Data) -> Said:
    key = data["organisation_id"], data["group_id"]
    match act:
        case "opened":
            yield ("group", *key), {"class_id": data["class_id"]}
            yield ("group teacher", *key), data["teacher_id"]
            yield ("group students", *key), data["student_ids"]
        case "teacher_assigned":
            yield ("group teacher", *key), data["teacher_id"]
        case "students_set":
            yield ("group students", *key), data["student_ids"]
        case "closed":
            yield ("group", *key), None


def _student(act: str, data: Data) -> Said:
    key = data["organisation_id"], data["student_id"]
    match act:
        case "enrolled" | "restored":
            yield ("at school", *key), True
            yield ("class of", *key), data["class_id"]
        case "transferred" | "promoted":
            yield ("class of", *key), data["to_class_id"]
        case "expelled" | "restoration_cancelled":
            yield ("at school", *key), False


def _guardian(act: str, data: Data) -> Said:
    key = data["organisation_id"], data["guardian_id"], data["student_id"]
    yield ("guardian", *key), act == "assigned"
    if act == "removed" and data.get("denied"):
        yield ("denied", *key), True
    if act == "assigned" and not data.get("snapshot"):
        yield ("denied", *key), False


def _employee(act: str, data: Data) -> Said:
    key = data["organisation_id"], data["employee_id"]
    if act in {"hired", "dismissed"}:
        yield ("employed", *key), act == "hired"
    if act in {"hired", "position_changed"}:
        yield ("position", *key), data["position_type"]


def _chat(act: str, data: Data) -> Said:
    key = data["organisation_id"], data["chat_id"]
    match act:
        case "created":
            yield ("chat", *key), Chat(data["chat_type"], data.get("group_id"))
        case "deleted":
            yield ("chat", *key), None
    if data.get("name") is not None:
        yield ("chat name", *key), data["name"]
    for field, pick in PICKS.items():
        for person in data.get(field) or ():
            yield ("pick", *key, person), pick


PICKS = {
    "employee_ids": "added",
    "student_ids": "added",
    "guardian_ids": "added",
    "add_ids": "added",
    "excluded_ids": "excluded",
    "remove_ids": "excluded",
}

SAID_OF: dict[str, Callable[[str, Data], Said]] = {
    "organisation": _organisation,
    "person": _person,
    "class": _class,
    "group": _group,
    "student": _student,
    "guardian": _guardian,
    "employee": _employee,
    "chat": _chat,
}


def _account(act: str, data: Data) -> Said:
    if act in {"linked", "unlinked"}:
        yield ("account", data["person_id"], data["provider"]), data.get("external_user_id")


def _links(events: Sequence[Event], provider: str) -> dict[str, Statement | None]:
    """Of each person the start of the run of links to the account linked now; None for the unlinked."""
    told: dict[str, list[Statement]] = {}
    for statement in statements(events):
        if statement.fact[0] == "account" and statement.fact[2] == provider:
            told.setdefault(statement.fact[1], []).append(statement)
    return {person: _start_of_run(history) for person, history in told.items()}


def _start_of_run(history: list[Statement]) -> Statement | None:
    """Back from the last assertion of the source whose assertion holds, while it names the same account."""
    now = winner(history)
    if now.value is None:
        return None
    start = now
    of_source = [statement for statement in history if statement.source == now.source]
    for statement in sorted(of_source, key=Statement.within_source, reverse=True):
        if statement.value != now.value:
            break
        start = statement
    return start


def _holder(account: str, links: Mapping[str, Statement | None]) -> str:
    """Of the persons linked to the account the one linked to it longest."""
    starts = [start for start in links.values() if start is not None and start.value == account]
    return earliest(starts).fact[1]
