"""The registry: schools, chats, members, persons."""

from __future__ import annotations

from typing import Any

from tests.web.conftest import Api


def chat(chat_id: str, title: str, kind: str, **more: Any) -> dict[str, Any]:
    blank: dict[str, Any] = {
        "class_id": None, "class_name": None, "group_id": None, "subject": None, "archived": False, "state": "none",
        "external_chat_id": None, "participants": 0, "waiting": 0, "administrators": [],
    }  # fmt: skip
    return {"chat_id": chat_id, "title": title, "type": kind, **blank, **more}


def member(person: str, state: str, role: str | None, *reasons: str, **more: Any) -> dict[str, Any]:
    blank: dict[str, Any] = {"external_user_id": None, "refused_code": None, "exclusions": []} | {
        "invite_link": None,
        "waits_for": None,
    }
    return {"person_id": person, "role": role, "state": state, "reasons": list(reasons), **blank, **more}


async def test_a_school_that_nobody_linked_in_has_its_chats_in_the_registry_alone(api: Api) -> None:
    await api.post(*api.school())
    admins = ["s1-adm", "s1-t"]
    of_class = {"class_id": "5a", "class_name": "5 А", "participants": 3, "waiting": 3, "administrators": admins}
    assert await api.items("/v1/organisations/s1/chats") == [
        chat("class:5a", "5 А", "class", **of_class),
        chat("parents:5a", "5 А Родители", "parents", **of_class),
        chat("staff:s1", "Учительская", "staff", participants=2, waiting=2, administrators=["s1-adm"]),
    ]
    assert (await api.get("/v1/status"))["outbox"]["pending"] == 0


async def test_members_are_shown_as_they_stand(api: Api) -> None:
    api.road.knows("1", "2", "3", private=["3"])
    await api.post(*api.school(), *api.links(("s1-t", 1), ("s1-adm", 2)))
    await api.road.converge()
    await api.post(*api.links(("s1-p", 3)))
    await api.road.plan()
    pending = member("s1-p", "pending", "member", "studies_in", external_user_id="3")
    there = [
        member("s1-adm", "applied", "admin", "chat_administrator", external_user_id="2"),
        member("s1-t", "applied", "admin", "homeroom", external_user_id="1"),
    ]
    assert await api.items("/v1/organisations/s1/chats/class%3A5a/members") == [there[0], pending, there[1]]
    await api.road.converge()
    refused = pending | {"state": "refused", "refused_code": "add.participant.privacy"}
    refused["invite_link"] = "https://max.ru/join/1"
    assert await api.items("/v1/organisations/s1/chats/class%3A5a/members") == [there[0], refused, there[1]]
    waiting = member("s1-g", "waiting", "member", "guardian_of:s1-p") | {"waits_for": "account"}
    assert (await api.items("/v1/organisations/s1/chats/parents%3A5a/members"))[1] == waiting


async def test_who_is_to_leave_is_shown_until_gone_without_a_role(api: Api) -> None:
    api.road.knows("1")
    await api.post(*api.school(), *api.links(("s1-p", 1)))
    await api.road.converge()
    await api.post(api.event("school.student.expelled", organisation_id="s1", student_id="s1-p"))
    [leaving] = [
        each for each in await api.items("/v1/organisations/s1/chats/class:5a/members") if each["person_id"] == "s1-p"
    ]
    assert leaving == member("s1-p", "pending", None, external_user_id="1")
    await api.road.converge()
    assert "s1-p" not in {each["person_id"] for each in await api.items("/v1/organisations/s1/chats/class:5a/members")}


async def test_who_is_kept_out_is_shown_where_asked_for(api: Api) -> None:
    await api.post(
        *api.school(),
        api.event("school.chat.edited", organisation_id="s1", chat_id="class:5a", remove_ids=["s1-p"]),
        api.event("school.chat.edited", organisation_id="s1", chat_id="class:5a", add_ids=["s1-g"]),
        api.event("school.person.blocked", organisation_id="s1", person_id="s1-t"),
    )
    everybody = await api.items("/v1/organisations/s1/chats/class:5a/members?excluded=true")
    assert {each["person_id"]: each["exclusions"] for each in everybody if each["state"] == "excluded"} == {
        "s1-g": ["not_for_this_chat"],
        "s1-p": ["excluded_by_hand"],
        "s1-t": ["blocked"],
    }
    assert [each["person_id"] for each in await api.items("/v1/organisations/s1/chats/class:5a/members")] == ["s1-adm"]


async def test_a_closed_class_stays_listed_and_is_archived(api: Api) -> None:
    api.road.knows("1")
    await api.post(*api.school(), *api.links(("s1-t", 1)))
    await api.road.converge()
    await api.post(api.event("school.class.closed", organisation_id="s1", class_id="5a"))
    await api.road.converge()
    shown = {
        each["chat_id"]: (each["archived"], each["state"]) for each in await api.items("/v1/organisations/s1/chats")
    }
    assert shown == {"class:5a": (True, "archived"), "parents:5a": (True, "archived"), "staff:s1": (False, "open")}


