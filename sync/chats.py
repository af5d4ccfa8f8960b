"""The names of chats: which are derived from what, so that everybody can name them."""

from __future__ import annotations

STAFF, CLASS, PARENTS, SUBJECT, OTHER = "staff", "class", "parents", "subject", "other"

DERIVED = (STAFF, CLASS, PARENTS)


def staff_chat(organisation_id: str) -> str:
    return f"{STAFF}:{organisation_id}"


def class_chat(class_id: str) -> str:
    return f"{CLASS}:{class_id}"


def parents_chat(class_id: str) -> str:
    return f"{PARENTS}:{class_id}"


def derived_from(chat_id: str) -> tuple[str, str] | None:
    """A default chat's type and the id it is derived from (organisation or class); None for a chat made by hand."""
    prefix, colon, rest = chat_id.partition(":")
    return (prefix, rest) if colon and prefix in DERIVED else None


def class_of(chat_id: str) -> str | None:
    """The class of a class or parents' chat."""
    derived = derived_from(chat_id)
    return derived[1] if derived and derived[0] != STAFF else None
