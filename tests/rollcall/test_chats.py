"""`rollcall chats adopt`, and a public bot's school as processes: from the code to the members."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import aiohttp

from tests.rollcall.conftest import CommandLine
from tests.rollcall.test_serve import PATIENCE_S, batch, started


async def posted(session: aiohttp.ClientSession, url: str, body: Any, **headers: str) -> Any:
    async with session.post(url, json=body, headers=headers) as response:
        assert response.status < 300, await response.text()
        return await response.json()


def test_a_chat_that_nobody_is_to_be_in_gets_no_code(rollcall: CommandLine) -> None:
    ended = rollcall("chats", "adopt", "s1", "class:nowhere")
    assert (ended.code, ended.out) == (1, "")
    assert "no such chat" in ended.err


async def test_a_served_school_adopts_a_chat_by_asking_for_updates(tmp_path: Path) -> None:
    async with started("simulator", SIMULATOR_PORT="0") as (_, platform):
        settings = {
            "WEB_PORT": "0",
            "DATABASE_URL": f"sqlite:///{tmp_path}/served.db",
            "ADMIN_TOKEN": "root-of-the-tests",
            "MAX_URL": f"{platform}/max",
            "MAX_TOKEN": "simulator",
        }
        async with (
            started("serve", **settings) as (_, url),
            aiohttp.ClientSession(headers={"Authorization": "Bearer root-of-the-tests"}) as session,
        ):
            await posted(session, f"{platform}/_sim/users", [{"user_id": 7}, {"user_id": 8}])
            kind = {"Content-Type": "application/cloudevents-batch+json"}
            await posted(session, f"{url}/v1/events", batch(), **kind)
            offered = await offer(session, url)
            made = await posted(session, f"{platform}/_sim/chats", {"user_id": 8, "title": "учителя"})
            chat = f"{platform}/_sim/chats/{made['chat_id']}"
            await posted(session, f"{chat}/bot", {"user_id": 8})
            await posted(session, f"{chat}/messages", {"user_id": 8, "text": offered["code"]})
            await joined(session, platform, 7)


async def offer(session: aiohttp.ClientSession, url: str) -> Any:
    """A code, once the planner knows that somebody is to be in the chat."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            async with session.post(f"{url}/v1/organisations/s1/chats/staff%3As1/adoption") as response:
                if response.status == 200:
                    return await response.json()
            await asyncio.sleep(0.05)


async def joined(session: aiohttp.ClientSession, platform: str, user_id: int) -> None:
    """Waits until somebody is in the only chat."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            async with session.get(f"{platform}/_sim/chats") as response:
                [chat] = await response.json()
            if user_id in [each["user_id"] for each in chat["members"]]:
                return
            await asyncio.sleep(0.05)
