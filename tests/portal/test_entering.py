"""The hand-over: whom it lets in, and every way to get in by one that is not meant for it."""

from __future__ import annotations

import base64
import hmac
import json
from types import SimpleNamespace
from typing import cast

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import Response
from structlog.testing import capture_logs

from adapters.portal.dependencies import Portal
from adapters.portal.guests import give_cookie
from adapters.portal.hand_over import leads_back, origin_of
from rollcall.portal import StoredDoor
from sync.errors import StoreUnavailable
from tests.portal.conftest import BACK, Doorway, public_pem

PORTAL = cast(Portal, SimpleNamespace(secure=True))
OUTDATED = "Ссылка устарела. Войдите ещё раз из вашей школьной системы."


async def refused(door: Doorway, token: str) -> str:
    """That nobody is let in by a token, and why; the token is in no address and in no log."""
    door.session.cookie_jar.clear()
    with capture_logs() as logs:
        answer = await door.get(f"/enter?token={token}")
    assert (answer.status, answer.location, answer.headers.get("Set-Cookie")) == (303, "/my/outdated", None)
    said = await door.get("/my/outdated")
    assert (said.status, OUTDATED in said.text) == (403, True)
    assert (await door.get("/my/chats")).status == 403
    [line] = [line for line in logs if line["event"] == "hand_over.refused"]
    assert "s1-p" not in str(logs)
    assert not token or token not in str(logs)
    return str(line["why"])


async def test_whom_the_system_signs_in_sees_their_page(door: Doorway) -> None:
    answer = await door.get(f"/enter?token={door.token()}")
    assert (answer.status, answer.location) == (303, "/my/chats")
    shown = await door.get("/my/chats")
    assert shown.status == 200
    assert "Анна П. Школа № 5" in shown.text
    assert f"{BACK}/desk" in shown.links()


async def test_the_same_by_a_form_of_another_site(door: Doorway) -> None:
    answer = await door.post("/enter", origin="https://dnevnik.test", token=door.token(page="link"))
    assert (answer.status, answer.location) == (303, "/my/link")
    assert (await door.get("/my/link")).status == 200


@pytest.mark.parametrize(
    ("page", "path"),
    [
        ("link", "/my/link"),
        ("chats", "/my/chats"),
        ("conferences", "/my/chats"),
        ("registry", "/my/chats"),
        ("security", "/my/security"),
    ],
)
async def test_each_page_that_may_be_asked_for(door: Doorway, page: str, path: str) -> None:
    assert (await door.get(f"/enter?token={door.token(page=page)}")).location == path


async def test_the_cookie_is_for_us_alone_and_no_script_reads_it(door: Doorway) -> None:
    cookie = (await door.get(f"/enter?token={door.token()}")).headers["Set-Cookie"]
    name, *attributes = cookie.lower().split("; ")
    assert name.startswith("rollcall=")  # `__host-` and `secure` where people reach us by https
    assert set(attributes) == {"httponly", "path=/", "samesite=lax"}


async def test_it_works_once(door: Doorway) -> None:
    token = door.token()
    assert (await door.get(f"/enter?token={token}")).location == "/my/chats"
    assert await refused(door, token) == "used"


async def test_a_minute_and_no_longer(door: Doorway) -> None:
    token = door.token()
    door.road.clock.turn(seconds=60)
    assert await refused(door, token) == "stale"


async def test_one_for_longer_than_a_minute(door: Doorway) -> None:
    now = int(door.road.clock.now().timestamp())
    assert await refused(door, door.token(exp=now + 61)) == "wrong_times"
    assert await refused(door, door.token(iat=now + 3600, exp=now + 3650)) == "wrong_times"
    assert await refused(door, door.token(iat=now, exp=now)) == "stale"
    assert await refused(door, door.token(iat=now - 10**12, exp=10**18)) == "wrong_times"


