"""Forms as browsers send them."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Depends, Request

MOST_FIELDS = 16

Form = dict[str, str]


async def _form(request: Request) -> Form:
    """The fields by name; empty where the body is no form. Of a name twice the first counts."""
    try:
        fields = parse_qsl((await request.body()).decode("ascii"), max_num_fields=MOST_FIELDS, strict_parsing=True)
    except ValueError:
        return {}
    return dict(reversed(fields))


Sent = Annotated[Form, Depends(_form)]