async def test_chats_by_hand_have_their_group_and_subject(api: Api) -> None:
    of = {"organisation_id": "s1"}
    await api.post(
        *api.school(),
        api.event(
            "school.group.opened", **of, group_id="g", class_id="5a", subject="Физика", name="Ф", teacher_id=None,
            student_ids=None,
        ),
        api.event(
            "school.chat.created", **of, chat_id="h/1", name="Наш чат", chat_type="subject", group_id="g",
            employee_ids=[], student_ids=[],
        ),
    )  # fmt: skip
    [made] = [each for each in await api.items("/v1/organisations/s1/chats") if each["chat_id"] == "h/1"]
    by_hand = {"class_id": "5a", "class_name": "5 А", "group_id": "g", "subject": "Физика"}
    people = {"participants": 2, "waiting": 2, "administrators": ["s1-adm"]}
    assert made == chat("h/1", "Наш чат", "subject", **by_hand, **people)
    assert [each["person_id"] for each in await api.items("/v1/organisations/s1/chats/h%2F1/members")] == [
        "s1-adm",
        "s1-p",
    ]
    await api.post(api.event("school.chat.deleted", **of, chat_id="h/1"))
    assert [each["archived"] for each in await api.items("/v1/organisations/s1/chats") if each["chat_id"] == "h/1"] == [
        True
    ]


async def test_lists_come_in_parts_that_make_the_whole(api: Api) -> None:
    for school in ("s1", "s2", "s3"):
        await api.post(api.event("school.organisation.registered", organisation_id=school, name="Школа"))
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        part = await api.get(f"/v1/organisations?limit=2&count=true{cursor}")
        assert part["total"] == 3
        seen += [each["organisation_id"] for each in part["items"]]
        cursor = f"&cursor={part['next']}" if part["next"] else None
    assert seen == ["s1", "s2", "s3"]
    assert "total" not in await api.get("/v1/organisations")


async def test_parts_that_cannot_be_are_refused(api: Api) -> None:
    for query in ("limit=0", "limit=1001", "limit=x", "cursor=%21", "count=perhaps"):
        status, body = await api.ask("GET", f"/v1/organisations?{query}")
        assert (status, body["errors"][0]["parameter"]) == (422, query.partition("=")[0])


async def test_another_schools_ids_and_unknown_ones_answer_alike(api: Api) -> None:
    await api.post(*api.school("s1"), *api.school("s2", "6a"))
    token = await api.token_for(["read"], "s1")
    assert [each["organisation_id"] for each in (await api.get("/v1/organisations", token=token))["items"]] == ["s1"]
    for foreign, unknown in (
        ("/v1/organisations/s2", "/v1/organisations/none"),
        ("/v1/organisations/s2/chats", "/v1/organisations/none/chats"),
        ("/v1/organisations/s1/chats/class:6a/members", "/v1/organisations/s1/chats/class:none/members"),
        ("/v1/organisations/s2/chats/staff:s2/members", "/v1/organisations/s1/chats/none/members"),
        ("/v1/persons/s2-p", "/v1/persons/none"),
        ("/v1/persons/s2-p/chats", "/v1/persons/n%00ne/chats"),
        ("/v1/persons/s2-p/accounts", "/v1/persons/none/accounts"),
        ("/v1/explain?person=s2-p", "/v1/explain?person=none"),
        ("/v1/explain?person=s1-p&chat=class:6a", "/v1/explain?person=s1-p&chat=n%00ne"),
    ):
        answers = [await api.ask("GET", path, token=token) for path in (foreign, unknown)]
        assert answers[0] == answers[1], foreign
        assert answers[0][0] == 404, foreign


async def test_a_person_has_names_schools_and_accounts(api: Api) -> None:
    names = {"last_name": "Иванова", "first_name": "Анна", "middle_name": None}
    described = api.event("school.person.described", organisation_id="s1", person_id="s1-p", **names)
    await api.post(*api.school(), described, *api.links(("s1-p", 7)))
    account = {
        "person_id": "s1-p",
        "provider": "max",
        "external_user_id": "7",
        "linked_at": "2026-11-01T10:00:08Z",
        "held_by_another": False,
    }
    assert await api.get("/v1/persons/s1-p") == {
        "person_id": "s1-p", **names, "organisations": ["s1"], "accounts": [account], "notices": []
    }  # fmt: skip


async def test_a_persons_chats_say_how_the_person_stands(api: Api) -> None:
    await api.post(*api.school())
    assert await api.items("/v1/persons/s1-g/chats") == [
        {
            "organisation_id": "s1",
            "chat_id": "parents:5a",
            "title": "5 А Родители",
            "type": "parents",
            "role": "member",
            "state": "waiting",
            "reasons": ["guardian_of:s1-p"],
            "external_user_id": None,
            "refused_code": None,
            "waits_for": "account",
            "invite_link": None,
        }
    ]
