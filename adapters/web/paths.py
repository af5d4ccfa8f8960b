"""Ids in paths: percent-encoded, whatever is in them, a slash included."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import unquote

from fastapi import Path, Query
from pydantic import BeforeValidator
from starlette.types import ASGIApp, Receive, Scope, Send


class EncodedPaths:
    """Lets routes see paths as they were sent: an encoded slash is part of an id, not of the path."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope.get("raw_path"):
            scope = {**scope, "path": scope["raw_path"].decode("latin-1")}
        await self._app(scope, receive, send)


def _decoded(value: object) -> object:
    return _storable(unquote(value)) if isinstance(value, str) else value


def _storable(value: object) -> object:
    """Nothing known has a NUL in its id, and PostgreSQL takes none to compare with."""
    return value.replace("\0", "\ufffd") if isinstance(value, str) else value


PathId = Annotated[str, Path(), BeforeValidator(_decoded)]
QueryId = Annotated[str, Query(min_length=1), BeforeValidator(_storable)]
MaybeQueryId = Annotated[str | None, Query(min_length=1), BeforeValidator(_storable)]
