"""Groups of consumers, before somebody joins one."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from aiokafka.errors import KafkaError

from adapters.kafka.topics import admin_client

WITHIN_S = 30.0
AGAIN_S = 0.1


async def coordinated(connection: Mapping[str, Any], group: str, within_s: float = WITHIN_S) -> bool:
    """Waits until a group has its coordinator, and gives whether it has: a broker makes what it needs for that when
    first asked, and whoever joins meanwhile is refused, and joins again.
    """
    try:
        async with asyncio.timeout(within_s), admin_client(connection) as admin:
            while True:
                try:
                    await admin.find_coordinator(group)
                except KafkaError as error:
                    if not error.retriable:
                        return False
                    await asyncio.sleep(AGAIN_S)
                else:
                    return True
    except (KafkaError, TimeoutError):
        return False  # who joins waits, too, and says why
