"""H19. Something passes validation that a store cannot hold: NUL, years out of range, numbers over 2^63, a zone that is
not there. Its batch fails, comes again, and fails for ever.

One place, `schemas`, narrows what comes in; whatever it lets through is stored, planned and told again, on both
databases.
"""

from __future__ import annotations

import json
import random
from datetime import timedelta, timezone
from typing import Any
from unicodedata import category

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from adapters.database.schema import inbox
from events.decode import decode
from schemas.catalogue import CATALOGUE
from schemas.rejections import Rejection
from tests.road import START, Road

Event = dict[str, Any]

SEVERAL = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)


RUSSIAN, RARE = range(0x0400, 0x0500), range(0x10000, 0x110000)


def noise(size: int, letters: range = RARE, seed: str = "") -> str:
    """Letters in no order, so that nothing packs them any smaller."""
    return "".join(map(chr, random.Random(seed).choices(letters, k=size)))


ODD = (
    "a", "A", "ä", "a\u0308", "ß", "ж", "0", "00", "-1", "1e5", "null", "None", "NaN", "true", "[]", "{}", '"', "'",
    "\\", "\\u0000", "%s", "$1", ":given", "?", ";", "--", " ", "\t", "\n", "\r\n", "\x01", "\x1f", "\x7f", "\x85",
    "\u2028", "\u200b", "\u202e", "\ufeff", "\ufffe", "\uffff", "😀", "\U0010ffff", "class:a", "staff:", "parents:😀",
    ":",
)  # fmt: skip
LONG = ("x" * 128, "😀" * 128, noise(128), " " * 127 + "x")
SEEN = st.characters(exclude_categories=["Cc", "Cf", "Cs"])
ODD_IDS = tuple(odd for odd in ODD if odd.strip() and {category(each) for each in odd}.isdisjoint({"Cc", "Cf"}))


def ids(longest: int = 128) -> st.SearchStrategy[str]:
    """Ids that are taken: not blank, and all of it is seen."""
    return st.one_of(st.sampled_from(ODD_IDS), st.text(SEEN, min_size=1, max_size=longest).filter(str.strip))


IDS = st.one_of(ids(), st.sampled_from(LONG))
TEXTS = st.one_of(
    st.sampled_from(ODD),
    st.text(st.one_of(SEEN, st.sampled_from("\t\n\r\x85\u00ad\u200b\u200d\u202e\ufeff")), max_size=200),
    st.sampled_from(("я" * 200, noise(200))),
)
DAYS = st.one_of(
    st.sampled_from(("1900-01-01", "2999-12-31", "2026-11-02", "2026-11-03", "1970-01-01", "2028-02-29")),
    st.dates().map(str),
)
ZONES = st.sampled_from(("Europe/Moscow", "Pacific/Kiritimati", "Etc/GMT+12", "Africa/Monrovia", "Factory", "UTC"))
YEARS = st.one_of(st.just("2026/2027"), st.from_regex(r"[0-9]{4}/[0-9]{4}", fullmatch=True))
ACCOUNTS = st.one_of(st.sampled_from(("1", str(2**63 - 1), str(2**63 - 2), str(2**53 + 1))), st.integers().map(str))
FAR = timezone(timedelta(hours=-23, minutes=-59))
TIMES = st.one_of(
    st.sampled_from(
        (
            "1900-01-01T00:00:00Z",
            "1900-01-01T23:59:00+23:59",
            "1969-12-31T23:59:59.999999Z",
            "2026-11-03T09:00:00.000000999Z",
            "2026-11-02t12:00:00.1234567z",
        )
    ),
    st.timedeltas(timedelta(days=-46000), timedelta(hours=23)).map(
        lambda ago: (START + ago).astimezone(FAR).isoformat()
    ),
)
CHOICES = {
    "position_type": ("administration", "teaching_staff", "other"),
    "provider": ("max", "vk_id"),
    "reason": ("left", "graduated", "expelled", "other", None),
    "chat_type": ("subject", "other"),
    "snapshot": (True, False, None),
    "denied": (True, False, None),
}
SPECIAL = {"time_zone": ZONES, "school_year": YEARS, "effective_on": DAYS, "external_user_id": ACCOUNTS}


def _value(field: str) -> st.SearchStrategy[Any]:
    if field in CHOICES:
        return st.sampled_from(CHOICES[field])
    if field in SPECIAL:
        return SPECIAL[field]
    if field.endswith("_ids"):
        return st.lists(IDS, max_size=4)
    return IDS if field.endswith("_id") else TEXTS


def _fields(type_: str) -> dict[str, Any]:
    data: Any = CATALOGUE[type_].model.model_fields["data"].annotation
    return dict(data.model_fields)


@st.composite
def events(draw: st.DrawFn) -> Event:
    """An event of any type, each field anything of its kind; optional ones may be absent or null."""
    type_ = draw(st.sampled_from(sorted(CATALOGUE)))
    data = {}
    for name, field in _fields(type_).items():
        value = draw(_value(name)) if field.is_required() else draw(st.one_of(_value(name), st.none()))
        if field.is_required() or draw(st.booleans()):
            data[name] = value
    event = {"specversion": "1.0", "type": type_, "time": draw(TIMES), "data": data}
    event["id"] = draw(st.one_of(st.just(noise(256)), ids(256)))
    event["source"] = draw(st.one_of(st.just(noise(512)), ids(40)))
    return event | draw(st.fixed_dictionaries({}, optional={"sequence": TEXTS, "subject": IDS, "traceparent": TEXTS}))


def accepted(event: Event) -> bool:
    return not isinstance(decode(json.dumps(event).encode(), (), START), Rejection)


