"""The sliding second."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from adapters.simulator.limits import SlidingSecond


@given(st.lists(st.integers(0, 3000), max_size=60).map(sorted), st.integers(1, 5))
def test_no_second_ever_holds_more_than_the_limit(arrivals_ms: list[int], limit: int) -> None:
    second = SlidingSecond(limit)
    admitted = [at for at in arrivals_ms if second.admits("token", at / 1000)]
    for start in admitted:
        assert sum(start <= at < start + 1000 for at in admitted) <= limit


def test_each_token_has_its_own_limit_and_the_refused_do_not_count() -> None:
    second = SlidingSecond(1)
    assert [second.admits("a", 0.0), second.admits("b", 0.0), second.admits("a", 0.9)] == [True, True, False]
    assert second.admits("a", 1.0)


def test_zero_is_no_limit() -> None:
    assert all(SlidingSecond(0).admits("a", 0.0) for _ in range(100))
