"""Reading the platform's answers, sensible or not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from adapters.max import payloads
from sync.errors import Failure, PlatformError
from sync.ids import AccountId
from sync.platform import Refusal

PRIVACY = Refusal("add.participant.privacy", for_good=True)
PASSING = Refusal("add.participant.failed", for_good=False)


@pytest.mark.parametrize(
    ("account", "possible"),
    [("1", True), (str(2**63 - 1), True), (str(2**63), False), ("0", False), ("-5", False), ("007", False),
     ("", False), ("x", False), ("٣", False), (" 1", False), ("1" * 5000, False)],
)  # fmt: skip
def test_a_user_id_is_a_positive_int64_as_it_prints(account: str, possible: bool) -> None:
    assert payloads.is_user_id(AccountId(account)) is possible


@pytest.mark.parametrize("success", [True, False])
def test_a_user_in_either_list_failed_whatever_success_says(success: bool) -> None:
    details = [{"error_code": "add.participant.privacy", "user_ids": [2, 3]}]
    answer = {"success": success, "failed_user_ids": [1, 2], "failed_user_details": details}
    assert payloads.failures(answer) == {"1": PASSING, "2": PRIVACY, "3": PRIVACY}


def test_lists_may_be_null_or_missing() -> None:
    assert payloads.failures({"success": True, "failed_user_ids": None}) == {}


@pytest.mark.parametrize(
    ("read", "answer"),
    [
        (payloads.chat_id, {"success": True}),
        (payloads.chat_id, {"success": False}),
        (payloads.chat_id, {"chat_id": "-1"}),
        (payloads.chat_id, {"chat_id": True}),
        (payloads.failures, {"failed_user_ids": {}}),
        (payloads.failures, {"failed_user_ids": 5}),
        (payloads.failures, {"failed_user_details": ["x"]}),
        (payloads.roles, {}),
        (payloads.roles, {"members": 1}),
        (payloads.roles, {"members": [{"user_id": "1"}]}),
        (payloads.marker, {"marker": "1"}),
        (payloads.own_id, {}),
    ],
)
def test_an_answer_without_sense_leaves_all_unconfirmed(read: Callable[[Any], object], answer: Any) -> None:
    with pytest.raises(PlatformError) as caught:
        read(answer)
    assert caught.value.failure is Failure.UNCONFIRMED


def test_an_owner_is_an_administrator() -> None:
    members = [{"user_id": 1, "is_owner": True, "is_admin": False}, {"user_id": 2, "is_admin": True}, {"user_id": 3}]
    assert payloads.roles({"members": members}) == {"1": "admin", "2": "admin", "3": "member"}