@given(batch=st.lists(events().filter(accepted), min_size=1, max_size=12))
@SEVERAL
async def test_whatever_is_accepted_is_stored_and_planned(road: Road, batch: list[Event]) -> None:
    await check(road, batch)


async def check(road: Road, batch: list[Event]) -> None:
    taken = await road.post(batch)
    assert {one.outcome for one in taken} <= {"applied", "kept", "stale", "duplicate"}
    await road.plan()
    road.clock.turn(days=1)
    await road.plan()
    assert not any(ingested.stalled for ingested in road.noticed)
    async with road.database.reading() as connection:
        stored = {(row.source, row.id) for row in await connection.execute(select(inbox.c.source, inbox.c.id))}
    assert {(event["source"], event["id"]) for event in batch} <= stored


@given(
    name=st.text(SEEN, min_size=1, max_size=40).filter(str.strip), unseen=st.sampled_from("\u00ad\u200b\u202e\ufeff")
)
@SEVERAL
async def test_a_name_that_comes_again_in_another_writing_is_a_duplicate_and_no_other_content(
    road: Road, name: str, unseen: str
) -> None:
    event = told("school.organisation.registered", name=name) | {"id": name}
    again = event | {"data": event["data"] | {"name": f" {unseen}{name.replace(' ', '  ')}\n"}}
    await road.post([event])
    [taken] = await road.post([again])
    assert (taken.outcome, road.noticed[-1].differing) == ("duplicate", [])


SOURCE, CHAT = 1024, 600  # bytes


def at_longest(letters: range) -> list[Event]:
    """One event of each type with as many characters as are taken, the same people and classes in all."""
    return [
        {
            "specversion": "1.0",
            "id": noise(256, letters, type_),
            "source": fitting(512, SOURCE, letters),
            "type": type_,
            "time": START.isoformat(),
            "sequence": noise(1000, letters),
            "data": {name: _longest(name, letters) for name in _fields(type_) if name not in LEFT_OUT},
        }
        for type_ in sorted(CATALOGUE)
    ]


LEFT_OUT = {"guardian_ids", "excluded_ids", "remove_ids", "effective_on"}
PLAIN = {"time_zone": "Asia/Kamchatka", "school_year": "2026/2027", "external_user_id": str(2**63 - 1)}


def _longest(name: str, letters: range) -> Any:
    if name in CHOICES or name in PLAIN:
        return PLAIN.get(name) or CHOICES[name][0]
    if name.endswith("_ids"):
        return [noise(128, letters, name[:-1])]
    seed = name.removeprefix("to_").replace("homeroom_teacher", "employee")
    if name == "chat_id":
        return fitting(160, CHAT, letters, seed)
    return noise(128 if name.endswith("_id") else 200, letters, seed)


def fitting(characters: int, most_bytes: int, letters: range, seed: str = "") -> str:
    width = len(chr(letters[0]).encode())
    return noise(min(characters, most_bytes // width), letters, seed)


@pytest.mark.parametrize("letters", [RUSSIAN, RARE], ids=["of two bytes", "of four bytes"])
async def test_the_longest_of_everything_is_stored_and_planned(road: Road, letters: range) -> None:
    """In letters of which an index can pack nothing."""
    batch = at_longest(letters)
    assert all(map(accepted, batch))
    await check(road, batch)


async def test_a_source_longer_than_a_key_can_hold_is_refused_and_stops_nobody(road: Road) -> None:
    [event, *_] = at_longest(RUSSIAN)
    taken = await road.post([event | {"source": noise(257)}, event])
    assert [one.outcome for one in taken] == ["rejected", "applied"]
    assert taken[0].rejection is not None
    assert [wrong.pointer for wrong in taken[0].rejection.errors] == ["/source"]


def told(type_: str, at: str = "2026-11-02T08:00:00Z", **data: str) -> Event:
    event = {"specversion": "1.0", "source": "sis", "id": type_, "type": f"{type_}.v1", "time": at}
    return event | {"data": data if type_.startswith("account") else {"organisation_id": "school"} | data}


def hired(at: str = "2026-11-02T08:00:00Z", **more: str) -> Event:
    return told("school.employee.hired", at, **{"employee_id": "anna", "position_type": "other"} | more)


POISON = {
    "an id of which nothing is seen": hired(employee_id="\u200b"),
    "an id with what nobody sees": hired(employee_id="an\u00adna"),
    "an id of two lines": hired(employee_id="an\nna"),
    "a blank id": hired(employee_id=" \u00a0"),
    "a name of which nothing is seen": told("school.organisation.registered", name=" \u200b\n"),
    "a terminal's bell in a position": hired(position="\u0007"),
    "NUL in a text": hired(employee_id="an\u0000na"),
    "half a character": hired(employee_id="an\ud800na"),
    "the first day there is": hired(effective_on="0001-01-01"),
    "the last day there is": hired(effective_on="9999-12-31"),
    "an instant before the first": hired("0001-01-01T00:00:00+03:00"),
    "an instant after the last": hired("9999-12-31T23:59:59-03:00"),
    "a zone that is not there": told("school.organisation.registered", name="Школа", time_zone="Mars/Phobos"),
    "a number over 2^63": told("account.linked", person_id="anna", provider="max", external_user_id=str(2**63)),
}


@pytest.mark.parametrize("poison", POISON.values(), ids=POISON)
async def test_what_no_store_could_hold_is_refused_and_the_rest_of_its_batch_goes_on(road: Road, poison: Event) -> None:
    good = hired() | {"id": "good"}
    assert [taken.rejection is None for taken in await road.post([poison, good])] == [False, True]
    await road.plan()
    road.clock.turn(days=1)
    await road.plan()
    assert not any(ingested.stalled for ingested in road.noticed)
