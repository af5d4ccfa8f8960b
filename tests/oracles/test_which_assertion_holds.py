"""The oracle is right, by results written out by hand: which of several assertions holds."""

from datetime import date

from tests import oracle
from tests.oracles.small import DAY, DAY_BEFORE, SCHOOL, Event, enrolled, here, history, opened, people, registered


def in_class(*facts: Event, day: date = DAY) -> str | None:
    """Where Anna is among 5a and 5b, whatever the order in which the facts arrive."""
    events = history(registered(), opened("5a"), opened("5b"), *facts)
    found = {chat for chat in ("class:5a", "class:5b") if "anna" in people(events, chat, day)}
    assert oracle.desired(events[::-1], SCHOOL, day) == oracle.desired(events, SCHOOL, day)
    return found.pop().removeprefix("class:") if found else None


def test_within_a_source_the_higher_sequence_wins_whatever_the_time() -> None:
    assert in_class(enrolled("anna", "5a", sequence="9", at=1), enrolled("anna", "5b", sequence="10", at=5)) == "5a"


def test_within_a_source_events_without_sequence_are_older() -> None:
    assert in_class(enrolled("anna", "5a", sequence="1", at=1), enrolled("anna", "5b", at=5)) == "5a"


def test_without_sequence_the_later_instant_wins_and_then_the_id() -> None:
    assert in_class(enrolled("anna", "5a", at=5), enrolled("anna", "5b", at=1)) == "5a"
    tied = history(registered(), opened(), enrolled("anna", "5b"), enrolled("anna", "5a"))
    noon = [event | {"time": time} for event, time in zip(tied, ["2026-09-01T12:00:00Z"] * 4, strict=True)]
    noon[2]["time"] = "2026-09-01T15:00:00+03:00"
    assert list(people(noon, "class:5a")) == ["anna"]


def test_between_sources_only_the_last_word_of_each_counts() -> None:
    first = enrolled("anna", "5a", source="a", sequence="1", at=10)
    other = enrolled("anna", "5b", source="b", at=9)
    last = enrolled("anna", "5a", source="a", sequence="2", at=8)
    assert in_class(first, other) == "5a"
    assert in_class(first, other, last) == "5b"


def test_a_fact_with_a_day_waits_for_it_and_one_without_holds_on_every_day() -> None:
    dated = enrolled("anna", "5b", effective_on="2026-10-01")
    assert [in_class(enrolled("anna"), dated, day=day) for day in (DAY_BEFORE, DAY)] == ["5a", "5b"]
    assert [in_class(dated, enrolled("anna"), day=day) for day in (DAY_BEFORE, DAY)] == ["5a", "5a"]


def test_an_earlier_start_told_later_beats_a_later_start_told_earlier() -> None:
    facts = (enrolled("anna", "5a", effective_on="2026-10-01"), enrolled("anna", "5b", effective_on="2026-09-30"))
    assert [in_class(*facts, day=day) for day in (DAY_BEFORE, DAY)] == ["5b", "5b"]


def test_a_day_on_an_event_that_has_none_is_ignored() -> None:
    events = history(
        registered(), opened(), here("class.renamed", class_id="5a", name="6 А", effective_on="2026-12-31")
    )
    assert oracle.titles(events, SCHOOL, DAY)["class:5a"] == "6 А"


def test_of_two_events_with_one_identity_the_first_counts() -> None:
    events = history(registered(), opened(), enrolled("anna"))
    forged = events[2] | {"data": {"organisation_id": SCHOOL, "student_id": "anna", "class_id": "5b"}}
    assert list(people([*events, forged], "class:5a")) == ["anna"]
