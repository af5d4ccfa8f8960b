"""`rollcall dead-letters`: records of topics that could not be taken, and partitions that stand still by them."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from events import dead_letters
from rollcall.loop import run
from rollcall.output import AsJson, Exit, Failed, print_fields, print_rows, say
from rollcall.paging import every
from rollcall.ready import ready_app
from rollcall.settings import Settings
from schemas.rejections import Rejection
from sync.errors import TopicsUnavailable
from sync.streams import Partition
from sync.views.operations import DeadLetterView

if TYPE_CHECKING:
    from rollcall.app import App

commands = typer.Typer(no_args_is_help=True, help="Records of topics that could not be taken.")

COLUMNS = ("id", "topic", "partition", "offset", "reason", "received_at", "state")

Number = Annotated[int, typer.Argument(help="The dead letter's id, from the list.")]


@commands.command("list")
def list_(context: typer.Context, as_json: AsJson = False) -> None:  # noqa: FBT002 - a flag
    """List the dead letters, the latest last."""
    print_rows([asdict(view) for view in run(_listed(context.obj))], COLUMNS, as_json=as_json)


@commands.command("show")
def show(context: typer.Context, number: Number, as_json: AsJson = False) -> None:  # noqa: FBT002 - a flag
    """Show one whole, as it came: it may hold personal data."""
    print_fields(run(_shown(context.obj, number)), as_json=as_json)


@commands.command("retry")
def retry(context: typer.Context, number: Number) -> None:
    """Take one in once more: after an upgrade, say, that knows its type."""
    say(run(_retried(context.obj, number)))


@commands.command("discard")
def discard(context: typer.Context, number: Number) -> None:
    """Let one go: it stays in the list, and waits no longer."""
    if not run(_discarded(context.obj, number)):
        raise _none(number)
    say(f"dead letter {number} is discarded")


@commands.command("resume")
def resume(
    context: typer.Context,
    topic: Annotated[str, typer.Argument(help="The topic's name.")],
    partition: Annotated[int, typer.Argument(help="The partition's number.")],
    start: Annotated[
        str | None, typer.Option("--from", help="`earliest`, or an offset: what lies before it is never taken.")
    ] = None,
) -> None:
    """Let a partition that stands still go on, its bad records forgotten."""
    at = run(_resumed(context.obj, Partition(topic, partition), start))
    say(f"{topic} {partition} goes on from {at}")


async def _listed(settings: Settings) -> list[DeadLetterView]:
    async with ready_app(settings) as app:
        return [view async for view in every(partial(app.registry.operations.dead_letters, None))]


async def _shown(settings: Settings, number: int) -> dict[str, Any]:
    async with ready_app(settings) as app:
        found = await app.registry.operations.dead_letter(number)
    if found is None:
        raise _none(number)
    letter, view = found
    headers = {name: None if value is None else value.decode(errors="replace") for name, value in letter.headers}
    return asdict(view) | {"headers": headers, "body": letter.body.decode(errors="replace")}


async def _retried(settings: Settings, number: int) -> str:
    async with ready_app(settings) as app:
        done = await dead_letters.retry(number, app.database, app.rules, app.clock.now())
    if done is None:
        raise _none(number)
    if isinstance(done, Rejection):
        wrong = "; ".join(f"{error.pointer or '/'}: {error.detail}" for error in done.errors)
        raise Failed(f"dead letter {number} is {done.reason} still: {wrong}")
    return f"dead letter {number} is {done.outcomes[0].outcome}"


async def _discarded(settings: Settings, number: int) -> bool:
    async with ready_app(settings) as app:
        return await dead_letters.discard(number, app.database)


async def _resumed(settings: Settings, partition: Partition, start: str | None) -> int:
    async with ready_app(settings) as app:
        position = await dead_letters.stopped_at(partition, app.database)
        if position is None:
            raise Failed(f"{partition.topic} {partition.number} does not stand still")
        there = (await _ranges(app)).get(partition, range(0))
        at = position.next if start is None else there.start if start == "earliest" else _offset(start)
        if not there.start <= at <= there.stop:
            raise Failed(
                f"{partition.topic} {partition.number} has the offsets {there.start} to {there.stop}, not {at}:"
                " choose by --from where it goes on"
            )
        await dead_letters.resume(partition, at, app.database)
        return at


async def _ranges(app: App) -> dict[Partition, range]:
    if app.topics is None:
        raise Failed("there are no topics: ROLLCALL_KAFKA_BOOTSTRAP_SERVERS is not set", Exit.WRONG_USAGE)
    try:
        return dict(await app.topics.ends())
    except TopicsUnavailable as error:
        raise Failed(str(error)) from error


def _offset(start: str) -> int:
    if not start.isdecimal():
        raise Failed("--from should be `earliest` or an offset", Exit.WRONG_USAGE)
    return int(start)


def _none(number: int) -> Failed:
    return Failed(f"there is no dead letter {number}, or it waits no longer")


def add_to(parent: typer.Typer) -> None:
    parent.add_typer(commands, name="dead-letters")
