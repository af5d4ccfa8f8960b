"""From bytes to events: both modes, each way of being wrong, and never an exception."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.decode import LARGEST_READ, NotABatch, decode, decode_batch
from schemas.binding import HTTP, KAFKA, Binding
from schemas.catalogue import CATALOGUE
from schemas.envelope import Event
from schemas.export import PUBLISHED
from schemas.messages import LARGEST_EVENT
from schemas.rejections import MOST_ERRORS, Rejection

NOW = datetime(2026, 9, 1, 9, tzinfo=UTC)
STRUCTURED = [("content-type", b"application/cloudevents+json; charset=UTF-8")]
BINARY = ("content-type", b"application/json")

EVENT: dict[str, Any] = {
    "specversion": "1.0",
    "id": "e-1",
    "source": "https://bars.example/школа",
    "type": "school.class.renamed.v1",
    "time": "2026-09-01T08:00:00+03:00",
    "data": {"organisation_id": "school-1", "class_id": "5a", "name": "6 «А»"},
}
RECORDED = [
    event
    for name in sorted(CATALOGUE)
    for event in json.loads((PUBLISHED / "examples" / f"{name}.json").read_text(encoding="utf-8"))
]


def written(event: object, *, ascii_only: bool = False) -> bytes:
    return json.dumps(event, ensure_ascii=ascii_only).encode()


def changed(**attributes: Any) -> bytes:
    return written({**EVENT, **attributes})


def headers(event: Mapping[str, Any], prefix: str = "ce_") -> list[tuple[str, bytes]]:
    return [(prefix + name, value.encode()) for name, value in event.items() if isinstance(value, str)]


def taken(value: bytes, given_headers: Any = (), binding: Binding = KAFKA) -> Event:
    event = decode(value, given_headers, NOW, binding)
    assert isinstance(event, Event), event
    return event


def refused(value: bytes, given_headers: Any = (), binding: Binding = KAFKA) -> tuple[str, list[str]]:
    rejection = decode(value, given_headers, NOW, binding)
    assert isinstance(rejection, Rejection), rejection
    return rejection.reason, [error.pointer for error in rejection.errors]


@pytest.mark.parametrize(
    "content_type",
    [
        [],
        [("content-type", b"application/cloudevents+json")],
        [("Content-Type", b"Application/CloudEvents+JSON;charset=utf-8")],
        [("content-type", None)],
        [("traceparent", b"\xff"), ("content-type", b"application/cloudevents+json")],
    ],
)
@pytest.mark.parametrize("ascii_only", [True, False])
def test_a_structured_event_is_read_with_or_without_its_content_type(content_type: Any, ascii_only: bool) -> None:
    assert taken(written(EVENT, ascii_only=ascii_only), content_type) == taken(changed())


def test_the_content_type_decides_over_attributes_in_headers() -> None:
    assert taken(changed(), [*STRUCTURED, ("ce_id", b"other"), ("ce_id", b"\xff")]).id == "e-1"


@pytest.mark.parametrize("prefix", ["ce_", "CE_", "Ce_"])
@pytest.mark.parametrize("content_type", [[], [BINARY], [("Content-Type", b"application/vnd.sis+json; charset=utf-8")]])
def test_a_binary_event_is_the_structured_one(prefix: str, content_type: Any) -> None:
    assert taken(written(EVENT["data"]), headers(EVENT, prefix) + content_type) == taken(changed())


def test_over_http_header_values_are_unquoted_and_percent_decoded() -> None:
    sent = [
        ("ce-specversion", b"1.0"),
        ("ce-id", b'"e\\"-%311"'),
        ("CE-Source", b"https://bars.example/%D1%88%d0%BA%d0%be%d0%bb%d0%b0"),
        ("ce-type", b"school.class.renamed.v1"),
        ("ce-time", b"2026-09-01T08:00:00+03:00"),
        ("ce-subject", b"100% %zz"),
    ]
    event = taken(written(EVENT["data"]), [*sent, BINARY], HTTP)
    assert (event.id, event.source, event.subject) == ('e"-11', EVENT["source"], "100% %zz")


def test_over_kafka_header_values_are_taken_as_they_are() -> None:
    sent = headers({**EVENT, "id": '"%41"'})
    assert taken(written(EVENT["data"]), sent).id == '"%41"'


def test_attributes_of_the_other_binding_are_not_read() -> None:
    assert refused(written(EVENT["data"]), [*headers(EVENT, "ce-"), BINARY], KAFKA)[0] == "not_cloudevents"
    assert refused(written(EVENT["data"]), [*headers(EVENT), BINARY], HTTP)[0] == "not_cloudevents"


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b" ",
        b"nonsense",
        b"{",
        b'{"id": 1} trailing',
        b"\xff\xfe",
        b"\xef\xbb\xbf{}",
        '{"id": "я"}'.encode("utf-16"),
        b'{"id": "\xff"}',
        b"{'id': 1}",
        changed(partitionkey=float("nan")),
        changed(partitionkey=float("-inf")),
        b"[" * 60_000,
        b'{"a":' * 10_000,
        b'{"id": "a\x00b"}',
    ],
)
def test_what_is_not_json_is_told(value: bytes) -> None:
    assert refused(value) == ("not_json", [""])
    assert refused(value, STRUCTURED) == ("not_json", [""])


@pytest.mark.parametrize(
    ("value", "pointers"),
    [
        (b"null", [""]),
        (b"[]", [""]),
        (b'"text"', [""]),
        (b"1e999", [""]),
        (b"{}", ["/specversion", "/id", "/source", "/type"]),
        (written(EVENT["data"]), ["/specversion", "/id", "/source", "/type"]),
        (changed(specversion="0.3"), ["/specversion"]),
        (changed(specversion=1.0), ["/specversion"]),
        (changed(id=None), ["/id"]),
        (changed(id=""), ["/id"]),
        (changed(id=7, source=["a"]), ["/id", "/source"]),
        (changed(type=None), ["/type"]),
        (changed(type={"a": 1}), ["/type"]),
        (changed(type="unknown", source=""), ["/source"]),
    ],
)
def test_what_is_no_cloudevent_is_told_with_each_missing_attribute(value: bytes, pointers: list[str]) -> None:
    assert refused(value) == ("not_cloudevents", pointers)


@pytest.mark.parametrize(
    "name", ["school.class.renamed.v2", "School.class.renamed.v1", "membership.added.v1", "x", "a\x00", "\ud800"]
)
def test_another_type_is_unknown(name: str) -> None:
    assert refused(written({**EVENT, "type": name}, ascii_only=True)) == ("unknown_type", ["/type"])


@pytest.mark.parametrize(
    ("value", "pointers"),
    [
        (changed(time=None), ["/time"]),
        (changed(time="2026-09-01T08:00:00"), ["/time"]),
        (changed(time=1756702800), ["/time"]),
        (changed(id="i" * 257, source="s" * 513), ["/id", "/source"]),
        (changed(id="a\x00"), ["/id"]),
        (changed(id=" ", source="s\u200b", subject="\xad"), ["/id", "/source", "/subject"]),
        (changed(id="a\n", source="\ufeffs", subject="\t"), ["/id", "/source", "/subject"]),
        (changed(sequence=5), ["/sequence"]),
        (changed(sequence=""), ["/sequence"]),
        (changed(subject=5, traceparent=5), ["/subject", "/traceparent"]),
        (changed(datacontenttype="text/xml"), ["/datacontenttype"]),
        (changed(data_base64="e30="), ["/data_base64"]),
        (changed(data=None), ["/data"]),
        (changed(data="{}"), ["/data"]),
        (changed(data=[]), ["/data"]),
        (written({name: value for name, value in EVENT.items() if name != "data"}), ["/data"]),
        (changed(data={}), ["/data/organisation_id", "/data/class_id", "/data/name"]),
        (changed(data={**EVENT["data"], "class_id": 5, "name": "n" * 201}), ["/data/class_id", "/data/name"]),
        (written({**EVENT, "data": {**EVENT["data"], "name": "\ud800"}}, ascii_only=True), ["/data/name"]),
        (written({**EVENT, "id": "\udfff"}, ascii_only=True), ["/id"]),
    ],
)
def test_each_wrong_field_is_pointed_at(value: bytes, pointers: list[str]) -> None:
    assert refused(value) == ("invalid", pointers)


@pytest.mark.parametrize(
    "unknown",
    [
        10**400,
        int("9" * 4000),
        1e308,
        "\ud800",
        {"\ud800": [None]},
        {"a": {"b": []}},
        json.loads("[" * 150 + "]" * 150),
        json.loads("[" * 300 + "]" * 300),
        "\x00",
    ],
)
def test_an_unknown_field_is_ignored_whatever_it_holds(unknown: object) -> None:
    plain = taken(changed())
    assert taken(written({**EVENT, "extension": unknown}, ascii_only=True)) == plain
    assert taken(written({**EVENT, "data": {**EVENT["data"], "more": unknown}}, ascii_only=True)) == plain
    assert taken(written({**EVENT, "partitionkey": unknown}, ascii_only=True)).structured() == plain.structured()


def test_a_number_of_more_digits_than_python_reads_is_still_json() -> None:
    assert taken(changed().replace(b'"id"', b'"huge": ' + b"9" * 9_999 + b', "id"', 1)) == taken(changed())


def test_of_a_member_given_twice_one_counts_in_every_copy() -> None:
    event = taken(changed().replace(b'"id"', b'"id": "first", "id"', 1))
    assert event == taken(changed())
    assert event.structured().count(b'"id"') == 1


def test_wrong_fields_without_end_are_cut_short() -> None:
    created = {"organisation_id": "s", "chat_id": "c", "name": "Ч", "chat_type": "other", "employee_ids": []}
    value = changed(type="school.chat.created.v1", data={**created, "student_ids": [0] * 5_000})
    rejection = decode(value, (), NOW)
    assert isinstance(rejection, Rejection)
    assert len(rejection.errors) == MOST_ERRORS + 1
    assert rejection.errors[-1].detail == "4900 more fields are wrong"


@pytest.mark.parametrize(
    ("sent", "reason", "pointer"),
    [
        (("ce_id", b"again"), "not_cloudevents", "/id"),
        (("CE_ID", b"e-1"), "not_cloudevents", "/id"),
        (("ce_subject", b"\xff"), "invalid", "/subject"),
        (("ce_time", b"2026-09-01T08:00:00+03:00"), "invalid", "/time"),
        (("ce_specversion", b"1.0"), "not_cloudevents", "/specversion"),
        (("ce_data_base64", b"e30="), "invalid", "/data_base64"),
        (("content-type", b"text/plain"), "invalid", "/datacontenttype"),
        (("content-type", b"application/cloudevents+avro"), "not_cloudevents", ""),
        (("content-type", b"application/cloudevents-batch+json"), "not_cloudevents", ""),
    ],
)
def test_a_header_that_is_twice_or_unreadable_or_of_another_format_is_refused(
    sent: Any, reason: str, pointer: str
) -> None:
    assert refused(written(EVENT["data"]), [*headers(EVENT), sent]) == (reason, [pointer])


@pytest.mark.parametrize("sent", [("ce_extension", b"\xff"), ("ce_", b""), ("ce_subject", None), ("x-\xff", b"\xff")])
def test_a_header_that_nobody_reads_is_ignored(sent: Any) -> None:
    assert taken(written(EVENT["data"]), [*headers(EVENT), sent, sent]) == taken(changed())


@pytest.mark.parametrize("value", [b"", b"<xml/>", b'{},"id":"other"', b"[]", b"\xff", b"NaN", b"[" * 9_999, b'"{}"'])
def test_binary_data_that_is_no_json_object_is_invalid(value: bytes) -> None:
    assert refused(value, [*headers(EVENT), BINARY]) == ("invalid", ["/data"])


def test_binary_data_cannot_speak_for_the_envelope() -> None:
    data = {**EVENT["data"], "id": "other", "source": "other"}
    assert taken(written(data), headers(EVENT)) == taken(changed())
    assert taken(written(EVENT["data"]), headers({**EVENT, "data": "{}"})) == taken(changed())


def test_a_structured_value_under_a_plain_content_type_is_binary_without_attributes() -> None:
    assert refused(changed(), [BINARY]) == ("not_cloudevents", ["/specversion", "/id", "/source", "/type"])


def test_an_event_has_at_most_64_kib() -> None:
    room = LARGEST_EVENT - len(changed())
    assert taken(changed() + b" " * room) == taken(changed())
    assert refused(changed() + b" " * (room + 1)) == ("too_large", [""])
    assert refused(b"[" * 5_000_000) == ("too_large", [""])
    data = written(EVENT["data"])
    fits = data + b" " * (LARGEST_EVENT - len(data))
    assert taken(fits, headers(EVENT)) == taken(changed())
    assert refused(fits + b" ", headers(EVENT)) == ("too_large", [""])


def test_a_rejection_says_whose_it_is_where_that_can_be_read() -> None:
    too_large = decode(changed() + b" " * LARGEST_EVENT, (), NOW)
    wrong_id = decode(changed(id="a\x00", time=None), (), NOW)
    assert isinstance(too_large, Rejection)
    assert isinstance(wrong_id, Rejection)
    assert (too_large.source, too_large.id) == (EVENT["source"], "e-1")
    assert (wrong_id.source, wrong_id.id) == (EVENT["source"], None)


def test_a_time_up_to_a_day_ahead_of_the_receipt_is_taken() -> None:
    day_ahead = NOW + timedelta(hours=24)
    assert taken(changed(time=day_ahead.isoformat())).time == day_ahead
    late = (day_ahead + timedelta(microseconds=1)).isoformat()
    assert refused(changed(time=late)) == ("time_too_far_ahead", ["/time"])
    assert refused(changed(time=late, data={})) == (
        "invalid",
        ["/data/organisation_id", "/data/class_id", "/data/name"],
    )


@pytest.mark.parametrize("event", RECORDED, ids=lambda event: event["id"])
def test_no_detail_quotes_what_was_sent(event: dict[str, Any]) -> None:
    secret = "Ёлкина"
    for field in event["data"]:
        for value in (secret + "\x00", [secret], {secret: secret}, secret * 400):
            outcome = decode(written({**event, "data": {**event["data"], field: value}}), (), NOW)
            if isinstance(outcome, Rejection):
                assert secret not in repr(outcome.errors)


def test_a_batch_gives_each_event_its_outcome_in_order() -> None:
    other, wrong = changed(id="e-2"), changed(id="e-3", time=None)
    outcomes = decode_batch(b" [ " + b" ,\n".join([other, wrong, b"7", changed()]) + b" ]\r\n", NOW)
    assert [getattr(outcome, "id", None) for outcome in outcomes] == ["e-2", "e-3", None, "e-1"]
    assert [outcome.reason for outcome in outcomes if isinstance(outcome, Rejection)] == ["invalid", "not_cloudevents"]
    assert decode_batch(b"[]", NOW) == decode_batch(b"\t[ \n] ", NOW) == []


def test_one_event_of_a_batch_may_be_too_large_as_it_was_sent() -> None:
    padded = changed()[:-1] + b" " * LARGEST_EVENT + b"}"
    large, fits = decode_batch(b"[" + padded + b"," + changed() + b"]", NOW)
    assert isinstance(large, Rejection)
    assert (large.reason, large.id) == ("too_large", "e-1")
    assert fits == taken(changed())


def test_one_event_of_a_batch_that_no_store_holds_leaves_the_rest() -> None:
    wrong = written({**EVENT, "data": {**EVENT["data"], "name": "\ud800"}}, ascii_only=True)
    rejection, event = decode_batch(b"[" + wrong + b"," + changed() + b"]", NOW)
    assert isinstance(rejection, Rejection)
    assert event == taken(changed())


NO_ARRAYS = [
    b"", b"{}", b"null", b"[", b"[,]", b"[{},]", b"[{} {}]", b"[]]", b"[] x", b"[NaN]", b"[\xff]", b"\xef\xbb\xbf[]",
    b"[" * 100_000, changed(), b"[" + changed(), "[]".encode("utf-16"),
]  # fmt: skip


@pytest.mark.parametrize("body", NO_ARRAYS)
def test_a_body_that_is_no_array_is_refused_whole(body: bytes) -> None:
    with pytest.raises(NotABatch):
        decode_batch(body, NOW)


# From here on: whatever comes.

text = st.text(alphabet=st.characters(exclude_categories=()), max_size=20)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | text | st.sampled_from(["class:5a", "\x00", ""])
anything = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(text, inner), max_leaves=8)
names = st.sampled_from(["content-type", "Content-Type", "ce_id", "ce_source", "ce_type", "ce_time", "CE_ID", "ce-id"])
values = st.none() | st.binary(max_size=20) | st.sampled_from([b"application/cloudevents+json", b"1.0", b'"a\\"%41"'])
any_headers = st.lists(st.tuples(names | text, values), max_size=6)
bindings = st.sampled_from([KAFKA, HTTP])
unhurried = settings(deadline=None)  # a busy machine is no failure


def settled(outcome: object) -> None:
    """An outcome is a rejection that any store holds, or an event that its own writing gives again."""
    if isinstance(outcome, Rejection):
        for part in (outcome.source, outcome.id, *(error.pointer + error.detail for error in outcome.errors)):
            assert "\x00" not in (part or "").encode().decode()
        return
    assert isinstance(outcome, Event)
    value = outcome.structured()
    again = taken(value)
    assert again == outcome
    assert again.structured() == value
    assert again.same_content(outcome)
    assert b"\\u0000" not in value
    data = written(json.loads(value)["data"])
    assert taken(data, headers(json.loads(value))).structured() == value


@unhurried
@given(value=st.binary(max_size=200), sent=any_headers, binding=bindings)
def test_any_bytes_have_an_outcome(value: bytes, sent: Any, binding: Binding) -> None:
    settled(decode(value, sent, NOW, binding))


@unhurried
@given(value=anything, sent=any_headers, binding=bindings)
def test_any_json_has_an_outcome(value: object, sent: Any, binding: Binding) -> None:
    settled(decode(written(value, ascii_only=True), sent, NOW, binding))


@unhurried
@given(st.sampled_from(RECORDED), st.data())
def test_a_recorded_event_with_a_field_changed_has_an_outcome(event: dict[str, Any], draw: st.DataObject) -> None:
    place = draw.draw(st.sampled_from(["envelope", "data"]))
    target = dict(event if place == "envelope" else event["data"])
    for field in draw.draw(st.lists(st.sampled_from(sorted(target)) | text, min_size=1, max_size=3)):
        target[field] = draw.draw(anything)
    mutated = target if place == "envelope" else {**event, "data": target}
    settled(decode(written(mutated, ascii_only=True), (), NOW))


@unhurried
@given(st.sampled_from(RECORDED), st.integers(0, 400), st.integers(0, 3), st.binary(max_size=3))
def test_a_recorded_event_with_bytes_changed_has_an_outcome(
    event: dict[str, Any], at: int, cut: int, put: bytes
) -> None:
    value = written(event)
    settled(decode(value[:at] + put + value[at + cut :], (), NOW))


@unhurried
@given(st.sampled_from(RECORDED), any_headers, bindings)
def test_a_recorded_event_under_any_headers_has_an_outcome(event: dict[str, Any], sent: Any, binding: Binding) -> None:
    prefix = binding.prefix
    settled(decode(written(event["data"]), [*headers(event, prefix), *sent], NOW, binding))


@unhurried
@given(st.binary(max_size=60) | st.lists(anything, max_size=3).map(lambda value: written(value, ascii_only=True)))
def test_any_body_is_a_batch_or_none(body: bytes) -> None:
    try:
        outcomes = decode_batch(body, NOW)
    except NotABatch:
        return
    for outcome in outcomes:
        settled(outcome)


LONG = LARGEST_EVENT + 10


@pytest.mark.parametrize(
    "large",
    [
        json.dumps("я" * LONG, ensure_ascii=False),
        json.dumps('"[{\\' * LONG),
        "9" * LONG,
        "-1." + "0" * LONG,
        "[" + "{}," * LONG + "{}]",
        '{"a": [{"]": "}"}, ' + "1," * LONG + "1]}",
        json.dumps(EVENT | {"id": "x" * LONG}),
    ],
    ids=["text", "text of marks", "number", "fraction", "items", "fields", "event"],
)
def test_whatever_one_element_of_a_batch_is_the_others_are_read(large: str) -> None:
    good = json.dumps(EVENT)
    read = decode_batch(f"[{good},{large} ,{good}, 1,{large}]".encode(), NOW)
    reasons = [one.reason if isinstance(one, Rejection) else None for one in read]
    assert reasons == [None, "too_large", None, "not_cloudevents", "too_large"]


@pytest.mark.parametrize("wrong", ['{"a":}', '"a', "[1,]", "{", "nul", "NaN", "1 2", '"\\x"', "]"])
@pytest.mark.parametrize("behind", [0, 5_000, 200_000])
def test_a_batch_of_which_an_element_is_no_json_is_none(wrong: str, behind: int) -> None:
    with pytest.raises(ValueError, match="no"):
        decode_batch(f'[1, {wrong}, "{"a" * behind}"]'.encode(), NOW)


def test_an_event_of_which_there_is_far_too_much_is_not_even_read() -> None:
    large = decode(json.dumps(EVENT | {"more": "a" * LARGEST_READ}).encode(), (), NOW)
    assert isinstance(large, Rejection)
    assert (large.reason, large.source, large.id) == ("too_large", None, None)
