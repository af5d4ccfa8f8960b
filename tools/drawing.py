"""Draws the house by its imports (grimp reads them, Graphviz's dot draws): `make drawing` writes docs/house.svg.

Thin arrows are imports from one room to another, but for those of the door, which puts everything together; the broad
one is the road of an event, from the left to the right.
"""

from __future__ import annotations

import subprocess
from itertools import pairwise
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parents[1]

# Rooms, each a package or what stands beside its packages; the longest name that fits a module is its room
ROOMS = {
    "adapters.web": "HTTP API",
    "adapters.kafka": "topics",
    "adapters.packages": "roster packages",
    "schemas": "events’ schemas",
    "events": "events: decode, stream, tell",
    "sync.use_cases": "use cases",
    "sync.ports": "ports",
    "sync.views": "views",
    "sync": "facts, rules, plan, guards",
    "sync.acts": "acts",
    "adapters.database": "database: statements",
    "adapters.database.load": "database: load",
    "adapters.database.write": "database: write",
    "adapters.database.settle": "database: settle",
    "adapters.database.read": "database: read",
    "adapters.max": "MAX",
    "adapters.vk": "VK",
    "adapters.wire": "one request",
    "adapters.pages": "ground of pages",
    "adapters.portal": "people’s pages",
    "adapters.vk_id": "VK ID",
    "sync.linking": "linking: rules",
    "adapters.simulator": "simulator",
}
ROAD = ("adapters.web", "events", "sync.use_cases", "sync", "sync.acts", "adapters.max")
ALSO = ("adapters.kafka",)
COLOURS = {"adapters": "#e8f0f7", "sync": "#eaf3e6", "events": "#fdf3dc", "schemas": "#fdf3dc"}


def main() -> None:
    svg = subprocess.run(["dot", "-Tsvg"], input=_dot(), text=True, capture_output=True, check=True).stdout
    (ROOT / "docs" / "house.svg").write_text(svg, encoding="utf-8")


def _dot() -> str:
    lines = [
        f'"{room}" [label="{told}\\n{room.replace(".", "/")}/", fillcolor="{_colour(room)}"]'
        for room, told in ROOMS.items()
    ]
    lines += [f'"{a}" -> "{b}" [constraint=false]' for a, b in sorted(_arrows())]
    lines += [f'"{a}" -> "{b}" [color="#c2571a", penwidth=3.5, weight=20]' for a, b in pairwise(ROAD)]
    lines += [f'"{start}" -> "events" [color="#c2571a", penwidth=3.5, weight=20]' for start in ALSO]
    return "\n".join(("digraph house {", _STYLE, *lines, "}"))


_STYLE = """rankdir=LR; nodesep=0.25; ranksep=0.7; bgcolor="white"; splines=true;
node [shape=box, style="rounded,filled", fontname="Helvetica", fontsize=12, color="#7a8794", margin="0.16,0.09"];
edge [color="#9aa5b1", arrowsize=0.6, penwidth=0.8];
{rank=same; "adapters.web"; "adapters.kafka"; "adapters.packages"; "adapters.portal"; "adapters.pages"}
{rank=same; "events"; "schemas"}
{rank=same; "sync.use_cases"; "sync.linking"; "sync.ports"; "sync.views"}
{rank=same; "sync"; "adapters.database.load"; "adapters.database.write"; "adapters.database.read"}
{rank=same; "sync.acts"; "adapters.database.settle"; "adapters.database"}
{rank=same; "adapters.max"; "adapters.vk"; "adapters.vk_id"; "adapters.wire"; "adapters.simulator"}"""


def _arrows() -> set[tuple[str, str]]:
    graph = grimp.build_graph("schemas", "sync", "events", "adapters")
    found = set()
    for module in graph.modules:
        for imported in graph.find_modules_directly_imported_by(module):
            a, b = _room(module), _room(imported)
            if a and b and a != b:
                found.add((a, b))
    return found


def _room(module: str) -> str | None:
    return max((room for room in ROOMS if f"{module}.".startswith(f"{room}.")), key=len, default=None)


def _colour(room: str) -> str:
    return COLOURS[room.partition(".")[0]]


if __name__ == "__main__":
    main()
