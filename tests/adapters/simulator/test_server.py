"""The simulator as a server."""

from __future__ import annotations

import aiohttp
import pytest

from adapters.simulator.server import simulator


async def test_a_port_is_free_again_once_the_server_stopped() -> None:
    async with simulator() as first:
        port = int(first.url.rpartition(":")[2])
    async with simulator(port=port) as second, aiohttp.ClientSession() as session:
        assert second.url == first.url
        async with session.get(f"{second.url}/_sim/chats") as response:
            assert await response.json() == []


async def test_an_address_in_use_is_told() -> None:
    async with simulator() as first:
        with pytest.raises(OSError, match="address already in use"):
            async with simulator(port=int(first.url.rpartition(":")[2])):
                pass
