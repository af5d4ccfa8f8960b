"""What the demo ends with: every chat with its states counted, as a table or as data."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from rollcall.demo.verdict import STATES, ChatVerdict, Verdict
from rollcall.demo.words import STATES as STATE_WORDS
from rollcall.demo.words import TYPES
from sync.membership_states import APPLIED, HELD, LEFT, PENDING, REFUSED, REJECTED, WAITING

ALWAYS = (APPLIED, WAITING, REFUSED)
HEADS = {
    APPLIED: "В чате",
    WAITING: "Ждут",
    PENDING: "В пути",
    REFUSED: "Отказ",
    LEFT: "Вышли сами",
    HELD: "На проверке",
    REJECTED: "Оставлены",
}
WIDTH = 110  # where no terminal has one


def print_verdict(verdict: Verdict) -> None:
    """The table to stdout; colours only on a terminal, and not where NO_COLOR is set."""
    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else WIDTH, emoji=False)
    console.print(_table(verdict))
    console.print(_summary(verdict), highlight=False)
    for stray in verdict.strays:
        console.print(f"Лишний чат на платформе: {escape(stray)}", highlight=False)


def as_data(verdict: Verdict) -> Mapping[str, Any]:
    return {
        "agrees": verdict.agrees,
        "states": {state: verdict.states[state] for state in STATES},
        "strays": list(verdict.strays),
        "chats": [
            {
                "chat_id": each.chat.chat_id,
                "title": each.chat.title,
                "type": each.chat.type,
                "state": each.chat.state,
                "participants": each.chat.participants,
                "states": dict(each.states),
                "on_platform": each.shown,
                "differences": list(each.differences),
            }
            for each in verdict.chats
        ],
    }


def _table(verdict: Verdict) -> Table:
    states = [state for state in STATES if state in ALWAYS or verdict.states[state]]
    table = Table(header_style="bold", box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("Наименование чата", no_wrap=True)
    table.add_column("Тип", no_wrap=True)
    for head in ("Участников", *(HEADS[state] for state in states), "На платформе"):
        table.add_column(head, justify="right")
    table.add_column("Совпадает")
    for each in sorted(verdict.chats, key=_order):
        counts = [str(each.states.get(state) or "·") for state in states]
        title = f"{each.chat.title} (архив)" if each.chat.archived else each.chat.title
        kind = TYPES.get(each.chat.type, each.chat.type)
        table.add_row(escape(title), kind, str(each.chat.participants), *counts, str(each.shown), _agreement(each))
    return table


def _order(each: ChatVerdict) -> tuple[bool, int, tuple[int, str]]:
    name = each.chat.class_name or each.chat.title
    grade = name.split()[0] if name.split() else ""
    return each.chat.archived, list(TYPES).index(each.chat.type), (int(grade) if grade.isdecimal() else 0, name)


def _agreement(each: ChatVerdict) -> str:
    return f"[red]нет: {escape('; '.join(each.differences))}[/red]" if each.differences else "[green]да[/green]"


def _summary(verdict: Verdict) -> str:
    counts = ", ".join(f"{STATE_WORDS[state]} – {verdict.states[state]}" for state in STATES if verdict.states[state])
    differing = sum(bool(each.differences) for each in verdict.chats)
    if verdict.agrees:
        return f"Чатов: {len(verdict.chats)}; {counts}. [green]Платформа и реестр совпадают во всех чатах.[/green]"
    return f"Чатов: {len(verdict.chats)}; {counts}. [red]Расходятся: {differing or len(verdict.strays)}.[/red]"
