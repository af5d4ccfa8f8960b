"""The one place that narrows text, instants, dates and numbers to what every store and chat platform can hold.

Lengths count characters (code points), of names as they are once cleaned. Of a source and a chat's id bytes count as
well: with the other ids of a fact they are one key, for which PostgreSQL has 2,704 bytes (BTMaxItemSize in nbtree.h of
release 18). Text has no NUL, which PostgreSQL refuses; unpaired surrogates, which are no UTF-8, are refused wherever
they stand. Details of errors never quote what was sent.
"""

from __future__ import annotations

import operator
import re
from datetime import UTC, date, datetime
from importlib.resources import files
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from schemas.characters import CLEANABLE_PATTERN, NAME_PATTERNS, OPAQUE_PATTERNS, cleaned, is_opaque

T = TypeVar("T")

NO_NUL = r"^[^\x00]*$"
FIRST_YEAR, LAST_YEAR = 1900, 2999
LARGEST_ACCOUNT = 2**63 - 1
DEFAULT_TIME_ZONE = "Europe/Moscow"
RESERVED_CHAT_PREFIXES = ("staff:", "class:", "parents:")

_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-5][0-9])"
)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ZONES = frozenset(files("tzdata").joinpath("zones").read_text(encoding="utf-8").split())


def _instant(value: object) -> datetime:
    """Reads RFC 3339 with an offset; what is finer than a microsecond is cut off."""
    if isinstance(value, str):
        value = _read_instant(value)
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise PydanticCustomError("instant", "Input should be an RFC 3339 date-time with an offset")
    try:
        moment = value.astimezone(UTC)
    except OverflowError:
        raise _outside_years() from None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise _outside_years()
    return moment


def _read_instant(text: str) -> datetime | None:
    if not _INSTANT.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text.upper())
    except ValueError:
        return None


def _day(value: object) -> date:
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            value = None
    if not isinstance(value, date) or isinstance(value, datetime):
        raise PydanticCustomError("day", "Input should be a date, YYYY-MM-DD")
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise _outside_years()
    return value


def _outside_years() -> PydanticCustomError:
    return PydanticCustomError("outside_years", "Input should be within the years 1900 to 2999")


def _bytes_at_most(most: int) -> AfterValidator:
    def check(value: str) -> str:
        if len(value.encode()) > most:
            raise PydanticCustomError(
                "too_many_bytes", "Input should have at most {most} bytes in UTF-8", {"most": most}
            )
        return value

    return AfterValidator(check)


def _opaque(value: str) -> str:
    if not is_opaque(value):
        raise PydanticCustomError("opaque", "Input should hold no control or format characters and not be blank")
    return value


def _cleaned(value: str) -> str:
    try:
        return cleaned(value)
    except ValueError:
        raise PydanticCustomError("control", "Input should hold no control characters but white space") from None


def _long(least: int, most: int) -> AfterValidator:
    def check(value: str) -> str:
        if not least <= len(value) <= most:
            raise PydanticCustomError(
                "length", "Input should have {least} to {most} characters once cleaned", {"least": least, "most": most}
            )
        return value

    return AfterValidator(check)


def _patterns(pattern: str, other: str) -> dict[str, Any]:
    return {"pattern": pattern, "allOf": [{"pattern": other}]}


def _known_zone(value: str) -> str:
    if value not in _ZONES:
        raise PydanticCustomError("time_zone", "Input should be a time zone of the IANA list")
    return value


def _small_enough(value: str) -> str:
    if int(value) > LARGEST_ACCOUNT:
        raise PydanticCustomError("account_id", "Input should be at most 9223372036854775807")
    return value


def _once_each(ids: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ids))


def _default_zone(value: object) -> object:
    return DEFAULT_TIME_ZONE if value is None else value


def _is_default_zone(value: object) -> bool:
    return value == DEFAULT_TIME_ZONE


def _is_none(value: object) -> bool:
    return value is None


def _false_if_none(value: object) -> object:
    return False if value is None else value


def _empty_if_none(value: object) -> object:
    return () if value is None else value


Text = Annotated[str, StringConstraints(pattern=NO_NUL)]
"""Free text of any length."""
CleanText = Annotated[str, AfterValidator(_cleaned), WithJsonSchema({"pattern": CLEANABLE_PATTERN, "type": "string"})]
"""Free text of any length for people to read: cleaned, may be empty."""
Name = Annotated[
    str,
    AfterValidator(_cleaned),
    _long(1, 200),
    WithJsonSchema({"maxLength": 200, "minLength": 1, **_patterns(*NAME_PATTERNS), "type": "string"}),
]
Note = Annotated[
    str,
    AfterValidator(_cleaned),
    _long(1, 1000),
    WithJsonSchema({"maxLength": 1000, "minLength": 1, **_patterns(*NAME_PATTERNS), "type": "string"}),
]
"""Why a person did something, in their words."""
PersonName = Annotated[
    str,
    AfterValidator(_cleaned),
    _long(0, 200),
    WithJsonSchema({"maxLength": 200, "pattern": CLEANABLE_PATTERN, "type": "string"}),
]
"""May be empty: last and first name are, one of the two."""
Opaque = Annotated[T, AfterValidator(_opaque), Field(json_schema_extra=_patterns(*OPAQUE_PATTERNS))]
"""Taken as it is, or refused."""
Id = Opaque[Annotated[str, StringConstraints(min_length=1, max_length=128)]]
ChatId = Annotated[Opaque[Annotated[str, StringConstraints(min_length=1, max_length=160)]], _bytes_at_most(600)]
EventId = Opaque[Annotated[str, StringConstraints(min_length=1, max_length=256)]]
Source = Annotated[Opaque[Annotated[str, StringConstraints(min_length=1, max_length=512)]], _bytes_at_most(1024)]
Subject = Opaque[Annotated[str, StringConstraints(min_length=1)]]
"""The id of an entity of any kind."""
Attribute = Annotated[str, StringConstraints(min_length=1, pattern=NO_NUL)]
"""A CloudEvents attribute of type String; the binding knows no empty one."""
SchoolYear = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}/[0-9]{4}$")]
TimeZone = Annotated[str, AfterValidator(_known_zone)]
AccountId = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,18}$"), AfterValidator(_small_enough)]
"""An account of MAX or VK ID: a decimal number of 1 to 2^63-1."""
Instant = Annotated[datetime, BeforeValidator(_instant), WithJsonSchema({"type": "string", "format": "date-time"})]
"""An aware moment in UTC."""
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Ids = Annotated[tuple[Id, ...], Field(strict=False), AfterValidator(_once_each)]
"""In the order given, each once."""

Maybe = Annotated[T | None, Field(exclude_if=_is_none)]
"""Absent and null are the same, and written as absent."""
MaybeTimeZone = Annotated[
    TimeZone,
    BeforeValidator(_default_zone, json_schema_input_type=TimeZone | None),
    Field(exclude_if=_is_default_zone),
]
"""Absent and null are the default, and so is the default itself."""
Flag = Annotated[
    bool, BeforeValidator(_false_if_none, json_schema_input_type=bool | None), Field(exclude_if=operator.not_)
]
"""Absent, null and false are the same."""
MaybeIds = Annotated[
    Ids, BeforeValidator(_empty_if_none, json_schema_input_type=Ids | None), Field(exclude_if=operator.not_)
]
"""Absent, null and the empty list are the same."""


def is_default_chat(chat_id: str) -> bool:
    """Whether this is the derived id of a staff, class or parents chat."""
    return chat_id.startswith(RESERVED_CHAT_PREFIXES)
