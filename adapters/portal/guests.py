"""Whose page it is: read off the session, never off an address; and that what is sent comes from our own pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request, Response

from adapters.portal.dependencies import Given, Portal
from adapters.portal.profiles import Words
from sync.entering import Entry, Issuer, Session
from sync.linking.outcomes import Visitor
from sync.views.organisations import OrganisationView
from sync.views.persons import PersonView
from sync.views.registry import Schools


class Outdated(Exception):  # noqa: N818 - how it ends
    """Nobody is in, or not any more: the school's system has to say once more who it is."""


class FromElsewhere(Exception):  # noqa: N818 - how it ends
    """Something was sent that no page of ours sent."""


@dataclass(frozen=True, slots=True)
class Guest:
    """Who is in: the person, the school they came for, and in which words their pages speak."""

    session: Session
    issuer: Issuer
    person: PersonView
    school: OrganisationView
    words: Words

    @property
    def entry(self) -> Entry:
        return self.session.entry

    @property
    def schools(self) -> Schools:
        """Of which schools the pages may speak: those that the issuer speaks for."""
        return frozenset(self.issuer.organisations) or None

    @property
    def called(self) -> str:
        """First name and first letter of the last name, as far as they are known."""
        last = f"{self.person.last_name[0]}." if self.person.last_name else ""
        return f"{self.person.first_name or ''} {last}".strip()

    @property
    def visitor(self) -> Visitor:
        entry = self.entry
        return Visitor(entry.person_id, entry.organisation_id, entry.iss, self.session.id)

    @property
    def unlinks(self) -> bool:
        return self.words.unlinks(self.issuer.region)


def cookie_name(portal: Portal) -> str:
    """`__Host-`: set by us, over https, for no other host and no other path."""
    return "__Host-rollcall" if portal.secure else "rollcall"


def give_cookie(response: Response, portal: Portal, shown: str) -> None:
    """Lax: it is there when the person comes by a link of another site, and for nothing else from there."""
    response.set_cookie(cookie_name(portal), shown, path="/", httponly=True, secure=portal.secure, samesite="lax")


def shown_by(request: Request, portal: Portal) -> str | None:
    return request.cookies.get(cookie_name(portal)) or None


async def _guest(request: Request, portal: Given) -> Guest:
    shown = shown_by(request, portal)
    session = await portal.door.session(shown, portal.now()) if shown else None
    if session is None:
        raise Outdated
    return await _known(session, portal)


async def _known(session: Session, portal: Portal) -> Guest:
    entry = session.entry
    issuer = await portal.door.issuer(entry.iss)
    school = await portal.registry.schools.organisation(entry.organisation_id)
    person = await portal.registry.people.person(entry.person_id, frozenset({entry.organisation_id}), portal.now())
    if issuer is None or school is None or person is None:
        raise Outdated
    return Guest(session, issuer, person, school, portal.profiles[issuer.product][entry.role])


async def _from_our_pages(request: Request) -> None:
    if request.headers.get("origin") != request.app.state.origin:
        raise FromElsewhere


In = Annotated[Guest, Depends(_guest)]
OwnPages = Depends(_from_our_pages)
