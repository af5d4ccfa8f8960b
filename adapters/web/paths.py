"""Ids in paths: percent-encoded, whatever is in them, a slash included."""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import unquote

from fastapi import Path, Query
from pydantic import BeforeValidator
from starlette.types import ASGIApp, Receive, Scope, Send

from sync.ids import ChatId, ClassId, OrganisationId, PersonId


class EncodedPaths:
    """Lets routes see paths as they were sent: an encoded slash is part of an id, not of the path."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope.get("raw_path"):
            scope = {**scope, "path": scope["raw_path"].decode("latin-1")}
        await self._app(scope, receive, send)


def _decoded(value: object) -> object:
    return storable(unquote(value, errors="surrogateescape")) if isinstance(value, str) else value


def storable(value: object) -> object:
    """The text as databases take it to compare with. In place of what none of them takes stands a character that is in
    no id, so that it is nobody's.
    """
    return _UNSTORABLE.sub(IN_NO_ID, value) if isinstance(value, str) else value


IN_NO_ID = "\x1a"
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


PathOrganisation = Annotated[OrganisationId, Path(), BeforeValidator(_decoded)]
PathClass = Annotated[ClassId, Path(), BeforeValidator(_decoded)]
PathChat = Annotated[ChatId, Path(), BeforeValidator(_decoded)]
PathPerson = Annotated[PersonId, Path(), BeforeValidator(_decoded)]
QueryPerson = Annotated[PersonId, Query(min_length=1), BeforeValidator(storable)]
AskedOrganisation = Annotated[OrganisationId, Query(min_length=1), BeforeValidator(storable)]
QueryOrganisation = Annotated[OrganisationId | None, Query(min_length=1), BeforeValidator(storable)]
QueryChat = Annotated[ChatId | None, Query(min_length=1), BeforeValidator(storable)]
