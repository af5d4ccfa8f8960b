"""Who of a class has not linked: to read and to print, by whom and of which school."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from tests.web.conftest import Api

CLASS = "/v1/organisations/s1/classes/5a/reminders"
PRINTED = f"{CLASS}.pdf"
URL = "https://sis.test/sign-in"


def named(person: str, last: str | None, first: str | None) -> dict[str, Any]:
    return {"person_id": person, "last_name": last, "first_name": first, "middle_name": None}


ADMINISTRATOR, TEACHER = named("s1-adm", None, None), named("s1-t", "Тарасова", "Мария")
PUPIL, PARENT = named("s1-p", "Ёжиков", "Пётр"), named("s1-g", "Иванова", "Анна")


def unlinked(person: dict[str, Any], reason: str, role: str = "member", **other: Any) -> dict[str, Any]:
    return {
        "person": person, "role": role, "reasons": [reason], "waits_for": "account", "guardian_of": [], **other
    }  # fmt: skip


async def a_class(api: Api) -> None:
    """A class of which nobody has linked, all but its administrator by name."""
    described = [
        api.event("school.person.described", organisation_id="s1", **each) for each in (TEACHER, PUPIL, PARENT)
    ]
    await api.post(*api.school(), *described)


async def printed(api: Api, path: str = PRINTED) -> str:
    status, body = await api.ask("GET", path)
    assert status == 200, body
    return " ".join("\n".join(page.extract_text() for page in PdfReader(BytesIO(body)).pages).split())


async def test_everybody_who_waits_is_listed_chat_by_chat(api: Api) -> None:
    await a_class(api)
    shown = await api.get(CLASS)
    staff = [
        unlinked(ADMINISTRATOR, "chat_administrator", "admin"),
        unlinked(TEACHER, "homeroom", "admin"),
    ]
    pupils = [staff[0], unlinked(PUPIL, "studies_in"), staff[1]]
    parents = [staff[0], unlinked(PARENT, "guardian_of:s1-p", guardian_of=[PUPIL]), staff[1]]
    assert shown["chats"] == [
        {"chat_id": "class:5a", "title": "5 А", "type": "class", "participants": 3, "unlinked": pupils},
        {"chat_id": "parents:5a", "title": "5 А Родители", "type": "parents", "participants": 3, "unlinked": parents},
    ]
    about = {name: shown[name] for name in ("organisation_id", "organisation_name", "class_id", "class_name")}
    assert list(about.values()) == ["s1", "Школа", "5a", "5 А"]
    assert (shown["provider"], shown["sign_in_url"]) == ("max", None)
    assert "«5 А», «5 А Родители»" in shown["invitation"]


async def test_whoever_links_is_not_listed_any_more(api: Api) -> None:
    await a_class(api)
    api.road.knows("1", "2", "3", "4")
    await api.post(*api.links(("s1-p", 1), ("s1-adm", 2)))
    await api.road.plan()
    left = [[each["person"]["person_id"] for each in chat["unlinked"]] for chat in (await api.get(CLASS))["chats"]]
    assert left == [["s1-t"], ["s1-g", "s1-t"]]
    await api.post(*api.links(("s1-g", 3), ("s1-t", 4)))
    await api.road.plan()
    shown = await api.get(CLASS)
    assert [(chat["participants"], chat["unlinked"]) for chat in shown["chats"]] == [(3, []), (3, [])]
    assert (await printed(api)).count("Привязали все.") == 2


async def test_an_account_of_the_other_provider_puts_nobody_in_and_so_is_none(api: Api) -> None:
    await a_class(api)
    await api.post(api.event("account.linked", person_id="s1-p", provider="vk_id", external_user_id="1"))
    await api.road.plan()
    assert "s1-p" in {each["person"]["person_id"] for each in (await api.get(CLASS))["chats"][0]["unlinked"]}


async def test_whoever_claims_an_account_that_another_holds_is_told_apart(api: Api) -> None:
    await a_class(api)
    await api.post(*api.links(("s1-g", 7)))
    await api.post(*api.links(("s1-p", 7)))
    await api.road.plan()
    waiting = {
        each["person"]["person_id"]: each["waits_for"] for each in (await api.get(CLASS))["chats"][0]["unlinked"]
    }
    assert waiting["s1-p"] == "account_held_by_another_person"
    assert "уже привязан к другой учетной записи" in await printed(api)


async def test_names_are_those_that_this_school_told(api: Api) -> None:
    await a_class(api)
    other = named("s1-p", "Другов", "Другой")
    await api.post(*api.school("s2", "6a"), api.event("school.person.described", organisation_id="s2", **other))
    assert "Другов" not in str(await api.get(CLASS))


async def test_who_is_kept_out_of_the_chats_is_not_asked_to_link(api: Api) -> None:
    await a_class(api)
    await api.post(api.event("school.person.blocked", organisation_id="s1", person_id="s1-p"))
    assert "s1-p" not in {each["person"]["person_id"] for each in (await api.get(CLASS))["chats"][0]["unlinked"]}


async def test_a_class_that_was_closed_reminds_of_nobody(api: Api) -> None:
    await a_class(api)
    await api.post(api.event("school.class.closed", organisation_id="s1", class_id="5a"))
    assert [chat["unlinked"] for chat in (await api.get(CLASS))["chats"]] == [[], []]


async def test_the_sheet_is_the_same_on_paper(api: Api) -> None:
    await a_class(api)
    await api.ask("PATCH", "/v1/organisations/s1", json={"sign_in_url": URL})
    shown = await printed(api)
    for part in ("Школа · 2 ноября 2026 г.", "Ёжиков Пётр", "Иванова Анна родитель: Ёжиков Пётр", URL):
        assert part in shown
    slips = await printed(api, f"{PRINTED}?sheet=slips")
    assert slips.count("Чтобы попасть в чаты") == 4


async def test_it_is_sent_as_a_pdf_that_nobody_keeps(api: Api) -> None:
    await a_class(api)
    async with api.session.get(api.url + PRINTED, headers={"Authorization": f"Bearer {api.token}"}) as response:
        assert (response.content_type, response.headers["Cache-Control"]) == ("application/pdf", "no-store")
        assert (await response.read()).startswith(b"%PDF-")


async def test_a_school_has_its_address_until_it_takes_it_back(api: Api) -> None:
    await a_class(api)
    status, school = await api.ask("PATCH", "/v1/organisations/s1", json={"sign_in_url": URL})
    assert (status, school["sign_in_url"]) == (200, URL)
    shown = await api.get(CLASS)
    assert (shown["sign_in_url"], URL in shown["invitation"]) == (URL, True)
    await api.ask("PATCH", "/v1/organisations/s1", json={"strangers": "ask"})
    assert (await api.get(CLASS))["sign_in_url"] == URL
    await api.ask("PATCH", "/v1/organisations/s1", json={"sign_in_url": ""})
    assert (await api.get(CLASS))["sign_in_url"] is None


async def test_an_address_that_leads_elsewhere_is_refused(api: Api) -> None:
    await a_class(api)
    for url in ("http://sis.test/", "https://mos.ru@elsewhere.test/", "javascript:alert(1)"):
        status, told = await api.ask("PATCH", "/v1/organisations/s1", json={"sign_in_url": url})
        assert (status, told["errors"][0]["pointer"]) == (422, "/sign_in_url")


@pytest.mark.parametrize("ending", ["", ".pdf", ".pdf?sheet=slips"])
async def test_who_may_not_read_the_school_sees_nobody(api: Api, ending: str) -> None:
    await a_class(api)
    await api.post(*api.school("s2", "6a"))
    reads, writes = await api.token_for(["read"], "s2"), await api.token_for(["events:write"], "s1", source="sis")
    unknown = await api.ask("GET", f"/v1/organisations/none/classes/none/reminders{ending}", token=reads)
    assert unknown[0] == 404
    for path, token in (
        (CLASS, reads),
        ("/v1/organisations/s2/classes/5a/reminders", reads),
        ("/v1/organisations/s1/classes/6a/reminders", api.token),
    ):
        assert await api.ask("GET", path + ending, token=token) == unknown, path
    assert (await api.ask("GET", CLASS + ending, token=writes))[0] == 403
    assert (await api.ask("GET", CLASS + ending, token=""))[0] == 401


async def test_there_are_two_kinds_of_sheets(api: Api) -> None:
    await a_class(api)
    assert (await api.ask("GET", f"{PRINTED}?sheet=poster"))[0] == 422
