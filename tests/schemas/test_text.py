"""The narrow types: what every store and platform can hold, and nothing else."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from pydantic import ConfigDict, TypeAdapter, ValidationError

from schemas import text


def read(kind: Any, value: object) -> Any:
    return TypeAdapter(kind, config=ConfigDict(strict=True)).validate_python(value)


@pytest.mark.parametrize(
    ("kind", "longest"),
    [(text.Id, 128), (text.ChatId, 160), (text.EventId, 256), (text.Source, 512), (text.Name, 200)],
)
def test_a_text_has_one_character_to_its_longest(kind: Any, longest: int) -> None:
    assert read(kind, "Я") == "Я"
    assert read(kind, "Я" * longest) == "Я" * longest
    for wrong in ("", "я" * (longest + 1)):
        with pytest.raises(ValidationError):
            read(kind, wrong)


@pytest.mark.parametrize(("kind", "most"), [(text.ChatId, 600), (text.Source, 1024)])
def test_what_is_a_large_part_of_a_key_has_so_many_bytes(kind: Any, most: int) -> None:
    longest = "😀" * (most // 4)
    assert read(kind, longest) == longest
    with pytest.raises(ValidationError, match=f"at most {most} bytes"):
        read(kind, longest + "ä")


@pytest.mark.parametrize("kind", [text.Id, text.ChatId, text.EventId, text.Source, text.Name, text.Text])
@pytest.mark.parametrize("wrong", ["a\x00b", "\x00", "a\n\x00", "\ud800", "a\udfff", 5, True, None, b"a", ["a"]])
def test_a_text_that_no_store_holds_or_that_is_none_is_refused(kind: Any, wrong: object) -> None:
    with pytest.raises(ValidationError):
        read(kind, wrong)


IDS = [text.Id, text.ChatId, text.EventId, text.Source, text.Subject]


@pytest.mark.parametrize("kind", IDS)
@pytest.mark.parametrize("kept", ["a b", " a", "a\xa0", "é", "e\u0301", "'; --", "%00", "\\u0000", "\u2028a", "\ue000"])
def test_an_id_is_opaque_and_kept_as_it_is(kind: Any, kept: str) -> None:
    assert read(kind, kept) == kept


@pytest.mark.parametrize("kind", IDS)
@pytest.mark.parametrize(
    "wrong",
    ["", " ", "\xa0\u2003", "\u2028", "a\nb", "a\t", "\x01", "\x7f", "a\x85", "\ufeffa", "a\xadb", "👩\u200d👩"],
)
def test_an_id_that_is_blank_or_has_what_nobody_sees_is_refused(kind: Any, wrong: str) -> None:
    with pytest.raises(ValidationError):
        read(kind, wrong)


@pytest.mark.parametrize("kind", [text.Name, text.PersonName, text.CleanText])
def test_a_name_is_cleaned(kind: Any) -> None:
    assert read(kind, "\ufeff Ан\xadна\r\n\tМария\xa0 ") == "Анна Мария"
    for wrong in ("a\x00", "a\x1b", "\x85\x86", "\x1f"):
        with pytest.raises(ValidationError, match="no control characters but white space"):
            read(kind, wrong)


@pytest.mark.parametrize("nothing", ["", " ", "\n\t", "\u200b", "\xad\xa0\u200d"])
def test_of_a_name_something_has_to_be_left_unless_it_may_be_empty(nothing: str) -> None:
    assert (read(text.PersonName, nothing), read(text.CleanText, nothing)) == ("", "")
    with pytest.raises(ValidationError, match="1 to 200 characters once cleaned"):
        read(text.Name, nothing)


@pytest.mark.parametrize("kind", [text.Name, text.PersonName])
def test_a_name_is_measured_once_it_is_cleaned(kind: Any) -> None:
    assert read(kind, " \xad" * 200 + "я" * 200) == "я" * 200
    with pytest.raises(ValidationError, match="to 200 characters once cleaned"):
        read(kind, "я" * 201)


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-09-01T08:00:00+03:00", datetime(2026, 9, 1, 5, tzinfo=UTC)),
        ("2026-09-01T05:00:00Z", datetime(2026, 9, 1, 5, tzinfo=UTC)),
        ("2026-09-01t05:00:00z", datetime(2026, 9, 1, 5, tzinfo=UTC)),
        ("2026-09-01T05:00:00-00:00", datetime(2026, 9, 1, 5, tzinfo=UTC)),
        ("2026-09-01T05:00:00.1Z", datetime(2026, 9, 1, 5, 0, 0, 100_000, tzinfo=UTC)),
        ("2026-09-01T05:00:00.123456999Z", datetime(2026, 9, 1, 5, 0, 0, 123_456, tzinfo=UTC)),
        ("1900-01-01T00:00:00Z", datetime(1900, 1, 1, tzinfo=UTC)),
        ("2999-12-31T23:59:59.999999Z", datetime(2999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)),
        ("2024-02-29T12:00:00+14:00", datetime(2024, 2, 28, 22, tzinfo=UTC)),
    ],
)
def test_an_instant_is_read_as_utc_to_the_microsecond(written: str, moment: datetime) -> None:
    found = read(text.Instant, written)
    assert found == moment
    assert found.utcoffset() == timedelta(0)


def test_an_aware_moment_of_any_zone_is_an_instant() -> None:
    assert read(text.Instant, datetime(2026, 9, 1, 8, tzinfo=timezone(timedelta(hours=3)))).hour == 5


@pytest.mark.parametrize(
    "wrong",
    [
        "2026-09-01T08:00:00",
        "2026-09-01T08:00Z",
        "2026-09-01 08:00:00Z",
        "2026-09-01",
        "20260901T080000Z",
        "2026-W36-2T08:00:00Z",
        "2026-09-01T08:00:00,5Z",
        "2026-09-01T08:00:00.Z",
        "2026-09-01T24:00:00Z",
        "2026-09-01T08:00:61Z",
        "2026-09-01T08:00:00+24:00",
        "2026-09-01T08:00:00+03:60",
        "2026-09-01T08:00:00+0300",
        "2026-09-01T08:00:00+03",
        "2026-13-01T08:00:00Z",
        "2026-02-29T08:00:00Z",
        "2026-09-01T08:00:00Z\n",
        " 2026-09-01T08:00:00Z",
        "٢٠٢٦-09-01T08:00:00Z",
        "1900-01-01T00:00:00+03:00",
        "2999-12-31T23:00:00-03:00",
        "0001-01-01T00:00:00+03:00",
        "9999-12-31T23:59:59-03:00",
        "1756702800",
        "",
        1756702800,
        1756702800.5,
        None,
        True,
        datetime(2026, 9, 1),  # noqa: DTZ001 - the naive one is the case
        date(2026, 9, 1),
    ],
)
def test_what_is_no_instant_with_an_offset_in_its_years_is_refused(wrong: object) -> None:
    with pytest.raises(ValidationError):
        read(text.Instant, wrong)


def test_a_day_is_a_date_of_the_years_1900_to_2999() -> None:
    assert read(text.Day, "2024-02-29") == date(2024, 2, 29)
    assert read(text.Day, "1900-01-01") == date(1900, 1, 1)
    assert read(text.Day, "2999-12-31") == date(2999, 12, 31)
    assert read(text.Day, date(2026, 9, 1)) == date(2026, 9, 1)


@pytest.mark.parametrize(
    "wrong",
    [
        "1899-12-31",
        "3000-01-01",
        "0001-01-01",
        "9999-12-31",
        "2026-02-29",
        "20260901",
        "2026-W36-2",
        "2026-9-1",
        "2026-09-01T00:00:00",
        "2026-09-01\n",
        "٢٠٢٦-09-01",
        "",
        20260901,
        None,
        datetime(2026, 9, 1, tzinfo=UTC),
    ],
)
def test_what_is_no_such_day_is_refused(wrong: object) -> None:
    with pytest.raises(ValidationError):
        read(text.Day, wrong)


def test_a_zone_is_one_of_the_iana_list_old_names_included() -> None:
    for zone in ("Europe/Moscow", "Asia/Kamchatka", "UTC", "W-SU", "US/Eastern"):
        assert read(text.TimeZone, zone) == zone


@pytest.mark.parametrize(
    "wrong", ["Europe/Mosow", "europe/moscow", "MSK", "+03:00", "", "../etc/passwd", "posixrules", "Europe", "a\x00"]
)
def test_a_zone_that_the_list_lacks_is_refused(wrong: str) -> None:
    with pytest.raises(ValidationError):
        read(text.TimeZone, wrong)


@pytest.mark.parametrize("good", ["1", "10", "9223372036854775807"])
def test_an_account_is_a_decimal_number_that_fits_eight_bytes(good: str) -> None:
    assert read(text.AccountId, good) == good


@pytest.mark.parametrize(
    "wrong",
    ["0", "01", "-1", "+1", "1.0", "1e3", "9223372036854775808", "9" * 20, "", " 1", "1\n", "١", "0x1", "id1", 1, None],
)
def test_another_number_is_no_account(wrong: object) -> None:
    with pytest.raises(ValidationError):
        read(text.AccountId, wrong)


@pytest.mark.parametrize("wrong", ["2026", "2026-2027", "2026/27", "2026/2027\n", "٢٠٢٦/2027", "2026/2027/2028", ""])
def test_a_school_year_is_two_years_of_four_digits(wrong: str) -> None:
    assert read(text.SchoolYear, "2026/2027") == "2026/2027"
    with pytest.raises(ValidationError):
        read(text.SchoolYear, wrong)


def test_an_id_twice_in_a_list_counts_once_and_the_order_stays() -> None:
    assert read(text.Ids, ["b", "a", "b", "c", "a"]) == ("b", "a", "c")
    assert read(text.Ids, []) == ()


@pytest.mark.parametrize("wrong", ["ab", {"a": 1}, [1], [None], [""], ["a\x00"], None, 5])
def test_what_is_no_list_of_ids_is_refused(wrong: object) -> None:
    with pytest.raises(ValidationError):
        read(text.Ids, wrong)


@pytest.mark.parametrize(
    ("chat_id", "default"),
    [("staff:s", True), ("class:5a", True), ("parents:5a", True), ("staff:", True), ("Class:5a", False), ("x", False)],
)
def test_default_chats_are_told_by_their_prefix(chat_id: str, default: bool) -> None:
    assert text.is_default_chat(chat_id) is default
