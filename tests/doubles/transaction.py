"""A transaction whose every call goes by somebody who watches, counts, stops or ends it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

Around = Callable[[str, Callable[[], Awaitable[Any]]], Awaitable[Any]]
"""Is given a call's name, such as `plans.load`, and the call itself."""


class Watched:
    """A real transaction, or a part of one."""

    def __init__(self, of: Any, around: Around, path: str = "") -> None:
        self._of = of
        self._around = around
        self._path = path

    def __getattr__(self, name: str) -> Any:
        found, path = getattr(self._of, name), f"{self._path}.{name}".strip(".")
        if not callable(found):
            return Watched(found, self._around, path)

        async def call(*args: Any, **options: Any) -> Any:
            return await self._around(path, partial(found, *args, **options))

        return call