async def test_one_of_another_key_than_the_issuers(door: Doorway) -> None:
    foreign = jwt.encode(door.claims(), Ed25519PrivateKey.generate(), "EdDSA")
    assert await refused(door, foreign) == "wrong_signature"


async def test_one_of_a_system_that_nobody_registered(door: Doorway) -> None:
    assert await refused(door, door.token(iss="somebody")) == "unknown_issuer"


async def test_one_system_does_not_sign_as_another(door: Doorway) -> None:
    other = Ed25519PrivateKey.generate()
    await door.issuer("other", public_key=public_pem(other))
    assert await refused(door, jwt.encode(door.claims(), other, "EdDSA")) == "wrong_signature"


async def test_an_issuer_of_some_schools_signs_for_these_alone(door: Doorway) -> None:
    await door.issuer(organisations=["s2"])
    assert await refused(door, door.token()) == "not_its_school"
    await door.issuer(organisations=["s1", "s2"])
    assert (await door.get(f"/enter?token={door.token()}")).location == "/my/chats"


async def test_no_signature_and_signatures_of_other_kinds(door: Doorway) -> None:
    def part(said: dict[str, str]) -> str:
        return base64.urlsafe_b64encode(json.dumps(said).encode()).rstrip(b"=").decode()

    claims = door.claims()
    assert await refused(door, f"{part({'alg': 'none', 'typ': 'JWT'})}.{part(claims)}.") == "wrong_signature"
    secret = public_pem(door.key).encode()
    head, body = part({"alg": "HS256", "typ": "JWT"}), part(claims)
    signed = hmac.digest(secret, f"{head}.{body}".encode(), "sha256")
    by_public_key = f"{head}.{body}.{base64.urlsafe_b64encode(signed).rstrip(b'=').decode()}"
    assert await refused(door, by_public_key) == "wrong_signature"


async def test_one_for_somebody_else(door: Doorway) -> None:
    assert await refused(door, door.token(aud="https://other.test")) == "other_audience"
    assert await refused(door, door.token(aud=[door.url, "https://other.test"])) == "other_audience"
    assert await refused(door, door.token(aud=None)) in {"wrong_signature", "other_audience"}


@pytest.mark.parametrize(
    "said",
    [
        {"sub": None}, {"sub": ""}, {"sub": "x" * 200}, {"sub": 7}, {"sub": "a\0"}, {"role": "director"},
        {"role": None}, {"page": "money"}, {"page": None}, {"organisation_id": None}, {"jti": None}, {"jti": ""},
        {"jti": "я"}, {"jti": "j" * 300}, {"exp": None}, {"iat": None}, {"exp": "soon"}, {"return_url": 7},
    ],
)  # fmt: skip
async def test_claims_that_are_missing_or_make_no_sense(door: Doorway, said: dict[str, object]) -> None:
    token = jwt.api_jws.encode(json.dumps({**door.claims(), **said}).encode(), door.key, "EdDSA")
    assert await refused(door, token) in {"wrong_claims", "wrong_signature"}


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "я", "e30.e30.e30"])
async def test_what_is_no_token(door: Doorway, token: str) -> None:
    assert await refused(door, token) == "unreadable"


async def test_what_is_too_long_is_not_looked_at(door: Doorway) -> None:
    assert await refused(door, "ey" * 5000) == "too_long"


async def test_a_token_of_thousands_of_brackets(door: Doorway) -> None:
    deep = base64.urlsafe_b64encode(b"[" * 5499).decode()
    assert await refused(door, f"eyJhbGciOiJFZERTQSJ9.{deep}.e30") == "unreadable"


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.test/", "https://dnevnik.test.evil.test/", "https://dnevnik.test@evil.test/", "//dnevnik.test/",
        "http://dnevnik.test/", "https://dnevnik.test:444/", "javascript:alert(1)", "https://dnevnik.test\\@evil.test/",
        "https://evil.test\\@dnevnik.test/",
        "https:/dnevnik.test", "/desk", "https://dnevnik.test\t.evil.test/", "https://dnevniк.test/", "data:a,x",
    ],
)  # fmt: skip
async def test_it_leads_back_nowhere_else(door: Doorway, url: str) -> None:
    assert await refused(door, door.token(return_url=url)) == "foreign_return_url"


