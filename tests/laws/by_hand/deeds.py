"""What people do on the platform by themselves."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from adapters.simulator.entities import Chat, User
from adapters.simulator.ground import ALL_PERMISSIONS
from tests.laws.by_hand.founded import EVERYBODY
from tests.laws.by_hand.ground import Ground, a_member, an_admin

RIGHTS = ("add_remove_members", "add_admins", "change_chat_info")

accounts = st.sampled_from(EVERYBODY)
numbers = st.integers(0, 9)


class Deeds(Ground):
    @rule(number=numbers, account=accounts)
    def joins(self, number: int, account: str) -> None:
        self.does(number, lambda chat, at: self.world.join(chat.chat_id, int(account), at))

    @rule(number=numbers, by=numbers, account=accounts)
    def invites(self, number: int, by: int, account: str) -> None:
        self.does(number, lambda chat, at: self.world.invite(chat.chat_id, a_member(chat, by), int(account), at))

    @rule(number=numbers, who=numbers)
    def leaves(self, number: int, who: int) -> None:
        def deed(chat: Chat, at: Any) -> None:
            user = a_member(chat, who)
            self.world.leave(chat.chat_id, user, at)
            self.left.add((str(chat.chat_id), str(user)))

        self.does(number, deed)

    @rule(number=numbers, who=numbers)
    def throws_out(self, number: int, who: int) -> None:
        self.does(number, lambda chat, at: self.world.expel(chat.chat_id, an_admin(chat), a_member(chat, who), at))

    @rule(number=numbers, who=numbers, up=st.booleans())
    def promotes(self, number: int, who: int, up: bool) -> None:
        self.does(
            number, lambda chat, _: self.world.promote(chat.chat_id, an_admin(chat), a_member(chat, who), is_admin=up)
        )

    @rule(number=numbers, title=st.sampled_from(["Лучший класс", "5 А"]))
    def retitles(self, number: int, title: str) -> None:
        def deed(chat: Chat, at: Any) -> None:
            self.world.retitle(chat.chat_id, an_admin(chat), title, at)
            self.titled.add(str(chat.chat_id))

        self.does(number, deed)

    @rule(number=numbers, sure=st.integers(0, 3))
    def deletes(self, number: int, sure: int) -> None:
        """Seldom: little is left to go wrong in it afterwards."""
        if sure == 3:
            self.does(number, lambda chat, _: self.world.delete_chat(chat.chat_id))

    @rule(number=numbers, lost=st.sampled_from([False, False, True]))
    def takes_all_rights(self, number: int, lost: bool) -> None:
        self.does(number, lambda chat, at: self.world.set_rights(chat.chat_id, lost=lost, at=at))

    @rule(number=numbers, right=st.sampled_from([None, *RIGHTS]))
    def takes_a_right(self, number: int, right: str | None) -> None:
        """Of several; none: all are given."""
        given = ALL_PERMISSIONS - {right}
        self.does(number, lambda chat, at: self.world.put_service(chat.chat_id, an_admin(chat), given, at))

    @rule(number=numbers)
    def takes_the_bot_out(self, number: int) -> None:
        self.does(number, lambda chat, at: self.world.remove_service(chat.chat_id, an_admin(chat), at))

    @rule(account=accounts, private=st.booleans())
    def is_private(self, account: str, private: bool) -> None:
        self.world.put_users([User(int(account), privacy=private)])
