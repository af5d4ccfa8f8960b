"""Whom the platform refuses to add is offered the chat's link, where it has one."""

from __future__ import annotations

from datetime import time, timedelta

from adapters.database.read.registry import registry_of
from sync.ids import AccountId, ChatId, OrganisationId, PersonId
from sync.platform import ChatSeen
from sync.use_cases.reconcile_schools import reconcile_schools
from sync.views.registry import Asked, Registry, Window
from tests.doubles.platform import Action, WorldPlatform
from tests.interleavings.told import Told
from tests.road import Road

CHAT = ChatId("class:5a")


async def refused(road: Road) -> Told:
    """A class whose pupil Anna lets nobody add her, and whose pupil Boris does; Vera is not linked."""
    told = Told()
    road.knows("1", "2", private=["1"])
    told.school("organisation.registered", name="Школа")
    told.school("class.opened", class_id="5a", name="5 А", school_year="2026/2027")
    for student in ("anna", "boris", "vera"):
        told.school("student.enrolled", student_id=student, class_id="5a")
    told.account("linked", "anna", "1")
    told.account("linked", "boris", "2")
    await road.post(told.events)
    await road.converge()
    return told


def registry(road: Road) -> Registry:
    titles, capabilities = road.rules.policy.titles, {"max": road.platform.capabilities}
    return registry_of(road.database.reading, titles, capabilities, monotonic=road.clock.monotonic)


async def links(road: Road) -> dict[str, tuple[str, str | None]]:
    listed = await registry(road).schools.members(OrganisationId("school"), CHAT, Window(), excluded=False)
    assert listed is not None
    return {view.person_id: (view.state, view.invite_link) for view in listed.items}


async def test_the_refused_alone_are_shown_the_link(road: Road) -> None:
    await refused(road)
    assert await links(road) == {
        "anna": ("refused", "https://max.ru/join/1"),
        "boris": ("applied", None),
        "vera": ("waiting", None),
    }
    for person, link in (("anna", "https://max.ru/join/1"), ("boris", None)):
        explained = await registry(road).people.explain(PersonId(person), Asked(chat_id=CHAT), None)
        assert explained is not None
        assert [chat.invite_link for chat in explained.chats] == [link]
        listed = await registry(road).people.memberships(PersonId(person), None, Window())
        assert listed is not None
        assert [chat.invite_link for chat in listed.items] == [link]


async def test_who_comes_in_by_the_link_is_in_and_is_shown_none(road: Road) -> None:
    await refused(road)
    road.platform.world.join(-1, 1, road.clock.at)
    async with road.database.settling() as tx:
        await tx.ask_read_backs([("max", "-1", AccountId("1"), "came")])
    await road.converge()
    assert (await links(road))["anna"] == ("applied", None)


class WithoutLinks(WorldPlatform):
    async def read_chat(self, chat: str) -> ChatSeen:
        seen = await WorldPlatform.read_chat(self, chat)
        return ChatSeen(seen.title, seen.archived)


async def test_where_the_platform_has_none_it_is_asked_once(road: Road) -> None:
    road.platform = WithoutLinks()
    looks: list[Action] = []

    async def note(action: Action) -> None:
        looks.extend([action] if action.name == "read_chat" else [])

    road.platform.before = note
    road.looks = False
    told = await refused(road)
    await road.post([told.school("student.expelled", student_id="boris")])
    await road.converge()
    assert (await links(road))["anna"] == ("refused", None)
    assert len(looks) == 1


async def test_a_night_asks_for_the_link_again(road: Road) -> None:
    """Somebody may have taken the old one back."""
    road.platform = WithoutLinks()
    await refused(road)
    road.platform = WorldPlatform(road.platform.world)
    await reconcile_schools(road.database, time(3, 30), road.clock.now())
    road.clock.turn(days=1)
    await reconcile_schools(road.database, time(3, 30), road.clock.now() + timedelta(seconds=1))
    await road.converge()
    assert (await links(road))["anna"] == ("refused", "https://max.ru/join/1")


async def test_where_nobody_is_refused_nobody_asks_for_a_link(road: Road) -> None:
    asked: list[str] = []

    async def note(action: Action) -> None:
        asked.append(action.name)

    road.platform.before = note
    road.looks = False
    await refused(road)
    before = asked.count("read_chat")
    told = Told()
    road.knows("9")
    told.school("organisation.registered", "other", name="Другая")
    told.school("class.opened", "other", class_id="6b", name="6 Б", school_year="2026/2027")
    told.school("student.enrolled", "other", student_id="olga", class_id="6b")
    told.account("linked", "olga", "9")
    await road.post([event | {"id": f"other-{event['id']}"} for event in told.events])
    await road.converge()
    assert (before, asked.count("read_chat")) == (1, 1)
