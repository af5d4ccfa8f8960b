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
from sync.accounts import accounts_of
from sync.facts import Word
from sync.timelines import beaten_by, holding, merged, starts_after
from sync.versions import Version, first_word, last_word
from tests import oracle
from tests.laws.words import DAYS, FIRST, account_events, words


def version(word: Word) -> Version:
    return word.version


def later_in_source(one: Version, other: Version) -> int:
    """The contract's sentence: by sequence where they carry it (those without are older), else by time; then id."""
    if (one.sequence is None) != (other.sequence is None):
        return 1 if other.sequence is None else -1
    keys = [
        (each.sequence, each.event_id) if each.sequence is not None else (each.time, each.event_id)
        for each in (one, other)
    ]
    return (keys[0] > keys[1]) - (keys[0] < keys[1])


def last_by_source(said: Iterable[Word]) -> list[Word]:
    by_source = sorted(said, key=lambda word: word.version.source)
    return [
        max(of_source, key=cmp_to_key(lambda one, other: later_in_source(one.version, other.version)))
        for _, of_source in groupby(by_source, key=lambda word: word.version.source)
    ]


def naive_last(said: Sequence[Word]) -> Word | None:
    lasts = last_by_source(said)
    return max(lasts, key=lambda word: (word.version.time, word.version.source, word.version.event_id), default=None)


@given(words())
def test_the_word_that_counts_is_the_latest_of_each_sources_last(said: list[Word]) -> None:
    assert last_word(said, version) == naive_last(said)


@given(words(), st.randoms(use_true_random=False))
def test_neither_order_nor_repetition_changes_which_word_counts(said: list[Word], chance: object) -> None:
    shuffled = [*said, *said]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert last_word(shuffled, version) == last_word(said, version)
    assert first_word(shuffled, version) == first_word(said, version)


@given(words(max_size=2))
def test_of_two_words_the_one_that_beats_the_other_counts(said: list[Word]) -> None:
    if len(said) == 2:
        one, other = said
        assert one.version.beats(other.version) != other.version.beats(one.version)
        assert last_word(said, version) is (one if one.version.beats(other.version) else other)


@given(words(), st.randoms(use_true_random=False))
def test_a_timeline_is_the_same_whatever_the_order_and_the_batches(said: list[Word], chance: object) -> None:
    shuffled = [*said, *said[: len(said) // 2]]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    timeline: tuple[Word, ...] = ()
    while shuffled:
        size = chance.randint(1, len(shuffled))  # type: ignore[attr-defined]
        timeline, shuffled = merged(timeline, shuffled[:size]), shuffled[size:]
    assert set(timeline) == set(merged((), said))
    assert len(timeline) == len(set(timeline))


@given(words(max_size=10), st.sampled_from(DAYS))
def test_a_timeline_tells_of_each_day_what_all_words_together_tell(said: list[Word], day: date) -> None:
    assert holding(merged((), said), day) == naive_last([word for word in said if word.effective_on <= day])


@given(words(max_size=10))
def test_a_source_has_one_word_for_a_starting_day(said: list[Word]) -> None:
    starts = [(word.version.source, word.effective_on) for word in merged((), said)]
    assert len(starts) == len(set(starts))


@given(words(max_size=10))
def test_a_word_is_stale_exactly_when_it_counts_on_no_day(said: list[Word]) -> None:
    timeline = merged((), said)
    for word in said:
        holders = {day: naive_last([other for other in said if other.effective_on <= day]) for day in DAYS}
        beater = beaten_by(timeline, word)
        assert (beater is None) == (word in holders.values())
        if beater is not None:
            assert beater == holders[word.effective_on]


@given(words(max_size=10), st.sampled_from(DAYS))
def test_what_counts_changes_only_on_days_on_which_a_word_starts(said: list[Word], day: date) -> None:
    timeline = merged((), said)
    ahead = [later for later in DAYS if later > day and holding(timeline, later) != holding(timeline, day)]
    if ahead:
        assert min(starts_after(timeline, day)) <= min(ahead)


@given(account_events())
def test_accounts_are_held_as_the_whole_history_says(events: list[dict[str, object]]) -> None:
    decoded = decode_batch(json.dumps(events).encode(), FIRST)
    histories: dict[str, list[object]] = {}
    for event in decoded:
        for word in translate(event).accounts:
            histories.setdefault(word.person_id, []).append(word)
    found = accounts_of(histories)
    standing = {
        person: None if person not in found or found[person].held_by_another else found[person].external_user_id
        for person in histories
    }
    assert standing == oracle.accounts(events, "max")
    assert {p: a.external_user_id for p, a in found.items() if a.held_by_another} == oracle.held_by_another(
        events, "max"
    )
