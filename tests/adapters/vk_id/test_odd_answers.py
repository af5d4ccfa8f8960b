"""Answers of VK ID that the real one never should give."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from adapters.vk_id.client import VkIdClient, vk_id_client
from sync.errors import Failure, PlatformError
from sync.ids import AccountId
from sync.ports.identity import VkTokens, VkUser

TOKENS = VkTokens(AccountId("7"), "a-token")
GIVEN = ("code", "device", "v" * 43, "state", "http://127.0.0.1:1/back")
RIGHT = {"access_token": "a-token", "user_id": 7, "state": "state"}


@asynccontextmanager
async def answering(body: Any) -> AsyncIterator[VkIdClient]:
    async def answer(_request: web.Request) -> web.StreamResponse:
        return web.json_response(body)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    async with vk_id_client(url, "a-client", call_timeout_s=60) as client:
        yield client
    await runner.cleanup()


@pytest.mark.parametrize("user_id", [7, "7"])
async def test_a_user_is_told_as_a_number_or_as_text(user_id: object) -> None:
    async with answering(RIGHT | {"user_id": user_id}) as client:
        assert await client.exchange(*GIVEN) == TOKENS


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "another"},
        {"state": None},
        {"access_token": ""},
        {"access_token": 7},
        *({"user_id": user_id} for user_id in (None, True, 0, -7, "07", "7x", "٧", "", 2**63, "9" * 30, [7])),
    ],
)
async def test_an_answer_that_is_not_to_our_question_is_not_believed(wrong: Mapping[str, Any]) -> None:
    async with answering({**RIGHT, **wrong}) as client:
        with pytest.raises(PlatformError) as caught:
            await client.exchange(*GIVEN)
    assert caught.value.failure is Failure.UNCONFIRMED


@pytest.mark.parametrize(
    ("told", "user"),
    [
        ({}, ("", "", None)),
        ({"first_name": None, "last_name": 7, "phone": 79001234567}, ("", "", None)),
        (
            {"first_name": " Анна\0 ", "last_name": "Иванова", "phone": "7 (900) 123-45-67"},
            ("Анна", "И", "+79001234567"),
        ),
        ({"first_name": "я" * 500, "last_name": "", "phone": ""}, ("я" * 100, "", None)),
    ],
)
async def test_of_odd_names_and_phones_what_can_be_of_use_is_read(told: Mapping[str, Any], user: Any) -> None:
    async with answering({"user": {"user_id": "7", **told}}) as client:
        assert await client.user(TOKENS) == VkUser(AccountId("7"), *user)


@pytest.mark.parametrize("body", [{}, {"user": None}, {"user": []}, {"user": {}}, {"user": {"user_id": "8"}}])
async def test_whoever_is_not_told_of_is_nobody(body: Mapping[str, Any]) -> None:
    async with answering(body) as client:
        with pytest.raises(PlatformError) as caught:
            await client.user(TOKENS)
    assert caught.value.failure is Failure.UNCONFIRMED


@pytest.mark.parametrize("error", ["invalid_grant", 7, "Анна Иванова"])
async def test_an_error_that_comes_with_200_is_one(error: object) -> None:
    async with answering({**RIGHT, "error": error}) as client:
        with pytest.raises(PlatformError) as caught:
            await client.exchange(*GIVEN)
    assert (caught.value.failure, "Анна" in str(caught.value)) == (Failure.REFUSED, False)
