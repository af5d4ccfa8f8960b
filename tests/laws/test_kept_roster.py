"""H36, the other half: what was worked out for a school in memory, and kept, is what would be worked out anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from hypothesis import example, given
from hypothesis import strategies as st

from adapters.database.load.remembered import School
from sync.affected import persons_named
from sync.desired import desired_of_school, exclusions_of_person
from sync.endings import ended_by_leaving
from sync.facts import Assertion, FactType, Key
from sync.ids import OrganisationId, PersonId
from sync.roster import Roster
from sync.timelines import Timeline, merged
from tests.histories import ORGANISATIONS
from tests.interleavings.told import Told
from tests.laws.roads import FIRST_DAY, Event, assertions_of, full_histories


def timelines_of(assertions: Iterable[Assertion]) -> dict[tuple[FactType, Key], Timeline]:
    said: dict[tuple[FactType, Key], list[Assertion]] = defaultdict(list)
    for assertion in assertions:
        said[assertion.kind, assertion.key].append(assertion)
    return {fact: merged((), news) for fact, news in said.items()}


def told_by(roster: Roster, persons: Sequence[str]) -> object:
    """All that is asked of a roster; being asked, it keeps it."""
    chats = {chat_id: roster.open_chat(chat_id) for chat_id in roster.open_chats()}
    return (
        chats,
        desired_of_school(map(PersonId, persons), roster),
        [exclusions_of_person(PersonId(person), roster) for person in persons],
        [ended_by_leaving(PersonId(person), roster) for person in persons],
        [
            (
                roster.denied.get(PersonId(person)),
                list(roster.groups_taught(PersonId(person))),
                roster.children(PersonId(person)),
            )
            for person in persons
        ],
    )


def anna_in_5a() -> Told:
    told = Told()
    told.school("organisation.registered", ORGANISATIONS[0], name="Школа")
    for class_id in ("5a", "5b"):
        told.school("class.opened", ORGANISATIONS[0], class_id=class_id, name=class_id, school_year="2026/2027")
    told.school("student.enrolled", ORGANISATIONS[0], student_id="anna", class_id="5a")
    return told


def a_denied_mothers_child_moves() -> list[Event]:
    told = anna_in_5a()
    told.school("guardian.assigned", ORGANISATIONS[0], guardian_id="mother", student_id="anna", relation="mother")
    told.school("guardian.removed", ORGANISATIONS[0], guardian_id="mother", student_id="anna", denied=True)
    told.school("student.transferred", ORGANISATIONS[0], student_id="anna", to_class_id="5b")
    return told.events


def an_expelled_child_moves() -> list[Event]:
    told = anna_in_5a()
    told.school("student.expelled", ORGANISATIONS[0], student_id="anna", reason="left")
    told.school("student.transferred", ORGANISATIONS[0], student_id="anna", to_class_id="5b")
    return told.events


@example(events=an_expelled_child_moves(), size=1)
@example(events=a_denied_mothers_child_moves(), size=1)
@given(events=full_histories(), size=st.integers(1, 6))
def test_a_roster_that_learns_tells_what_one_made_anew_tells(events: list[Event], size: int) -> None:
    said = assertions_of(events)
    persons = sorted({person for assertion in said for person in persons_named(assertion)})
    for organisation in ORGANISATIONS:
        own = [assertion for assertion in said if assertion.key[0] == organisation]
        school = School((), (), ())
        for end in range(0, len(own) + size, size):
            known = timelines_of(own[:end])
            school.learn({fact: line for fact, line in known.items() if line != school.timeline(fact)})
            kept = told_by(school.roster(OrganisationId(organisation), FIRST_DAY), persons)
            assert kept == told_by(Roster(OrganisationId(organisation), FIRST_DAY, school), persons)
