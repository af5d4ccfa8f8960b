"""Methods of the VK API: one by itself, or up to 25 in one request."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from adapters.vk.errors import told
from adapters.wire.failures import malformed
from adapters.wire.transport import Transport

VERSION = "5.199"
AT_ONCE = 25  # calls of one `execute`; VK API, «execute», read on 2026-11-22

Method = tuple[str, Mapping[str, Any]]
"""A method's name, and its parameters."""


@dataclass(frozen=True, slots=True)
class Methods:
    """Calls methods with the token of one account."""

    sender: Transport
    token: str = field(repr=False)

    async def call(self, name: str, params: Mapping[str, Any]) -> Any:
        """What the method answers. Raises PlatformError."""
        own = {"access_token": self.token, "v": VERSION}
        answer = await self._sent(name, {**{key: str(value) for key, value in params.items()}, **own})
        return answer["response"]

    async def each(self, methods: Sequence[Method]) -> list[Any]:
        """Up to 25 methods in one request: what each answers, or the PlatformError that it came to.

        Raises:
            PlatformError: of the request itself; of one method alone, too.
        """
        if len(methods) == 1:
            return [await self.call(*methods[0])]
        own = {"access_token": self.token, "v": VERSION, "code": script(methods)}
        answer = await self._sent("execute", own)
        return list(_matched(methods, answer["response"], answer.get("execute_errors")))

    async def _sent(self, name: str, form: Mapping[str, str]) -> dict[str, Any]:
        answer = await self.sender.send("POST", f"method/{name}", form=form)
        if "error" in answer:
            raise told(answer["error"])
        if "response" not in answer:
            raise malformed()
        return answer


def script(methods: Sequence[Method]) -> str:
    """All that is sent of VKScript: an array of calls, each with its parameters as they are."""
    calls = (f"API.{name}({json.dumps(params)})" for name, params in methods)
    return f"return [{', '.join(calls)}];"


def _matched(methods: Sequence[Method], responses: object, errors: object) -> Iterator[Any]:
    """A method that failed answers false, and the errors come in the same order."""
    if not isinstance(responses, list) or len(responses) != len(methods):
        raise malformed()
    failed = iter(errors if isinstance(errors, list) else [])
    for response in responses:
        yield told(next(failed, None)) if response is False else response