def test_where_it_may_lead_back() -> None:
    assert leads_back("https://dnevnik.test/a?b#c", [BACK])
    assert leads_back("https://DNEVNIK.test:443", [BACK])
    assert origin_of("http://[::1]:8080/x") == "http://[::1]:8080"
    assert origin_of("https://dnevnik.test:99999/") is None
    assert origin_of("https://somebody@dnevnik.test/") is None


async def test_whom_the_school_does_not_know(door: Doorway) -> None:
    assert await refused(door, door.token(sub="nobody")) == "unknown_person"
    assert await refused(door, door.token(organisation_id="s9")) == "unknown_person"
    await door.road.post([])


async def test_pages_are_nobodys_without_a_session(door: Doorway) -> None:
    for path in ("/my/chats", "/my/link", "/my/link/phone", "/my/link/vk", "/my/security", "/my/unlink/max"):
        answer = await door.get(path)
        assert (answer.status, OUTDATED in answer.text) == (403, True), path
    assert (await door.get("/my/nothing")).status == 404


async def test_a_session_ends_when_it_is_idle_and_after_four_hours(door: Doorway) -> None:
    await door.enter()
    for _ in range(8):
        door.road.clock.turn(minutes=29)
        assert (await door.get("/my/chats")).status == 200
    door.road.clock.turn(minutes=29)  # 4 h and 21 min in all
    assert (await door.get("/my/chats")).status == 403
    await door.enter()
    door.road.clock.turn(minutes=30)
    assert (await door.get("/my/chats")).status == 403


async def test_who_comes_in_anew_ends_what_was_before(door: Doorway) -> None:
    await door.enter()
    cookies = {each.key: each.value for each in door.session.cookie_jar}
    await door.enter(sub="s1-g", role="guardian")
    assert "Мария П." in (await door.get("/my/chats")).text
    async with door.another_browser() as thief, thief.get(f"{door.url}/my/chats", cookies=cookies) as answer:
        assert answer.status == 403


async def test_an_issuer_that_is_removed_or_replaced_ends_its_sessions(door: Doorway) -> None:
    await door.enter()
    await door.issuer()
    assert (await door.get("/my/chats")).status == 403


async def test_nobody_reads_another_persons_page(door: Doorway) -> None:
    await door.enter()
    for query in ("?person_id=s1-g", "?sub=s1-g", "?session=x"):
        shown = (await door.get(f"/my/chats{query}")).text
        assert ("Анна П." in shown, "Мария" in shown) == (True, False)
    async with door.another_browser() as other:
        async with other.get(f"{door.url}/my/chats") as answer:
            assert answer.status == 403
        for forged in ("", "x", "' OR 1=1 --", "0" * 64):
            async with other.get(f"{door.url}/my/chats", cookies={"rollcall": forged}) as answer:
                assert answer.status == 403


def test_over_https_the_cookie_is_for_this_host_alone_and_goes_nowhere_in_the_clear() -> None:
    answer = Response()
    give_cookie(answer, PORTAL, "secret")
    name, *attributes = answer.headers["set-cookie"].lower().split("; ")
    assert name == "__host-rollcall=secret"
    assert set(attributes) == {"httponly", "path=/", "samesite=lax", "secure"}


async def test_while_the_database_is_away_the_page_says_to_try_again(
    door: Doorway, monkeypatch: pytest.MonkeyPatch
) -> None:
    await door.enter()

    async def away(*_: object) -> None:
        raise StoreUnavailable("away")

    monkeypatch.setattr(StoredDoor, "session", away)
    shown = await door.get("/my/chats")
    assert (shown.status, "Попробуйте ещё раз через минуту." in shown.text) == (503, True)
