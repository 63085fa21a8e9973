"""`psbuddy demo`: its options; what it does is in `psbuddy.cli.demo`."""

from pathlib import Path
from typing import Annotated

import typer

from psbuddy.cli.command import exits


def register(app: typer.Typer) -> None:
    app.command("demo")(exits(demo))


def demo(
    headless: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="No window: write pictures into DIR, print the table."),
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=400, help="Days of history.")] = 30,
    seed: Annotated[int, typer.Option(help="The same seed gives the same fleet.")] = 20261124,
    keep: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Keep the fleet, its logs and its store in DIR."),
    ] = None,
    theme: Annotated[str, typer.Option(help="Of the pictures: light or dark.")] = "light",
) -> int:
    """A fleet to try: real OpenSSH on this machine, logs that grow, jobs that run twice."""
    from psbuddy.cli.demo import demo_command  # noqa: PLC0415 - brings the simulator

    return demo_command(headless=headless, days=days, seed=seed, keep=keep, theme=theme)
