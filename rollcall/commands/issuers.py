"""`rollcall issuers`: systems that may sign people in. What it needs is loaded once a command is given."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from rollcall.loop import run
from rollcall.output import AsJson, Failed, print_rows, say
from rollcall.settings import Settings

commands = typer.Typer(no_args_is_help=True, help="Systems that may sign people in.")

COLUMNS = ("iss", "product", "region", "origins", "organisations")


@commands.command("add")
def add(
    *,
    context: typer.Context,
    iss: Annotated[str, typer.Argument(metavar="ISS", help="What its hand-overs name as `iss`.")],
    key: Annotated[Path, typer.Option("--public-key", metavar="FILE", help="Its public key of Ed25519, PEM.")],
    origin: Annotated[
        list[str], typer.Option("--origin", metavar="URL", help="Where people may be led back; repeat for several.")
    ],
    product: Annotated[str, typer.Option(help="The profile of its pages: bars, mesh, paragraf, or one of PROFILES.")],
    region: Annotated[str | None, typer.Option(help="Its region (ISO 3166-2), where the profile asks for one.")] = None,
    organisation: Annotated[
        list[str] | None, typer.Option(help="A school it speaks for; repeat for several. None: all schools.")
    ] = None,
) -> None:
    """Let a system sign people in. One of the same name is replaced, and who came by it comes in anew."""
    from rollcall.issuing import Given, add_issuer  # noqa: PLC0415 - seconds of importing
    from rollcall.portal import address_of_pages  # noqa: PLC0415

    settings: Settings = context.obj
    replaced = run(add_issuer(settings, Given(iss, key, origin, product, region, organisation or [])))
    say(f"{iss} is {'replaced' if replaced else 'added'}")
    address = address_of_pages(settings)
    say(
        "no page answers yet: ROLLCALL_PUBLIC_URL should be their address, without a path"
        if address is None
        else f"people come in at {address}/enter, and `aud` is {address}"
    )


@commands.command("list")
def list_(context: typer.Context, as_json: AsJson = False) -> None:  # noqa: FBT002 - a flag
    """List the systems."""
    from rollcall.issuing import issuers_of  # noqa: PLC0415

    print_rows([asdict(issuer) for issuer in run(issuers_of(context.obj))], COLUMNS, as_json=as_json)


@commands.command("remove")
def remove(context: typer.Context, iss: Annotated[str, typer.Argument(metavar="ISS")]) -> None:
    """End a system's right, and the sessions it began, from now on."""
    from rollcall.issuing import end_issuer  # noqa: PLC0415

    if not run(end_issuer(context.obj, iss)):
        raise Failed(f"there is no issuer {iss}")
    say(f"{iss} signs nobody in any more")


def add_to(parent: typer.Typer) -> None:
    parent.add_typer(commands, name="issuers")
