"""Profiles: which ways, words and hints the pages of a product have, for each role. A product is a file; see
`docs/linking.md`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from sync.entering import EMPLOYEE, GUARDIAN, SCHOOL_ADMIN, STUDENT

OWN = Path(__file__).parent / "profiles"
ROLES = (STUDENT, GUARDIAN, EMPLOYEE, SCHOOL_ADMIN)

MAX, VK_ID = "max", "vk_id"


class ProfileError(Exception):
    """A profile cannot be read or says something that makes no sense. Permanent: mend the file."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Window(_Part):
    """A question that has to be answered before something is done."""

    title: str | None = None
    question: str | None = None
    picture: str | None = None
    yes: str
    no: str | None = None


class Code(_Part):
    field: str
    button: str


class Before(_Part):
    """What comes before the form: what it is all for, and a button that goes on."""

    title: str
    lines: tuple[str, ...] = ()
    button: str


class Way(_Part):
    """How an account of one provider is linked: by a request that is confirmed in MAX, by a one-time code, by VK ID.
    `consent` is asked when VK ID has said whose it is. `only_support` is shown where nobody unlinks by themselves.
    """

    form: Literal["request", "code", "vk_id"]
    title: str
    before: Before | None = None
    field: str | None = None
    button: str
    hints: tuple[str, ...] = ()
    only_support: str | None = None
    assurance: str | None = None
    download: str | None = None
    code: Code | None = None
    consent: Window | None = None
    done: str

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.form != "vk_id" and self.field is None:
            raise ValueError(f"a way by {self.form} needs the name of its field")
        if self.form == "code" and self.code is None:
            raise ValueError("a way by code needs the words of its code")
        return self


class Chats(_Part):
    """The page of chats: its heading, its tab, the field of the phone and the buttons."""

    title: str
    tab: str = "Чаты"
    phone: str = "Телефон, привязанный к Сферум"
    home: Mapping[str, str]
    link: Mapping[str, str]
    unlink: Mapping[str, str] = {}


class Block(_Part):
    """Something that is set elsewhere, and the way there."""

    title: str
    place: str
    words: str
    button: str
    address: Annotated[str, Field(pattern=r"^https://")]


class Security(_Part):
    """The page «Безопасность» of a product that has one."""

    title: str
    tab: str
    menu: str
    page: str
    blocks: tuple[Block, ...] = ()
    outside: str
    account: str
    unlink: str


class Ways(_Part):
    max: Way
    vk_id: Way

    @model_validator(mode="after")
    def _of_their_providers(self) -> Self:
        if self.max.form == "vk_id" or self.vk_id.form != "vk_id":
            raise ValueError("max is linked by request or code, vk_id by vk_id")
        return self

    def of(self, provider: str) -> Way:
        return self.max if provider == MAX else self.vk_id


class Words(_Part):
    """All that the pages of one product say to people of one role. `self_unlink`: yes, no, or in which regions."""

    system: str
    support: str | None = None
    self_unlink: Literal["yes", "no"] | tuple[str, ...]
    chats: Chats
    link: Ways
    unlink: tuple[Window, ...] = ()
    security: Security | None = None

    @model_validator(mode="after")
    def _can_unlink(self) -> Self:
        if self.self_unlink != "no" and not self.chats.unlink and self.security is None:
            raise ValueError("who unlinks by themselves needs a button: chats.unlink, or a page of security")
        return self

    def unlinks(self, region: str | None) -> bool:
        """Whether people unlink by themselves there."""
        return self.self_unlink == "yes" or (self.self_unlink != "no" and region in self.self_unlink)


Profiles = Mapping[str, Mapping[str, Words]]
"""By product, and then by role."""


def read_profiles(folders: Iterable[Path]) -> Profiles:
    """The profiles of all folders, by the files' names; a later folder's takes the place of an earlier one's.

    Raises:
        ProfileError: one of them is wrong, which and where.
    """
    files = {path.stem: path for folder in folders for path in sorted(folder.glob("*.toml"))}
    return {product: _profile(path) for product, path in files.items()}


def _profile(path: Path) -> Mapping[str, Words]:
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
        roles = said.pop("role", {})
        if strange := set(roles) - set(ROLES):
            raise ProfileError(f"{path}: role.{min(strange)}: there is no such role")
        return {role: Words.model_validate(_over(said, roles.get(role, {}))) for role in ROLES}
    except ValidationError as error:
        first = error.errors()[0]
        raise ProfileError(f"{path}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    except (OSError, ValueError) as error:
        raise ProfileError(f"{path}: {error}") from error


def _over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """What is said for all, with what is said for a role in its place; lists are taken whole."""
    return {**below, **{name: _one_over(below.get(name), value) for name, value in above.items()}}


def _one_over(below: Any, above: Any) -> Any:
    return _over(below, above) if isinstance(below, dict) and isinstance(above, dict) else above
