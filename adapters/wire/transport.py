"""One request to a platform: its time limit, a cap on its answer, and never the same write twice."""

from __future__ import annotations

import asyncio
import ssl
import zlib
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from yarl import URL

from adapters.wire.failures import malformed, too_large, translated
from adapters.wire.narrowed import read_json
from sync.errors import PlatformError

# MAX's page of a hundred members, each with as much of a description as there may be, is half as large.
LARGEST_ANSWER = 16 * 1024 * 1024
MOST_VALUES = 500_000  # in one answer: what is small as text may be large as objects
READ_AT_ONCE = 64 * 1024  # bytes that are worth no thread; larger answers of one account are read one at a time
INFLATED = frozenset({"gzip", "x-gzip", "deflate"})  # what we understand; we ask for none of it

Refuse = Callable[[int, object, Mapping[str, str]], PlatformError]
"""What an answer other than 2xx means, by its status, its JSON (None where it is none) and its headers."""


class AnswerLost(aiohttp.ClientError):
    """The connection broke after a request may have been sent."""


@dataclass(frozen=True, slots=True)
class Transport:
    """Sends requests of one account. `call_timeout_s` bounds each, connecting included."""

    base: URL
    session: aiohttp.ClientSession = field(repr=False)
    call_timeout_s: float
    refuse: Refuse
    large: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)

    async def send(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: object = None,
        form: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """One request, with a JSON `body` or a `form`, and the JSON object it was answered with.

        Raises:
            PlatformError: it was refused, or nobody knows.
        """
        url = self.base.joinpath(path).with_query(query)
        until = asyncio.get_running_loop().time() + self.call_timeout_s
        with translated():
            async with self.session.request(method, url, json=body, data=form, allow_redirects=False) as response:
                async with asyncio.timeout_at(until):
                    answer = await self._answer(response)
        if not 200 <= response.status < 300:
            raise self.refuse(response.status, answer, response.headers)
        if not isinstance(answer, dict):
            raise malformed()
        return answer

    async def _answer(self, response: aiohttp.ClientResponse) -> object:
        """The JSON of an answer, or None. Raises PlatformError: it is too large; no more than that was taken of it."""
        content, encoding = bytearray(), response.headers.get("Content-Encoding", "").strip().lower()
        async for chunk in response.content.iter_any():
            content += chunk
            if encoding or len(content) > READ_AT_ONCE:
                async with self.large:  # all at once they would be more than this machine has
                    await _rest(response, content)
                    return await asyncio.to_thread(_parsed, content, encoding)
        return _parsed(content, encoding)


@asynccontextmanager
async def transport(
    url: str,
    headers: Mapping[str, str] | None = None,
    *,
    call_timeout_s: float,
    tls: ssl.SSLContext | None,
    refuse: Refuse,
) -> AsyncIterator[Transport]:
    """Keeps connections open until the block is left. `tls`: whom it trusts; by default the system's authorities."""
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(ssl=True if tls is None else tls, limit=0),
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={**(headers or {}), "Accept-Encoding": "identity"},
        auto_decompress=False,  # it would know no bound
        middlewares=(_once,),
        timeout=aiohttp.ClientTimeout(total=call_timeout_s),
    ) as session:
        yield Transport(URL(url), session, call_timeout_s, refuse)


async def _once(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Keeps aiohttp from sending a DELETE again by itself when a connection that it kept open breaks."""
    try:
        return await handler(request)
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise AnswerLost from error


async def _rest(response: aiohttp.ClientResponse, content: bytearray) -> None:
    async for chunk in response.content.iter_any():
        content += chunk
        if len(content) > LARGEST_ANSWER:
            response.close()
            raise too_large()


def _parsed(content: bytes | bytearray, encoding: str) -> object:
    """The JSON of an answer, or None: some errors are plain text. Raises PlatformError: there is too much of it."""
    try:
        plain = _inflated(content) if encoding in INFLATED else content
    except zlib.error:
        return None
    if len(plain) > LARGEST_ANSWER or sum(plain.count(mark) for mark in (b",", b"[", b"{")) > MOST_VALUES:
        raise too_large()
    try:
        return read_json(plain.decode(errors="replace"))
    except ValueError:
        return None


def _inflated(content: bytes | bytearray) -> bytes:
    """As much of it as an answer may have, and a byte: whoever stands between may compress though nobody asked."""
    return zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(content, LARGEST_ANSWER + 1)
