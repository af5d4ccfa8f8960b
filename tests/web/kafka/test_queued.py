"""The HTTP API where there is a Kafka: what is posted is on the topics, and nothing is said that is not so."""

from __future__ import annotations

import json

import pytest

from tests.servers.kafka import Kafka
from tests.web.conftest import BATCH
from tests.web.kafka.queueing import Web, enrolled, linked, web_over


async def test_what_is_posted_is_on_its_topic_in_order_under_its_key(web: Web) -> None:
    posted = [enrolled(number, f"s{number % 3}") for number in range(60)] + [linked("p1", "7", 60)]
    status, body, _ = await web.ask("POST", "/v1/events", json=posted, headers=BATCH)
    assert status == 202
    assert body["outcomes"] == [{"source": e["source"], "id": e["id"], "outcome": "queued"} for e in posted]
    found = await web.queued("roster")
    for school in ("s0", "s1", "s2"):
        own = [each for key, each in found if key == school]
        assert [each.id for each in own] == [e["id"] for e in posted if e["data"].get("organisation_id") == school]
    assert [(key, each.id) for key, each in await web.queued("accounts")] == [("p1", "60")]


async def test_what_is_wrong_is_rejected_and_stays_away_from_the_topics(web: Web) -> None:
    wrong, far = enrolled(2, type="school.student.enroled.v1"), enrolled(3, time="2999-01-01T00:00:00Z")
    _, body, _ = await web.ask("POST", "/v1/events", json=[enrolled(1), wrong, far], headers=BATCH)
    assert [each["outcome"] for each in body["outcomes"]] == ["queued", "rejected", "rejected"]
    assert [each.id for _, each in await web.queued("roster")] == ["1"]
    single = {"Content-Type": "application/cloudevents+json"}
    assert (await web.ask("POST", "/v1/events", json=wrong, headers=single))[0] == 422
    status, body, _ = await web.ask("POST", "/v1/events", json=enrolled(4), headers=single)
    assert (status, body["outcomes"]) == (202, [{"source": "sis", "id": "4", "outcome": "queued"}])


async def test_an_account_linked_by_hand_is_told_as_it_will_be(web: Web) -> None:
    path = "/v1/persons/p1/accounts/max"
    await web.takes(linked("p2", "7"))
    status, body, _ = await web.ask("PUT", path, json={"external_user_id": "7"})
    assert (status, body["external_user_id"], body["held_by_another"]) == (202, "7", True)
    [(key, told)] = await web.queued("accounts")
    assert (key, told.source, told.type) == ("p1", "rollcall", "account.linked.v1")
    assert (await web.ask("GET", path))[0] == 404  # nobody has read the topic
    await web.takes(json.loads(told.structured()))
    assert (await web.ask("GET", path))[1] == body


async def test_an_account_unlinked_by_hand_is_on_its_topic(web: Web) -> None:
    await web.takes(linked("p1", "7"))
    assert (await web.ask("DELETE", "/v1/persons/p1/accounts/max"))[0] == 204
    assert [told.type for _, told in await web.queued("accounts")] == ["account.unlinked.v1"]


async def test_without_a_broker_it_says_so_and_everything_else_is_answered(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    broker = Kafka()  # never started
    async with web_over(monkeypatch, broker, database_url=sqlite_url) as web:
        status, body, headers = await web.ask("POST", "/v1/events", json=[enrolled(1)], headers=BATCH)
        assert (status, headers["Retry-After"], headers["Content-Type"]) == (503, "5", "application/problem+json")
        assert "Send the same again" in body["detail"]
        assert (await web.ask("PUT", "/v1/persons/p1/accounts/max", json={"external_user_id": "7"}))[0] == 503
        only_wrong = [enrolled(1, type="school.student.enroled.v1")]
        status, body, _ = await web.ask("POST", "/v1/events", json=only_wrong, headers=BATCH)
        assert (status, body["outcomes"][0]["outcome"]) == (202, "rejected")
        assert [(await web.ask("GET", path))[0] for path in ("/readyz", "/v1/organisations")] == [200, 200]
    broker.stop()
