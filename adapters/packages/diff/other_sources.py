"""Whether the facts of a school have come from the imports of another source."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from urllib.parse import unquote

from adapters.packages.diff.envelope import IMPORT
from adapters.packages.facts.joined import EMPLOYMENT
from adapters.packages.facts.known import Known, Was, known_entries
from sync.facts import CLASS_STATE, REGISTRATION, Key

FEW = (REGISTRATION, CLASS_STATE, EMPLOYMENT)  # facts that a school has few of


def other_sources(known: Known, source: str, named: Collection[str]) -> Mapping[str, str]:
    """The name to give as the source, by school: of those that know nothing from this source, and something from the
    imports of another. Of several, the one that has set most.

    `named` are the schools that the package names. One that it does not name may only know people of the same ids:
    it counts where no school knows the source.
    """
    told: defaultdict[str, Counter[str]] = defaultdict(Counter)
    _count(told, (known.get(kind, {}) for kind in FEW))
    if told.keys() >= set(named) and all(source in counts for counts in told.values()):
        return {}  # as it is every day: the many other facts need not be read
    _count(told, (facts for kind, facts in known.items() if kind not in FEW))
    is_new = not any(source in counts for counts in told.values())
    return {
        school: unquote(counts.most_common(1)[0][0].removeprefix(IMPORT))
        for school, counts in sorted(told.items())
        if source not in counts and (is_new or school in named)
    }


def _count(told: defaultdict[str, Counter[str]], facts: Iterable[Mapping[Key, Was]]) -> None:
    for of_kind in facts:
        for key, was in known_entries(of_kind):
            if was.source.startswith(IMPORT):
                told[key[0]][was.source] += 1
