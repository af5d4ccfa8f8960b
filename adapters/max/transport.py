"""One request to the MAX Bot API: the token, the time limit, and never the same write twice."""

from __future__ import annotations

import json
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from yarl import URL

from adapters.max.errors import malformed, refusal, translated


class AnswerLost(aiohttp.ClientError):
    """The connection broke after a request may have been sent."""


@dataclass(frozen=True, slots=True)
class Transport:
    """Sends requests of one token. `call_timeout_s` bounds each, connecting included."""

    base: URL
    session: aiohttp.ClientSession = field(repr=False)
    call_timeout_s: float

    async def send(
        self, method: str, path: str, *, query: Mapping[str, Any] | None = None, body: object = None
    ) -> dict[str, Any]:
        """One request, and the JSON object it was answered with.

        Raises:
            PlatformError: it was refused, or nobody knows.
        """
        url = self.base.joinpath(path).with_query(query)
        with translated():
            async with self.session.request(method, url, json=body, allow_redirects=False) as response:
                text = await response.text(errors="replace")
        answer = _parsed(text)
        if not 200 <= response.status < 300:
            raise refusal(response.status, answer, response.headers)
        if not isinstance(answer, dict):
            raise malformed()
        return answer


@asynccontextmanager
async def transport(url: str, token: str, *, call_timeout_s: float, ca_file: Path | None) -> AsyncIterator[Transport]:
    """Keeps connections open until the block is left. With `ca_file` its certificates are the only ones trusted."""
    tls = ssl.create_default_context(cafile=ca_file) if ca_file else True
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(ssl=tls, limit=0),
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"Authorization": token},
        middlewares=(_once,),
        timeout=aiohttp.ClientTimeout(total=call_timeout_s),
    ) as session:
        yield Transport(URL(url), session, call_timeout_s)


async def _once(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Keeps aiohttp from sending a DELETE again by itself when a connection that it kept open breaks."""
    try:
        return await handler(request)
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise AnswerLost from error


def _parsed(text: str) -> object:
    """The JSON of an answer, or None: some errors are plain text."""
    try:
        return json.loads(text)
    except ValueError:
        return None
