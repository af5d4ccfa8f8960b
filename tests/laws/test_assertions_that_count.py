"""Versions, timelines and holders of accounts, against the contract read naively."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cmp_to_key
from itertools import groupby

from hypothesis import given
from hypothesis import strategies as st

from events.decode import decode_batch
from events.translate import translate
from schemas.rejections import Rejection
from sync.accounts import AccountAssertion, accounts_of
from sync.facts import Assertion
from sync.ids import PersonId
from sync.timelines import beaten_by, holding, merged, starts_after
from sync.versions import Version, first_assertion, latest_assertion
from tests import oracle
from tests.laws.assertions import DAYS, FIRST, account_events, assertions


def version(assertion: Assertion) -> Version:
    return assertion.version


def later_in_source(one: Version, other: Version) -> int:
    """The contract's sentence: by sequence where they carry it (those without are older), else by time; then id."""
    if (one.sequence is None) != (other.sequence is None):
        return 1 if other.sequence is None else -1
    keys = [
        (each.sequence, each.event_id) if each.sequence is not None else (each.time, each.event_id)
        for each in (one, other)
    ]
    return (keys[0] > keys[1]) - (keys[0] < keys[1])


LATER_IN_SOURCE = cmp_to_key(later_in_source)


def last_by_source(said: Iterable[Assertion]) -> list[Assertion]:
    by_source = sorted(said, key=lambda assertion: assertion.version.source)
    return [
        max(of_source, key=lambda assertion: LATER_IN_SOURCE(assertion.version))
        for _, of_source in groupby(by_source, key=lambda assertion: assertion.version.source)
    ]


def naive_last(said: Sequence[Assertion]) -> Assertion | None:
    lasts = last_by_source(said)
    return max(
        lasts,
        key=lambda assertion: (assertion.version.time, assertion.version.source, assertion.version.event_id),
        default=None,
    )


@given(assertions())
def test_the_word_that_counts_is_the_latest_of_each_sources_last(said: list[Assertion]) -> None:
    assert latest_assertion(said) == naive_last(said)


@given(assertions(), st.randoms(use_true_random=False))
def test_neither_order_nor_repetition_changes_which_word_counts(said: list[Assertion], chance: object) -> None:
    shuffled = [*said, *said]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert latest_assertion(shuffled) == latest_assertion(said)
    assert first_assertion(shuffled) == first_assertion(said)


@given(assertions(max_size=2))
def test_of_two_words_the_one_that_beats_the_other_counts(said: list[Assertion]) -> None:
    if len(said) == 2:
        one, other = said
        assert one.version.beats(other.version) != other.version.beats(one.version)
        assert latest_assertion(said) is (one if one.version.beats(other.version) else other)


@given(assertions(), st.randoms(use_true_random=False))
def test_a_timeline_is_the_same_whatever_the_order_and_the_batches(said: list[Assertion], chance: object) -> None:
    shuffled = [*said, *said[: len(said) // 2]]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    timeline: tuple[Assertion, ...] = ()
    while shuffled:
        size = chance.randint(1, len(shuffled))  # type: ignore[attr-defined]
        timeline, shuffled = merged(timeline, shuffled[:size]), shuffled[size:]
    assert set(timeline) == set(merged((), said))
    assert len(timeline) == len(set(timeline))


@given(assertions(max_size=10), st.sampled_from(DAYS))
def test_a_timeline_tells_of_each_day_what_all_words_together_tell(said: list[Assertion], day: date) -> None:
    assert holding(merged((), said), day) == naive_last(
        [assertion for assertion in said if assertion.effective_on <= day]
    )


@given(assertions(max_size=10))
def test_a_source_has_one_word_for_a_starting_day(said: list[Assertion]) -> None:
    starts = [(assertion.version.source, assertion.effective_on) for assertion in merged((), said)]
    assert len(starts) == len(set(starts))


@given(assertions(max_size=10))
def test_a_word_is_stale_exactly_when_it_counts_on_no_day(said: list[Assertion]) -> None:
    timeline = merged((), said)
    for assertion in said:
        holders = {day: naive_last([other for other in said if other.effective_on <= day]) for day in DAYS}
        beater = beaten_by(timeline, assertion)
        assert (beater is None) == (assertion in holders.values())
        if beater is not None:
            assert beater == holders[assertion.effective_on]


@given(assertions(max_size=10), st.sampled_from(DAYS))
def test_what_counts_changes_only_on_days_on_which_a_word_starts(said: list[Assertion], day: date) -> None:
    timeline = merged((), said)
    ahead = [later for later in DAYS if later > day and holding(timeline, later) != holding(timeline, day)]
    if ahead:
        assert min(starts_after(timeline, day)) <= min(ahead)


@given(account_events())
def test_accounts_are_held_as_the_whole_history_says(events: list[dict[str, object]]) -> None:
    decoded = decode_batch(json.dumps(events).encode(), FIRST)
    histories: dict[PersonId, list[AccountAssertion]] = {}
    for event in decoded:
        assert not isinstance(event, Rejection)
        for assertion in translate(event).accounts:
            histories.setdefault(assertion.person_id, []).append(assertion)
    found = accounts_of(histories)
    standing = {
        person: None
        if person not in found or found[PersonId(person)].held_by_another
        else found[PersonId(person)].external_user_id
        for person in histories
    }
    assert standing == oracle.accounts(events, "max")
    assert {p: a.external_user_id for p, a in found.items() if a.held_by_another} == oracle.held_by_another(
        events, "max"
    )
