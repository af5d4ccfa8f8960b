"""What schools publish about chats: those made by hand, and what hands change in any chat."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from schemas.envelope import Event
from schemas.roster import SchoolData
from schemas.text import ChatId, Id, Ids, Maybe, MaybeIds, Name, is_default_chat

DEFAULT_CHAT_CANNOT_BE_DELETED = "default_chat_cannot_be_deleted"


def _not_reserved(chat_id: str) -> str:
    if is_default_chat(chat_id):
        raise PydanticCustomError("reserved", "Ids that begin with staff:, class: or parents: are reserved")
    return chat_id


def _deletable(chat_id: str) -> str:
    if is_default_chat(chat_id):
        raise PydanticCustomError(DEFAULT_CHAT_CANNOT_BE_DELETED, "A default chat cannot be deleted")
    return chat_id


def _apart(ids: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    if not set(ids).isdisjoint(others):
        raise PydanticCustomError("in_two_lists", "An id should not be in another list as well")
    return ids


class ChatCreatedData(SchoolData):
    """The lists name people beside those whom rules bring; `excluded_ids` are excluded from the start."""

    chat_id: Annotated[ChatId, AfterValidator(_not_reserved)]
    name: Name
    chat_type: Literal["subject", "other"]
    group_id: Annotated[Maybe[Id], Field(validate_default=True)] = None
    employee_ids: Ids
    student_ids: Ids
    guardian_ids: MaybeIds = ()
    excluded_ids: MaybeIds = ()

    @field_validator("group_id")
    @classmethod
    def _group_for_subject(cls, group_id: str | None, info: ValidationInfo) -> str | None:
        chat_type = info.data.get("chat_type")
        if chat_type == "subject" and group_id is None:
            raise PydanticCustomError("group_missing", "A subject chat should name its group")
        if chat_type == "other" and group_id is not None:
            raise PydanticCustomError("group_unexpected", "Only a subject chat has a group")
        return group_id

    @field_validator("guardian_ids")
    @classmethod
    def _guardians_for_other(cls, guardian_ids: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if guardian_ids and info.data.get("chat_type") == "subject":
            raise PydanticCustomError("guardians_unexpected", "A subject chat has no guardians")
        return guardian_ids

    @field_validator("excluded_ids")
    @classmethod
    def _excluded_alone(cls, excluded_ids: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        lists = (info.data.get(name, ()) for name in ("employee_ids", "student_ids", "guardian_ids"))
        return _apart(excluded_ids, tuple(person for ids in lists for person in ids))


class ChatEditedData(SchoolData):
    chat_id: ChatId
    name: Maybe[Name] = None
    add_ids: MaybeIds = ()
    remove_ids: MaybeIds = ()

    @field_validator("remove_ids")
    @classmethod
    def _removed_or_added(cls, remove_ids: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        return _apart(remove_ids, info.data.get("add_ids", ()))


class ChatDeletedData(SchoolData):
    chat_id: Annotated[ChatId, AfterValidator(_deletable)]


class ChatCreated(Event):
    type: Literal["school.chat.created.v1"]
    data: ChatCreatedData


class ChatEdited(Event):
    type: Literal["school.chat.edited.v1"]
    data: ChatEditedData


class ChatDeleted(Event):
    type: Literal["school.chat.deleted.v1"]
    data: ChatDeletedData
