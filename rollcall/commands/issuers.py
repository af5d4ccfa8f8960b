"""`rollcall issuers`: systems that may sign people in."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from adapters.database.issuers import list_issuers, put_issuer, remove_issuer
from adapters.portal.hand_over import ISS, origin_of, public_key
from rollcall.clock import SystemClock
from rollcall.commands.tokens import writing
from rollcall.loop import run
from rollcall.output import AsJson, Failed, print_rows, say
from rollcall.portal import address_of_pages, profiles_of
from rollcall.settings import Settings
from sync.entering import Issuer
from sync.ids import OrganisationId

commands = typer.Typer(no_args_is_help=True, help="Systems that may sign people in.")

COLUMNS = ("iss", "product", "region", "origins", "organisations")


@commands.command("add")
def add(
    *,
    context: typer.Context,
    iss: Annotated[str, typer.Argument(metavar="ISS", help="What its hand-overs name as `iss`.")],
    public_key_file: Annotated[
        Path, typer.Option("--public-key", metavar="FILE", help="Its public key of Ed25519, PEM.")
    ],
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
    settings: Settings = context.obj
    if not ISS.fullmatch(iss):
        raise typer.BadParameter("1 to 256 visible characters of ASCII", param_hint="ISS")
    if product not in (known := profiles_of(settings)):
        raise typer.BadParameter(f"there is no profile {product}, only {', '.join(known)}", param_hint="--product")
    origins = sorted({_origin(url) for url in origin})
    schools = [OrganisationId(each) for each in sorted(set(organisation or []))]
    replaced = run(_add(settings, Issuer(iss, _key_of(public_key_file), origins, product, region, schools)))
    say(f"{iss} is {'replaced' if replaced else 'added'}")
    address = address_of_pages(settings)
    say(
        "no page answers yet: ROLLCALL_PUBLIC_URL should be their address, without a path"
        if address is None
        else f"people come in at {address}/enter, and `aud` is {address}"
    )


def _origin(url: str) -> str:
    origin = origin_of(url)
    if origin is None:
        raise typer.BadParameter(f"{url} is no address, like https://school.example", param_hint="--origin")
    return origin


def _key_of(path: Path) -> str:
    try:
        pem = path.read_text(encoding="ascii")
        public_key(pem)
    except OSError as error:
        raise Failed(f"{path}: {error.strerror}") from error
    except ValueError as error:
        raise Failed(
            f"{path} is no public key of Ed25519 as PEM (`openssl pkey -in KEY -pubout` prints one)"
        ) from error
    return pem


async def _add(settings: Settings, issuer: Issuer) -> bool:
    async with writing(settings) as connection:
        return await put_issuer(connection, issuer, SystemClock().now())


@commands.command("list")
def list_(context: typer.Context, as_json: AsJson = False) -> None:  # noqa: FBT002 - a flag
    """List the systems."""
    print_rows([asdict(issuer) for issuer in run(_list(context.obj))], COLUMNS, as_json=as_json)


async def _list(settings: Settings) -> list[Issuer]:
    async with writing(settings) as connection:
        return await list_issuers(connection)


@commands.command("remove")
def remove(context: typer.Context, iss: Annotated[str, typer.Argument(metavar="ISS")]) -> None:
    """End a system's right, and the sessions it began, from now on."""
    if not run(_remove(context.obj, iss)):
        raise Failed(f"there is no issuer {iss}")
    say(f"{iss} signs nobody in any more")


async def _remove(settings: Settings, iss: str) -> bool:
    async with writing(settings) as connection:
        return await remove_issuer(connection, iss)


def add_to(parent: typer.Typer) -> None:
    parent.add_typer(commands, name="issuers")
