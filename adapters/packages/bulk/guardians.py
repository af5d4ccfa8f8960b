"""Who is whose guardian, as facts of each school of the student."""

from __future__ import annotations

from itertools import groupby

from adapters.packages.bulk.people import study_places
from adapters.packages.facts.reading import Reading
from adapters.packages.facts.snapshot import Stated
from adapters.packages.roster.roster import Topic
from adapters.packages.spill.mappings import SpillMap
from adapters.packages.spill.sorted_groups import SortedGroups
from sync.facts import GUARDIANSHIP, Guardianship


def state_guardians(reading: Reading) -> None:
    """Each link, in every school of the student."""
    schools = SortedGroups(_schools_of_students(reading), key=lambda pair: pair[0])
    for student, links in groupby(reading.roster.links.entries(), key=lambda link: link[0][0]):
        relations = [(guardian, relation) for (_, guardian), relation in links]
        for _, school in schools.of(student):
            for guardian, relation in relations:
                stated = Stated(Guardianship(assigned=True, relation=relation))
                reading.snapshot.state(GUARDIANSHIP, (school, guardian, student), stated)
    if reading.roster.tells(Topic.PEOPLE, Topic.POSTS, Topic.LINKS):
        reading.snapshot.whole[GUARDIANSHIP] = reading.roster.schools.keys()


def _schools_of_students(reading: Reading) -> SpillMap[tuple[str, str], bool]:
    """Each student with each school where the student has a class or a student's role."""
    schools: SpillMap[tuple[str, str], bool] = reading.roster.spill.mapping()
    for school, student in study_places(reading):
        schools[student, school] = True
    return schools
