"""Messages for operators: a number and its word go together."""

from __future__ import annotations

import pytest

from sync.wording import number_of


@pytest.mark.parametrize(
    ("number", "told"), [(0, "0 chats are"), (1, "1 chat is"), (2, "2 chats are"), (21, "21 chats are")]
)
def test_a_word_has_the_form_that_goes_with_its_number(number: int, told: str) -> None:
    assert number_of(number, "chat is", "chats are") == told


def test_where_only_one_is_given_several_have_an_s() -> None:
    assert [number_of(number, "person") for number in (1, 5)] == ["1 person", "5 persons"]
