"""The names of chats: which are derived from what, so that everybody can name them."""

from __future__ import annotations

from sync.ids import ChatId, ClassId, OrganisationId

STAFF, CLASS, PARENTS, SUBJECT, OTHER = "staff", "class", "parents", "subject", "other"

DERIVED = (STAFF, CLASS, PARENTS)


def staff_chat(organisation_id: OrganisationId) -> ChatId:
    return ChatId(f"{STAFF}:{organisation_id}")


def class_chat(class_id: ClassId) -> ChatId:
    return ChatId(f"{CLASS}:{class_id}")


def parents_chat(class_id: ClassId) -> ChatId:
    return ChatId(f"{PARENTS}:{class_id}")


def derived_from(chat_id: ChatId) -> tuple[str, str] | None:
    """A default chat's type and the id it is derived from (organisation or class); None for a chat made by hand."""
    prefix, colon, rest = chat_id.partition(":")
    return (prefix, rest) if colon and prefix in DERIVED else None


def class_of(chat_id: ChatId) -> ClassId | None:
    """The class of a class or parents' chat."""
    derived = derived_from(chat_id)
    return ClassId(derived[1]) if derived and derived[0] != STAFF else None
