"""Random assertions of one fact, and random account events, for the laws of what counts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from sync.facts import AT_ONCE, BLOCK, Assertion, Block
from sync.ids import EventNo
from sync.versions import Version

KEY = ("school-1", "anna")
DAYS = (AT_ONCE, *(date(2026, 10, 1) + timedelta(days=days) for days in range(3)))
FIRST = datetime(2026, 9, 1, tzinfo=UTC)
TIMES = [FIRST + timedelta(hours=hours) for hours in range(4)]
SOURCES = ("sis", "hand", "rollcall")
SEQUENCES = (None, None, "1", "10", "2", "ж")


@st.composite
def assertions(draw: st.DrawFn, *, max_size: int = 8) -> list[Assertion]:
    """Words of one fact by several events of several sources, numbered from 1; in any order."""
    said = draw(
        st.lists(
            st.tuples(
                st.sampled_from(SOURCES),
                st.sampled_from(SEQUENCES),
                st.sampled_from(TIMES),
                st.sampled_from(DAYS),
                st.booleans(),
            ),
            max_size=max_size,
        )
    )
    return [
        Assertion(BLOCK, KEY, Block(blocked), day, Version(source, sequence, time, f"e{number}"), EventNo(number))
        for number, (source, sequence, time, day, blocked) in enumerate(said, 1)
    ]


@st.composite
def account_events(draw: st.DrawFn, *, max_size: int = 12) -> list[dict[str, Any]]:
    """Links and unlinks of a few persons and accounts, as events in any order."""
    told = draw(
        st.lists(
            st.tuples(
                st.sampled_from(SOURCES),
                st.sampled_from(SEQUENCES),
                st.sampled_from(TIMES),
                st.sampled_from(("anna", "boris", "vera")),
                st.sampled_from((None, "1001", "1002")),
            ),
            max_size=max_size,
        )
    )
    return [_account_event(number, *event) for number, event in enumerate(told, 1)]


def _account_event(
    number: int, source: str, sequence: str | None, time: datetime, person: str, account: str | None
) -> dict[str, Any]:
    event = {
        "specversion": "1.0",
        "id": f"e{number}",
        "source": source,
        "type": "account.linked.v1" if account else "account.unlinked.v1",
        "time": time.isoformat(),
        "data": {"person_id": person, "provider": "max"} | ({"external_user_id": account} if account else {}),
    }
    return event if sequence is None else event | {"sequence": sequence}
