"""What a chat is called."""

from __future__ import annotations

from dataclasses import dataclass

from sync import chats
from sync.facts import CLASS_NAME
from sync.ids import ChatId, ClassId
from sync.roster import Roster


@dataclass(frozen=True, slots=True)
class Titles:
    """The patterns of default chats; `{class}` stands for the class's name."""

    staff: str = "Учительская"
    of_class: str = "{class}"
    parents: str = "{class} Родители"


def title(chat_id: ChatId, roster: Roster, titles: Titles) -> str:
    """A name given by hand holds until the class is named by a later event; else the pattern of the chat's type."""
    given = roster.chat_name(chat_id)
    derived = chats.derived_from(chat_id)
    if derived is None:
        return given.value.name if given is not None else chat_id
    chat_type, origin = derived
    if chat_type == chats.STAFF:
        return given.value.name if given is not None else titles.staff
    named = roster.name_of(CLASS_NAME, ClassId(origin))
    if given is not None and (named is None or given.version.beats(named.version)):
        return str(given.value.name)
    pattern = titles.of_class if chat_type == chats.CLASS else titles.parents
    return pattern.replace("{class}", named.value.name if named is not None else origin)
