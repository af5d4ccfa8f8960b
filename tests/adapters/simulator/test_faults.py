"""Faults are dealt by seed."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from adapters.simulator.faults import Fault, Faults, Kind, Plan

RATES = {"reset_after": 0.2, "too_many": 0.1, "partial": 0.3, "latency": 0.5}
REQUESTS = [("POST", f"/chats/{chat}/members") for chat in range(5)] * 40


def dealt(plan: Plan, requests: list[tuple[str, str]]) -> Counter[tuple[str, str, Kind | None, float]]:
    faults = Faults(plan)
    return Counter((*request, fault.kind, fault.delay_s) for request in requests for fault in [faults.draw(*request)])


def test_the_same_seed_deals_the_same_faults_however_requests_interleave() -> None:
    shuffled = Random(5).sample(REQUESTS, len(REQUESTS))
    plan = Plan(seed=7, rates=RATES, latency_ms=30)
    assert dealt(plan, REQUESTS) == dealt(plan, shuffled)
    assert dealt(plan, REQUESTS) != dealt(Plan(seed=8, rates=RATES, latency_ms=30), REQUESTS)


def test_faults_come_as_often_as_told() -> None:
    faults = Faults(Plan(seed=1, rates=RATES, latency_ms=30))
    drawn = [faults.draw("POST", "/chats") for _ in range(4000)]
    share = Counter(fault.kind for fault in drawn)
    assert {kind: round(share[kind] / 4000, 1) for kind in share} == {
        Kind.RESET_AFTER: 0.2,
        Kind.TOO_MANY: 0.1,
        Kind.PARTIAL: 0.3,
        None: 0.4,
    }
    assert 1900 < sum(fault.delay_s == 0.03 for fault in drawn) < 2100


def test_without_a_plan_nothing_goes_wrong() -> None:
    assert {Faults().draw("GET", "/chats").kind for _ in range(10)} == {None}


@pytest.mark.parametrize("user_ids", [[1], [1, 2], list(range(100))])
def test_a_partial_failure_spares_some_unless_there_is_but_one(user_ids: list[int]) -> None:
    unlucky = Fault(Kind.PARTIAL, 0.0, Random(1)).unlucky(user_ids)
    assert unlucky <= set(user_ids)
    assert 1 <= len(unlucky) <= (len(user_ids) + 1) // 2
