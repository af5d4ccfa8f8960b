"""The OpenAPI document: what FastAPI knows of the routes, and what is the same for all of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache, partial
from typing import Any

from fastapi import FastAPI, Response
from fastapi.openapi.utils import get_openapi
from starlette.routing import compile_path

from adapters.web.access import OWN_SECRET
from adapters.web.contents import problems_of
from adapters.web.problems import allowing
from adapters.web.webhooks import SECRET_HEADER

DESCRIPTION = "Keeps the membership of a school's Sferum chats in step with the school's roster."
LICENSE = {"name": "All rights reserved", "identifier": "LicenseRef-All-Rights-Reserved"}
TAGS = {
    "accounts": "Whose account on a chat platform is whose.",
    "events": "What happened in schools, as CloudEvents.",
    "operations": "How it goes, and what an operator decides.",
    "registry": "Schools, their chats, and who is in them.",
    "webhooks": "What chat platforms post.",
}
SECRET = "MaxSecret"  # noqa: S105 - its name
ADDRESS = "/v1/openapi.json"
OF_BODIES = (400, 408, 413, 503)
UNREADABLE = {"description": "Bad Request", "content": {"text/plain": {"schema": {"type": "string"}}}}


def describe(app: FastAPI) -> None:
    """Makes the app tell this document, and of a path what may be asked there."""
    app.add_exception_handler(405, allowing(partial(methods_of, app)))
    app.openapi = partial(document, app)  # type: ignore[method-assign]

    @cache
    def written() -> bytes:
        return json.dumps(document(app), ensure_ascii=False).encode()

    @app.get(ADDRESS, include_in_schema=False)
    async def tell() -> Response:
        return Response(written(), media_type="application/json")


def document(app: FastAPI) -> dict[str, Any]:
    """OpenAPI 3.1 of all routes, made once."""
    if app.openapi_schema is None:
        made = get_openapi(title=app.title, version=app.version, description=DESCRIPTION, routes=app.routes)
        made["info"] |= {"contact": {"name": "Who operates this server"}, "license": LICENSE}
        made["servers"] = [{"url": "/", "description": "This server"}]
        secret = {"type": "apiKey", "in": "header", "name": SECRET_HEADER, "description": "Of the subscription."}
        made["components"]["securitySchemes"][SECRET] = secret
        for path, operation in _operations(made):
            _complete(path, operation)
        used = {tag for _, operation in _operations(made) for tag in operation["tags"]}
        made["tags"] = [{"name": name, "description": TAGS.get(name, name)} for name in sorted(used)]
        app.openapi_schema = made
    return app.openapi_schema


def _operations(made: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    return ((path, operation) for path, methods in made["paths"].items() for operation in methods.values())


def _complete(path: str, operation: dict[str, Any]) -> None:
    """By whom it may be asked, and every status that it may answer."""
    operation.setdefault("security", [{SECRET: []}] if path.startswith(OWN_SECRET) else [])
    answers: dict[str, Any] = operation["responses"]
    reads = "requestBody" in operation or path.startswith(OWN_SECRET)
    more = problems_of(500, *(OF_BODIES if reads else ()))
    answers |= {str(status): of for status, of in more.items() if str(status) not in answers}
    if not any(status.startswith("4") for status in answers):
        answers["400"] = UNREADABLE
    operation["responses"] = dict(sorted(answers.items()))


def methods_of(app: FastAPI, path: str) -> list[str]:
    """What may be asked of a path, whatever the ids in it; empty of one that is in no document."""
    paths = document(app)["paths"]
    found = (set(methods) for template, methods in paths.items() if compile_path(template)[0].match(path))
    return sorted(method.upper() for method in set().union(*found))
