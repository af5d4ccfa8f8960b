"""The scope of a denial: its own child, and the chats that the guardian is in through that child."""

from __future__ import annotations

from sync import chats
from sync.facts import PLACEMENT
from sync.ids import ChatId, EventNo, PersonId
from sync.roster import Roster


def denied_since(person: PersonId, chat_id: ChatId, event_no: EventNo, roster: Roster) -> bool:
    """Whether a denial later than an event keeps a guardian out of a chat.

    False if another child could have brought them there: in a parents' chat a child last placed in its class, in a chat
    made by hand any child.
    """
    if (chats.derived_from(chat_id) or (None,))[0] in {chats.STAFF, chats.CLASS}:
        return False
    if any(_brings(student_id, chat_id, roster) for student_id, _ in roster.children(person)):
        return False
    return any(
        denial.event_no > event_no and _brings(denial.key[2], chat_id, roster)
        for denial in roster.denied.get(person, ())
    )


def _brings(student_id: PersonId, chat_id: ChatId, roster: Roster) -> bool:
    class_id = chats.class_of(chat_id)
    placed = roster.holding(PLACEMENT).get((student_id,))
    return class_id is None or (placed is not None and placed.value.class_id == class_id)
