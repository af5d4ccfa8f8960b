"""Acts by the name they are stored by. Pure."""

from __future__ import annotations

from sync.acts.act import AnyAct
from sync.acts.chats import Archive, CreateChat, SetTitle
from sync.acts.effects import Ask, Effects
from sync.acts.members import AddMembers, GrantAdmin, RemoveMember, RevokeAdmin
from sync.acts.telling import TellMove
from sync.room import Call, RoomWork

BY_NAME: dict[str, type[AnyAct]] = {
    act.name: act
    for act in (CreateChat, SetTitle, Archive, AddMembers, GrantAdmin, RevokeAdmin, RemoveMember, TellMove)
}


def orphaned(room: RoomWork, call: Call, again_in_s: float) -> Effects:
    """The effects of a lease that died with a call in flight: everything concerned is unknown, and its accounts are
    read back now, and once more when no such call can arrive any more.
    """
    effects = BY_NAME[call.act](tuple(call.persons)).doubted(room)
    effects.answer, effects.persons = "", call.persons
    effects.asks += [Ask(account, person, "once more", again_in_s) for account, person in call.persons.items()]
    return effects
