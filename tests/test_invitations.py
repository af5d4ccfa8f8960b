"""Where people are sent, and what they are told."""

from __future__ import annotations

import pytest

from sync.invitations import ACCOUNTS, LONGEST_ADDRESS, invitation, is_address, steps


@pytest.mark.parametrize(
    "url",
    [
        "https://es.bars.test/auth/login?next=sferum",
        "https://school.test:8443/",
        "http://localhost:8070/sign-in",
        "http://127.0.0.1/",
    ],
)
def test_people_may_be_sent_to_a_schools_own_sign_in(url: str) -> None:
    assert is_address(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "school.test",
        "http://school.test/",
        "ftp://school.test/",
        "javascript:alert(1)",
        "https://",
        "https://school.test:no/",
        "https://mos.ru@elsewhere.test/",
        "https://school.test/\n",
        "https://school.test/a b",
        "https://школа.test/",
        "https://school.test/" + "a" * LONGEST_ADDRESS,
    ],
)
def test_they_are_sent_nowhere_else(url: str) -> None:
    assert not is_address(url)


@pytest.mark.parametrize("provider", ACCOUNTS)
@pytest.mark.parametrize("url", ["https://school.test/", None])
def test_the_words_go_with_the_accounts_and_the_address(provider: str, url: str | None) -> None:
    told = invitation(provider, ["7 Б", "7 Б Родители"], url)
    assert "«7 Б», «7 Б Родители»" in told
    assert f"аккаунт {ACCOUNTS[provider]}." in told
    assert ("https://school.test/" in told) == (url is not None)
    assert len(steps(provider, url)) == 3
    assert ("QR" in " ".join(steps(provider, url))) == (url is not None)
