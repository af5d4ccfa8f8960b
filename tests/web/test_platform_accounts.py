"""How platform accounts are, from the answer of a platform to what `status` and its metrics tell, on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from sync.errors import Failure, PlatformError
from tests.road import START
from tests.web.conftest import Api

WRONG_TOKEN = PlatformError(Failure.CREDENTIALS, "verify.token")
AWAY = PlatformError(Failure.BUSY, "connection.failed")
LIMIT = PlatformError(Failure.BUSY, "too.many.requests", retry_after_s=99999999999999.0)


async def told(api: Api) -> tuple[dict[str, Any], list[str]]:
    """The one account of all, and the alarms of platforms."""
    status = await api.get("/v1/status")
    [account] = status["platform_accounts"]
    return account, [alarm["kind"] for alarm in status["alarms"] if alarm["account"] == "max"]


async def metric(api: Api, name: str) -> float:
    _, text = await api.ask("GET", "/metrics", token="")
    [line] = [line for line in text.splitlines() if line.startswith(f'rollcall_{name}{{account="max"}}')]
    return float(line.rsplit(" ", 1)[1])


async def given_work(api: Api) -> None:
    api.road.knows("1")
    await api.post(*api.school(), *api.links(("s1-t", 1)))
    await api.road.plan()
    api.road.clock.turn(seconds=1)


@pytest.mark.parametrize(
    ("error", "state", "alarm"),
    [(WRONG_TOKEN, "refuses", "platform_refuses"), (AWAY, "unreachable", "platform_unreachable")],
)
async def test_an_account_that_cannot_be_worked_with_is_named_at_once_and_until_it_answers(
    api: Api, error: PlatformError, state: str, alarm: str
) -> None:
    await given_work(api)
    assert await told(api) == (
        {"account": "max", "state": "ok", "since": None, "paused_until": None, "last_error": None},
        [],
    )
    api.road.platform.outcome = lambda _: error
    await api.road.settle()
    account, alarms = await told(api)
    assert (account["state"], account["last_error"], alarms) == (state, error.code, [alarm])
    assert account["since"] == f"{START + timedelta(seconds=1):%Y-%m-%dT%H:%M:%SZ}"
    assert await metric(api, "platform_account_up") == 0
    ready = await api.ask("GET", "/readyz", token="")
    assert ready == (200, {"status": "ready", "platforms": {"max": state}})
    api.road.clock.turn(minutes=2)
    await api.road.settle()
    assert (await told(api))[0]["since"] == account["since"]
    api.road.platform.outcome = lambda _: None
    await api.road.converge()
    account, alarms = await told(api)
    assert (account["state"], account["last_error"], alarms) == ("ok", error.code, [])
    assert await metric(api, "platform_account_up") == 1


async def test_a_pause_for_years_is_a_quarter_of_an_hour_and_an_alarm(api: Api) -> None:
    await given_work(api)
    api.road.platform.outcome = lambda _: LIMIT
    await api.road.settle()
    account, alarms = await told(api)
    assert (account["state"], alarms) == ("paused", ["platform_paused"])
    assert account["paused_until"] == f"{START + timedelta(seconds=901):%Y-%m-%dT%H:%M:%SZ}"
    assert await metric(api, "platform_paused_seconds") == 900
    api.road.clock.turn(minutes=16)
    assert (await told(api))[0]["paused_until"] is None
    calls = len(api.road.platform.world.calls)
    api.road.platform.outcome = lambda _: None
    await api.road.converge()
    assert len(api.road.platform.world.calls) > calls
    assert (await told(api))[0]["state"] == "ok"


async def test_a_short_pause_is_no_alarm(api: Api) -> None:
    await given_work(api)
    api.road.platform.outcome = lambda _: PlatformError(Failure.BUSY, "too.many.requests", retry_after_s=3.0)
    await api.road.settle()
    account, alarms = await told(api)
    assert (account["state"], alarms) == ("paused", [])


async def test_who_may_see_some_schools_sees_their_accounts_alone(api: Api) -> None:
    await given_work(api)
    own, other = await api.token_for(["read"], "s1"), await api.token_for(["read"], "s2")
    seen = [(await api.get("/v1/status", token=token))["platform_accounts"] for token in (own, other)]
    assert ([account["account"] for account in seen[0]], seen[1]) == (["max"], [])


async def test_a_creation_that_fails_is_among_the_attempts_of_who_waits_for_it(api: Api) -> None:
    await given_work(api)
    api.road.platform.outcome = lambda _: WRONG_TOKEN
    await api.road.settle()
    chats = (await api.get("/v1/explain?person=s1-t&organisation=s1"))["chats"]
    tried = [(attempt["action"], attempt["answer"]) for chat in chats for attempt in chat["attempts"]]
    assert ("create_chat", "verify.token") in tried or ("create", "verify.token") in tried
