"""What a request may send, and how long it may take: a real server, and clients that behave badly."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from io import BytesIO

import aiohttp
import pytest
import structlog
import uvicorn
from fastapi import FastAPI

from adapters.web import bodies
from rollcall.serving import listening_on, server_of
from rollcall.silent import close_silent
from tests.web.conftest import BATCH, Api

HALF = b"POST /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Length: 1000\r\n\r\n{"


async def half_sent(api: Api) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    host, port = api.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(HALF % api.token.encode())
    await writer.drain()
    return reader, writer


async def until(seen: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(10):
        while True:
            if await seen():
                return
            await asyncio.sleep(0.05)


async def test_more_than_ten_thousand_events_are_refused_and_none_is_decoded(api: Api) -> None:
    many = b"[" + b",".join([b"{}"] * 1_300_000) + b"]"
    assert len(many) < bodies.LARGEST_BODY
    loop = asyncio.get_running_loop()
    begun = loop.time()
    status, body = await api.ask("POST", "/v1/events", data=BytesIO(many), headers=BATCH)
    assert (status, "10000" in body["detail"]) == (413, True)
    assert loop.time() - begun < 5
    status, body = await api.ask("POST", "/v1/events", data=b"[" + b",".join([b"{}"] * 10_000) + b"]", headers=BATCH)
    assert (status, len(body["outcomes"])) == (202, 10_000)


async def test_bodies_of_all_routes_are_bounded(api: Api) -> None:
    large = json.dumps({"external_user_id": "1" * bodies.LARGEST_BODY}).encode()
    headers = {"Content-Type": "application/json"}
    assert (await api.ask("PUT", "/v1/persons/p/accounts/max", data=BytesIO(large), headers=headers))[0] == 413


async def test_a_body_that_does_not_come_is_waited_for_so_long(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "WITHIN_S", 0.3)
    reader, writer = await half_sent(api)
    async with asyncio.timeout(10):
        assert (await reader.readline()).split()[1] == b"408"
    writer.close()


async def test_so_many_bodies_are_read_at_a_time(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "MOST_AT_A_TIME", 1)
    _, writer = await half_sent(api)
    await asyncio.sleep(0.2)
    async with api.session.post(
        f"{api.url}/v1/events", data=b"{}", headers={"Authorization": f"Bearer {api.token}"}
    ) as r:
        assert (r.status, r.headers["Retry-After"]) == (503, "1")
    assert (await api.get("/v1/status"))["waiting"] == 0
    writer.close()

    async def free() -> bool:
        return (await api.ask("POST", "/v1/events", data=b"[]", headers=BATCH))[0] != 503

    await until(free)


async def test_a_client_that_hangs_up_is_one_line_and_no_traceback(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    with structlog.testing.capture_logs() as lines, caplog.at_level(logging.WARNING):
        _, writer = await half_sent(api)
        await asyncio.sleep(0.1)
        writer.close()

        async def told() -> bool:
            return any(line["event"] == "request.hung_up" for line in lines)

        await until(told)
    assert [line for line in lines if line["event"] == "request.hung_up"] == [
        {"event": "request.hung_up", "log_level": "info", "method": "POST", "route": "/v1/events"}
    ]
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


async def test_half_a_requests_headers_hold_no_connection_for_ever() -> None:
    app = FastAPI()

    @app.get("/slow")
    async def slow() -> str:
        await asyncio.sleep(1.5)
        return "late"

    with listening_on("127.0.0.1", 0) as listening:
        port = listening.getsockname()[1]
        server: uvicorn.Server = server_of(app)
        stopping = asyncio.Event()
        tasks = [
            asyncio.create_task(server.serve([listening])),
            asyncio.create_task(close_silent(server, stopping, 0.5, 0.1)),
        ]
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET / HTTP/1.1\r\nHost:")
        async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/slow") as response:
            assert await response.json() == "late"
        async with asyncio.timeout(10):
            assert await reader.read() == b""
        writer.close()
        stopping.set()
        server.should_exit = True
        await asyncio.gather(*tasks)
