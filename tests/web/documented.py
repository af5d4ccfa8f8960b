"""The OpenAPI document, to compare answers with."""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from types import SimpleNamespace
from typing import Any, cast

from fastapi import FastAPI
from starlette.routing import compile_path

from adapters.web.app import build_app
from adapters.web.dependencies import Dependencies


def described_app() -> FastAPI:
    """An app of which nothing is asked."""
    nothing = SimpleNamespace(**dict.fromkeys(each.name for each in fields(Dependencies)))
    return build_app(cast(Dependencies, nothing))


@cache
def documented() -> dict[str, Any]:
    return described_app().openapi()


@cache
def statuses(method: str, path: str) -> frozenset[int] | None:
    """What the document says may be answered; None of what it has not."""
    for template, methods in documented()["paths"].items():
        if method.lower() in methods and compile_path(template)[0].match(path):
            return frozenset(map(int, methods[method.lower()]["responses"]))
    return None
