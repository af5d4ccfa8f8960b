"""A running simulator and a plain HTTP client: what a stranger to Rollcall would see."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from adapters.simulator.server import Simulator, simulator

TOKEN = "a-token"


@dataclass(frozen=True)
class Caller:
    """Asks a simulator and gives status and body."""

    running: Simulator
    session: aiohttp.ClientSession

    async def max(self, method: str, path: str, body: Any = None, token: str | None = TOKEN) -> tuple[int, Any]:
        headers = {"Authorization": token} if token else {}
        return await self._ask(method, self.running.max_url + path, body, headers)

    async def root(self, method: str, path: str, body: Any = None, token: str = TOKEN) -> tuple[int, Any]:
        """As `max`, at the root of the port that is the dialect's own."""
        return await self._ask(method, f"{self.running.max_root_url}{path}", body, {"Authorization": token})

    async def vk(self, method: str, token: str | None = TOKEN, v: str | None = "5.199", **params: Any) -> Any:
        """What a method of the VK dialect answers; its status is always the same."""
        own = {"access_token": token, "v": v}
        form = {name: str(value) for name, value in (params | own).items() if value is not None}
        async with self.session.post(f"{self.running.vk_url}/method/{method}", data=form) as response:
            assert response.status == 200, await response.text()
            return await response.json()

    async def vk_error(self, method: str, **params: Any) -> int:
        return int((await self.vk(method, **params))["error"]["error_code"])

    async def vk_chat(self, *user_ids: int) -> int:
        """A new chat of VK with these people, made known to the world first."""
        await self.people(*user_ids)
        listed = ",".join(map(str, user_ids))
        made = await self.vk("messages.createChat", title="7 Б", user_ids=listed)
        return int(made["response"]["chat_id"])

    async def control(self, method: str, path: str, body: Any = None) -> Any:
        status, answer = await self._ask(method, f"{self.running.url}/_sim{path}", body, {})
        assert status == 200, answer
        return answer

    async def refused_control(self, path: str, body: Any) -> tuple[int, Any]:
        return await self._ask("POST", f"{self.running.url}/_sim{path}", body, {})

    async def people(self, *user_ids: int) -> None:
        await self.control("POST", "/users", [{"user_id": user_id} for user_id in user_ids])

    async def chat(self, *user_ids: int) -> int:
        """A new chat with these people, made known to the world first."""
        await self.people(*user_ids)
        _, made = await self.max("POST", "/chats", {"title": "7 Б"})
        for first in range(0, len(user_ids), 100):
            await self.max("POST", f"/chats/{made['chat_id']}/members", {"user_ids": user_ids[first : first + 100]})
        return int(made["chat_id"])

    async def _ask(self, method: str, url: str, body: Any, headers: dict[str, str]) -> tuple[int, Any]:
        async with self.session.request(method, url, json=body, headers=headers) as response:
            is_json = response.content_type == "application/json"
            return response.status, await (response.json() if is_json else response.text())


class Clock:
    """A monotonic clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def ask(clock: Clock, request: pytest.FixtureRequest) -> AsyncIterator[Caller]:
    rate = getattr(request, "param", 0)
    async with (
        simulator(token=TOKEN, max_port=0, requests_per_second=rate, clock=clock) as running,
        aiohttp.ClientSession() as session,
    ):
        yield Caller(running, session)
