"""Ids that are taken or refused, names that are cleaned: for any text there is."""

import re
from unicodedata import category

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schemas.characters import CLEANABLE_PATTERN, NAME_PATTERNS, OPAQUE_PATTERNS, cleaned, is_opaque

JOINER = "\u200d"
FAMILY, COUPLE, RAINBOW = "👩\u200d👩\u200d👧", "👩🏽\u200d❤\ufe0f\u200d👨🏻", "🏳\ufe0f\u200d🌈"
PIECES = st.sampled_from(
    ("a", "Я", "e\u0301", " ", "\n", "\xa0", "\xad", "\u200b", "\u200c", JOINER, "👩", "🏽", "❤", "\ufe0f")
)
TEXTS = st.one_of(st.text(), st.lists(PIECES).map("".join))
CLEANABLE = TEXTS.filter(lambda text: re.search(CLEANABLE_PATTERN, text) is not None)


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ("5 «А»", "5 «А»"),
        ("  5  «А» ", "5 «А»"),
        ("5\r\n«А»\x85", "5 «А»"),
        ("5\xa0\u2003\u2028«А»\u3000", "5 «А»"),
        ("5 \u200b «А»", "5 «А»"),
        ("Ма\xadте\xadма\xadтика", "Математика"),
        ("\u202e5А\u202c\u2066\u2069\ufeff", "5А"),
        ("می\u200cخواهم", "میخواهم"),
        ("क\u200dष", "कष"),
        ("e\u0301\ufe0f", "e\u0301\ufe0f"),
        (f"{FAMILY} {COUPLE} {RAINBOW}", f"{FAMILY} {COUPLE} {RAINBOW}"),
        (f"👩\u200b{JOINER}\xad👧", f"👩{JOINER}👧"),
        (f"👩{JOINER}{JOINER}👧", "👩👧"),
        (f"👩{JOINER} 👧{JOINER}a{JOINER}👩{JOINER}", "👩 👧a👩"),
        (f"\ufe0f{JOINER}👩", "\ufe0f👩"),
        ("🏴\U000e0067\U000e0062\U000e007f", "🏴"),
        ("\u200b", ""),
        ("\t \n", ""),
        ("", ""),
    ],
)
def test_a_name_is_what_is_seen_of_it_each_run_of_white_space_one_blank(sent: str, name: str) -> None:
    assert cleaned(sent) == name


@pytest.mark.parametrize("wrong", ["\x00", "a\x01", "a\x1cb", "\x7f", "\x84", "\x9f", "\ud800", "a\udfffb"])
def test_a_control_character_that_is_no_white_space_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="control character"):
        cleaned(wrong)


@given(CLEANABLE)
@example(f"👩\u200b{JOINER}👧")
def test_what_is_clean_stays_as_it_is(text: str) -> None:
    assert cleaned(cleaned(text)) == cleaned(text)


@given(CLEANABLE)
def test_a_clean_name_has_no_white_space_but_single_blanks_within_and_nothing_that_nobody_sees(text: str) -> None:
    name = cleaned(text)
    assert {category(each) for each in name if each != JOINER}.isdisjoint({"Cc", "Cf", "Zl", "Zp"})
    assert name.split(" ") == name.split() or name == ""
    for at in (at for at, each in enumerate(name) if each == JOINER):
        before, after = name[:at].removesuffix("\ufe0f")[-1:], name[at + 1 : at + 2]
        assert {category(before)[0], category(after)[0]}.isdisjoint("LMZ")
        assert JOINER not in {before, after}


@given(CLEANABLE)
def test_cleaning_takes_nothing_but_white_space_and_what_nobody_sees(text: str) -> None:
    def seen(any_text: str) -> str:
        return "".join(each for each in any_text if not each.isspace() and category(each) != "Cf")

    assert seen(cleaned(text)) == seen(text)


@given(CLEANABLE, CLEANABLE)
def test_the_words_of_a_name_are_cleaned_each_by_itself(one: str, other: str) -> None:
    assert cleaned(f"{one} {other}").split() == [*cleaned(one).split(), *cleaned(other).split()]


@given(TEXTS)
@example("a\x1c")
@example("\xa0")
def test_an_id_is_not_blank_and_has_neither_controls_nor_formats(text: str) -> None:
    kinds = {category(each) for each in text}
    assert is_opaque(text) == (kinds.isdisjoint({"Cc", "Cf"}) and (text.strip() != "" or text == ""))


@given(TEXTS.filter(bool))
@example("\x85")
@example("a\n")
@example("\U000e0041")
def test_the_published_patterns_refuse_nothing_that_is_taken(text: str) -> None:
    assert not is_opaque(text) or all(re.search(pattern, text) for pattern in OPAQUE_PATTERNS)
    if re.search(NAME_PATTERNS[0], text) is None:
        with pytest.raises(ValueError, match="control character"):
            cleaned(text)
    elif cleaned(text):
        assert re.search(NAME_PATTERNS[1], text)


@given(st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"])).filter(bool))
@example("\x85")
@example("\ufeff\xad")
@example("\u3000")
def test_below_the_astral_planes_they_refuse_all_that_is_not(text: str) -> None:
    if not text.endswith("\n"):  # which Python's $ lets pass, and ECMA's does not
        assert is_opaque(text) == all(re.search(pattern, text) for pattern in OPAQUE_PATTERNS)
    if all(re.search(pattern, text) for pattern in NAME_PATTERNS):
        assert cleaned(text)
