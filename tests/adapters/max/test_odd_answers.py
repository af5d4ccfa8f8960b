"""Answers and updates that no platform should give: too large, too deep, unreadable. The rest is heard."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
import ssl
import tracemalloc
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from adapters.max.client import max_client
from adapters.max.updates import Told
from adapters.wire.transport import LARGEST_ANSWER
from sync.errors import Failure, PlatformError
from sync.ids import AccountId
from sync.updates import CHAT, LEFT, POSTED, RENAMED, PlatformUpdate

from .platforms import Handler, answering, client_of, texts

USER = {"user_id": 7}
LEAVING = {"update_type": "user_removed", "timestamp": 1, "chat_id": -1, "user": USER}
LEFT_ALONE = PlatformUpdate("user_removed -1 7 1", LEFT, "-1", AccountId("7"))


def message(**body: Any) -> dict[str, Any]:
    recipient = {"chat_id": -1, "chat_type": "chat"}
    told = {"recipient": recipient, "sender": USER, "timestamp": 1, "body": {"mid": "m", "text": "RC"} | body}
    return {"update_type": "message_created", "timestamp": 1, "message": told}


SENSELESS: Mapping[str, Any] = {
    "no object": 1,
    "a list": [[]],
    "no type": {},
    "no user": {"update_type": "user_removed", "timestamp": 1, "chat_id": -1},
    "a user by name": LEAVING | {"user": "Анна"},
    "a chat by name": LEAVING | {"chat_id": "\ud800"},
    "an endless time": LEAVING | {"timestamp": float("inf")},
    "no time": LEAVING | {"timestamp": None},
    "a message without an id": message(mid=""),
    "a message with an endless id": message(mid="m" * 900_000),
    "a title that is none": {"update_type": "chat_title_changed", "timestamp": 1, "chat_id": -1, "title": 5},
}


@pytest.mark.parametrize("senseless", SENSELESS.values(), ids=SENSELESS)
async def test_an_update_that_makes_no_sense_keeps_no_other_from_being_heard(senseless: Any) -> None:
    body = json.dumps({"updates": [senseless, LEAVING], "marker": 5})
    async with client_of(texts(body)) as client:
        assert await client.read_updates("1", timeout_s=0) == Told([LEFT_ALONE], "5", 1)


async def test_an_update_of_100000_brackets_keeps_no_other_from_being_heard() -> None:
    deep = json.dumps(message(text="DEEP")).replace('"DEEP"', "[" * 100_000 + "]" * 100_000)
    body = f'{{"updates": [{deep}, {json.dumps(LEAVING)}], "marker": 5}}'
    async with client_of(texts(body)) as client:
        assert await client.read_updates("1", timeout_s=0) == Told([LEFT_ALONE], "5", 1)


@pytest.mark.parametrize(
    ("update", "heard"),
    [
        (message(text="RC\0-1"), PlatformUpdate("message m", POSTED, "-1", AccountId("7"), "RC-1")),
        (message(mid="m\0", text="RC \ud800"), PlatformUpdate("message m", POSTED, "-1", AccountId("7"), "RC ?")),
        (message(text="я" * 900_000), PlatformUpdate("message m", POSTED, "-1", AccountId("7"), "я" * 4000)),
        (
            {"update_type": "bot_added", "timestamp": 1, "chat_id": -1, "user": {"user_id": "\0\ud800"}},
            PlatformUpdate("bot_added -1 ? 1", CHAT, "-1"),
        ),
        (
            {"update_type": "chat_title_changed", "timestamp": 1, "chat_id": -1, "title": "7\0 Б"},
            PlatformUpdate("chat_title_changed -1 None 1", RENAMED, "-1", text="7 Б"),
        ),
    ],
)
async def test_of_odd_texts_what_a_database_can_hold_is_heard(update: Any, heard: PlatformUpdate) -> None:
    async with client_of(texts(json.dumps({"updates": [update], "marker": 5}))) as client:
        assert await client.read_updates("1", timeout_s=0) == Told([heard], "5", 0)


async def test_updates_without_a_marker_are_heard_all_the_same() -> None:
    async with client_of(texts(json.dumps({"updates": [LEAVING]}))) as client:
        assert await client.read_updates("1", timeout_s=0) == Told([LEFT_ALONE], None, 0)


async def test_updates_that_are_too_many_at_once_are_asked_for_one_by_one() -> None:
    many = json.dumps({"updates": [message(text="я" * 3_000_000)], "marker": 5})

    async def answer(request: web.Request) -> web.StreamResponse:
        one = json.dumps({"updates": [LEAVING], "marker": 2})
        return web.Response(text=one if request.query["limit"] == "1" else many)

    async with client_of(answer) as client:
        assert await client.read_updates("1", timeout_s=0) == Told([LEFT_ALONE], "2", 0)


async def endless(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    for _ in range(300):
        await response.write(b" " * 1024 * 1024)
    return response


async def bomb(_request: web.Request) -> web.StreamResponse:
    content = gzip.compress(b" " * 300 * 1024 * 1024, 1)
    return web.Response(body=content, headers={"Content-Encoding": "gzip", "Content-Type": "application/json"})


async def swelling(_request: web.Request) -> web.StreamResponse:
    return web.Response(body=b"[" + b"{}," * 5_000_000 + b"{}]", content_type="application/json")


@pytest.mark.parametrize("handler", [endless, bomb, swelling])
async def test_of_an_endless_answer_no_more_is_taken_than_the_platform_ever_gives(handler: Handler) -> None:
    async with client_of(handler) as client:
        tracemalloc.start()
        try:
            with pytest.raises(PlatformError) as caught:
                await client.rename_chat("-1", "7 Б")
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert (caught.value.failure, caught.value.code) == (Failure.UNCONFIRMED, "answer.too.large")
    assert handler is bomb or peak < 4 * LARGEST_ANSWER


@pytest.mark.parametrize(
    ("encoding", "compress"), [("gzip", gzip.compress), ("deflate", zlib.compress), ("GZIP", gzip.compress)]
)
async def test_an_answer_that_was_compressed_on_its_way_is_read(
    encoding: str, compress: Callable[[bytes], bytes]
) -> None:
    """Though nobody asked for that."""
    leaving = compress(json.dumps({"updates": [LEAVING], "marker": 5}).encode())

    async def answer(request: web.Request) -> web.StreamResponse:
        assert request.headers["Accept-Encoding"] == "identity"
        return web.Response(body=leaving, headers={"Content-Encoding": encoding}, content_type="application/json")

    async with client_of(answer) as client:
        assert await client.read_updates("1", timeout_s=0) == Told([LEFT_ALONE], "5", 0)


@pytest.mark.parametrize("body", [b"", b"no gzip", gzip.compress(b'{"updates": []}', mtime=0)[:-12]])
async def test_what_cannot_be_decompressed_is_no_answer(body: bytes) -> None:
    async def answer(_request: web.Request) -> web.StreamResponse:
        return web.Response(body=body, headers={"Content-Encoding": "gzip"}, content_type="application/json")

    async with client_of(answer) as client:
        with pytest.raises(PlatformError) as caught:
            await client.rename_chat("-1", "7 Б")
    assert (caught.value.failure, caught.value.code) == (Failure.UNCONFIRMED, "answer.malformed")


async def test_large_answers_are_read_one_at_a_time_and_who_waits_waits_no_longer_than_a_call() -> None:
    """What comes slowly holds up other large ones, and nothing that is small."""
    taken, end = 0, asyncio.Event()

    async def answer(request: web.Request) -> web.StreamResponse:
        nonlocal taken
        if request.method != "PATCH":
            return web.json_response({"updates": [], "marker": 5})
        response = web.StreamResponse()
        await response.prepare(request)
        with contextlib.suppress(ConnectionError):
            await response.write(b" " * (LARGEST_ANSWER - 1))  # more than lies on the way
            taken += 1
        await end.wait()
        return response

    async with answering(answer) as url, max_client(url, "a-token", call_timeout_s=2) as client:
        asked = [asyncio.create_task(client.rename_chat("-1", "7 Б")) for _ in range(6)]
        assert await client.read_updates("1", timeout_s=0) == Told([], "5", 0)
        for each in asked:
            with pytest.raises(PlatformError) as caught:
                await each
            assert (caught.value.failure, caught.value.code) == (Failure.UNCONFIRMED, "timeout")
        assert taken <= 1
        end.set()


async def test_a_certificate_that_is_not_trusted_is_named() -> None:
    itself = Path(__file__).with_name("self_signed.pem")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(itself)
    async with answering(texts('{"chat_id": -1}'), tls) as url:
        async with max_client(url, "a-token", call_timeout_s=5) as wary:
            with pytest.raises(PlatformError) as caught:
                await wary.rename_chat("-1", "7 Б")
        assert (caught.value.failure, caught.value.code) == (Failure.BUSY, "certificate.self-signed.certificate")
        trusted = ssl.create_default_context(cafile=itself)
        async with max_client(url, "a-token", call_timeout_s=5, tls=trusted) as client:
            await client.rename_chat("-1", "7 Б")


@pytest.mark.parametrize(
    ("told", "seen"),
    [
        ({"title": "7\0 Б"}, ("7 Б", None)),
        ({"title": "\ud800"}, ("?", None)),
        ({"title": "я" * 100_000}, ("я" * 4000, None)),
        ({"title": "7 Б", "link": "https://max.ru/join/a-b_c?d=%20"}, ("7 Б", "https://max.ru/join/a-b_c?d=%20")),
        ({"title": "7 Б", "link": "javascript:alert(1)"}, ("7 Б", None)),
        ({"title": "7 Б", "link": "https://max.ru/\x1b[2J"}, ("7 Б", None)),
        ({"title": "7 Б", "link": 'https://max.ru/"onclick="alert(1)'}, ("7 Б", None)),
        ({"title": "7 Б", "link": "https://max.ru/\0"}, ("7 Б", None)),
        ({"title": "7 Б", "link": "https://max.ru/" + "a" * 3000}, ("7 Б", None)),
        ({"title": "7 Б", "link": ["https://max.ru/a"]}, ("7 Б", None)),
    ],
)
async def test_of_a_chat_what_a_database_and_a_page_can_hold_is_seen(told: Any, seen: tuple[str, str | None]) -> None:
    own = {"user_id": 1, "is_admin": True, "is_owner": True}

    async def answer(request: web.Request) -> web.StreamResponse:
        return web.json_response(own if request.path.endswith("/me") else {"chat_id": -1} | told)

    async with client_of(answer) as client:
        chat = await client.read_chat("-1")
        assert (chat.title, chat.link) == seen
