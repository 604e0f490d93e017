"""Arguments of several commands: a page, the address it came from, its time zone."""

from typing import Annotated

import typer

Target = Annotated[
    str, typer.Argument(metavar="URL|FILE", help="An address, a saved page, or - for stdin.")
]
Origin = Annotated[str, typer.Option("--url", help="The address that a FILE came from.")]
Zone = Annotated[str, typer.Option("--timezone", help="The publisher's zone: Europe/Berlin.")]
