"""Events from files to a server: what `publish` and `import` do where one is set."""

from __future__ import annotations

import json

import aiohttp
import pytest

from rollcall.delivery import DeliveryOutcome, ToServer
from rollcall.output import Failed
from tests.web.conftest import Api


async def test_a_server_tells_what_became_of_each_event(api: Api) -> None:
    registered = api.event("school.organisation.registered", organisation_id="s1", name="Школа")
    nameless = api.event("school.organisation.registered", organisation_id="s1")
    lines = [json.dumps(event).encode() for event in (registered, nameless, registered)]
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {api.token}"}) as session:
        delivered = await ToServer(api.url, session).deliver(lines)
    wrong = {"pointer": "/data/name", "detail": "Field required"}
    assert delivered == [
        DeliveryOutcome("applied"),
        DeliveryOutcome("rejected", "invalid", [wrong]),
        DeliveryOutcome("duplicate"),
    ]


async def test_a_server_that_refuses_the_token_is_not_asked_again(api: Api) -> None:
    async with aiohttp.ClientSession() as session:
        with pytest.raises(Failed, match="HTTP 401"):
            await ToServer(api.url, session).deliver([b"{}"])
