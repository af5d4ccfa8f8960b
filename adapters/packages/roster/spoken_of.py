"""Of which schools, people and sections a roster speaks: those of whom has to be known what was before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from adapters.packages.roster.roster import Roster


def schools_spoken_of(roster: Roster) -> Sequence[str]:
    """The schools that rows stand for or name, sorted."""
    named = {*roster.schools, *roster.removed_schools}
    changes = roster.changes
    if changes is not None:
        named |= {section.organisation_id for section in roster.all_sections()}
        named |= {each.organisation_id for each in changes.all_enrolments() if each.organisation_id is not None}
        for of_all in (roster.posts, changes.removed_posts):
            for _, posts in of_all.entries():
                named |= {post.organisation_id for post in posts if post.organisation_id is not None}
    return sorted(named)


def people_spoken_of(roster: Roster) -> Iterator[str]:
    """Whom a delta speaks of without saying where, some of them several times.

    None of a bulk, which says where everybody is.
    """
    if roster.changes is not None:
        for id_, person in roster.people.entries():
            yield id_
            yield from (person.agents if person is not None else None) or ()
        yield from (change.person_id for change in roster.changes.all_enrolments())


def sections_spoken_of(roster: Roster) -> Iterator[str]:
    """The classes and groups in which a delta enrols or ends enrolments, some of them several times."""
    if roster.changes is not None:
        yield from (change.section_id for change in roster.changes.all_enrolments())
