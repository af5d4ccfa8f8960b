"""Lists in parts: how many, from where on, and what is answered."""

from __future__ import annotations

import base64
from binascii import Error
from collections.abc import Sequence
from typing import Annotated, Generic, TypeVar

from fastapi import Depends, Query
from pydantic import BaseModel, Field

from adapters.web.paths import storable
from adapters.web.problems import Problem
from sync.views.registry import Listed, Window

T = TypeVar("T")

MOST, USUAL = 1000, 100


def _is_none(value: object) -> bool:
    return value is None


class Page(BaseModel, Generic[T]):
    """`next` is the cursor of the next part; `total` is there where it was asked for."""

    items: Sequence[T]
    next: str | None
    total: Annotated[int | None, Field(exclude_if=_is_none)] = None


def _window(
    limit: Annotated[int, Query(ge=1, le=MOST)] = USUAL,
    cursor: Annotated[str | None, Query()] = None,
    count: Annotated[bool, Query()] = False,  # noqa: FBT002 - a query parameter
) -> Window:
    return Window(str(storable(_key(cursor))) if cursor is not None else None, limit, count)


AskedWindow = Annotated[Window, Depends(_window)]


def page(listed: Listed[T]) -> Page[T]:
    return Page(items=listed.items, next=_cursor(listed.next), total=listed.total)


def _cursor(key: str | None) -> str | None:
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=") if key is not None else None


def _key(cursor: str) -> str:
    try:
        return base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (Error, ValueError) as error:
        wrong = {"parameter": "cursor", "detail": "Input should be the `next` of an answer"}
        raise Problem(422, "The cursor is not one of ours", [wrong]) from error
