"""What the platform's answers mean for the call that met them."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.vk.errors import gravest, refusal, told, user_refusal
from adapters.vk.methods import script
from sync.errors import Failure, PlatformError
from sync.platform import Refusal

CLASSES = {
    (6,): (Failure.BUSY, 1.0),
    (9, 29, 982): (Failure.BUSY, 300.0),
    (1, 10, 36): (Failure.UNCONFIRMED, 60.0),
    (14, 17, 24, 25): (Failure.CREDENTIALS, 300.0),
    (5, 27, 28): (Failure.CREDENTIALS, None),
    (15, 917, 925, 931, 932): (Failure.NEEDS_PERSON, None),
    (927, 945, 946): (Failure.GONE, None),
    (935,): (Failure.UNCONFIRMED, None),
    (3, 8, 12, 13, 18, 100, 936, 939, 947, 967, 981): (Failure.REFUSED, None),
}


@pytest.mark.parametrize(("number", "meant"), [(number, meant) for of, meant in CLASSES.items() for number in of])
def test_an_error_means(number: int, meant: tuple[Failure, float | None]) -> None:
    error = told({"error_code": number, "error_msg": "Иванова Анна, +79161234567"})
    assert (error.failure, error.retry_after_s) == meant
    assert str(error) == f"{meant[0].value}: vk.{number}"


@pytest.mark.parametrize("error", [None, [], {}, {"error_code": "6"}, {"error_code": True}, "error"])
def test_an_error_that_makes_no_sense_may_stand_for_anything(error: Any) -> None:
    assert (told(error).failure, told(error).code) == (Failure.UNCONFIRMED, "answer.malformed")


@pytest.mark.parametrize(
    ("status", "failure"),
    [(502, Failure.UNCONFIRMED), (404, Failure.BUSY), (429, Failure.BUSY), (413, Failure.REFUSED)],
)
def test_an_answer_that_is_not_the_apis_goes_by_its_status(status: int, failure: Failure) -> None:
    error = refusal(status, None, {})
    assert (error.failure, error.code) == (failure, f"http.{status}")


@pytest.mark.parametrize(
    ("number", "refused"),
    [
        (936, Refusal("vk.936", for_good=True)),
        (939, Refusal("vk.939", for_good=True)),
        (103, Refusal("chat.full", for_good=True)),
        (9, Refusal("vk.9", for_good=False)),
        (15, Refusal("vk.15", for_good=False)),
        (100, Refusal("vk.100", for_good=False)),
    ],
)
def test_only_known_refusals_of_a_user_are_for_good(number: int, refused: Refusal) -> None:
    assert user_refusal(told({"error_code": number})) == refused


def test_what_nobody_knows_is_said_before_what_is_refused() -> None:
    errors = [told({"error_code": number}) for number in (936, 925, 927, 9, 5, 10)]
    order = [gravest(errors[:count]).failure for count in range(1, len(errors) + 1)]
    assert order == [
        Failure.REFUSED, Failure.NEEDS_PERSON, Failure.GONE, Failure.BUSY, Failure.CREDENTIALS, Failure.UNCONFIRMED,
    ]  # fmt: skip
    assert isinstance(gravest(errors), PlatformError)


def test_a_script_holds_texts_as_texts() -> None:
    title = 'Кот "Васька"}); API.messages.removeChatUser({'
    assert script([("messages.editChat", {"chat_id": 1, "title": title}), ("users.get", {})]).count("API.") == 3
    assert script([("users.get", {})]) == "return [API.users.get({})];"
