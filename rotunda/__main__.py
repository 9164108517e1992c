"""The command line: `python -m rotunda serve | work | migrate | seed | schema | documents | token | doctor | stop`.

Each command imports what it needs when it runs, so that all of them answer at once.
"""

import asyncio
import functools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, ParamSpec

import typer

from rotunda.refusals import StartRefused

P = ParamSpec("P")

REFUSED = 2
SNAPSHOT = Path(__file__).parent.parent / "schema" / "schema.graphql"

line = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None
)


@line.callback()
def rotunda() -> None:
    """Rotunda: the member community platform of a conference of mayors."""


def _refusing(command: Callable[P, None]) -> Callable[P, None]:
    """A command that answers a refusal with its sentence and exit code 2, and Ctrl-C with silence."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except StartRefused as refusal:
            typer.echo(str(refusal), err=True)
            raise typer.Exit(REFUSED) from None
        except KeyboardInterrupt:
            raise typer.Exit(130) from None

    return run


@line.command()
@_refusing
def serve(
    host: Annotated[str | None, typer.Option(help="Listen here rather than at ROTUNDA_HOST.")] = None,
    port: Annotated[int | None, typer.Option(help="Listen here rather than at ROTUNDA_PORT.")] = None,
) -> None:
    """Bring Rotunda up: database, migrations, seeds on the first start, then the server."""
    from rotunda.serve import serve
    from rotunda.settings import load

    serve(load(host=host, port=port), _say)


@line.command()
@_refusing
def work() -> None:
    """Do what nobody waits for: forget old notices, keys and sign-ins, every minute."""
    from rotunda.settings import load
    from rotunda.work import work

    asyncio.run(work(load(), _say))


@line.command()
@_refusing
def migrate() -> None:
    """Bring the database to the schema of this code."""
    from rotunda import database
    from rotunda.migrate import migrate
    from rotunda.settings import load

    async def run() -> None:
        async with database.running(load()) as dsn:
            await migrate(dsn, _say)
        _say("The database is up to date.")

    asyncio.run(run())


@line.command()
@_refusing
def seed() -> None:
    """Plant the cities, people and events of the seeds in a database that has none."""
    from rotunda import database
    from rotunda.serve import prepare
    from rotunda.settings import load

    async def run() -> None:
        async with database.running(load()) as dsn:
            await prepare(dsn, _say)
        _say("The seeds are planted.")

    asyncio.run(run())


@line.command()
@_refusing
def schema(
    check: Annotated[
        bool, typer.Option("--check", help="Only say whether the snapshot is up to date.")
    ] = False,
) -> None:
    """Print the GraphQL contract, and keep it in schema/schema.graphql."""
    from schema import printed

    now = printed().rstrip() + "\n"
    if not check:
        typer.echo(now, nl=False)
        SNAPSHOT.write_text(now)
    elif not SNAPSHOT.exists() or SNAPSHOT.read_text() != now:
        typer.echo(
            "schema/schema.graphql is not what the code says; run 'make schema' and commit it.", err=True
        )
        raise typer.Exit(1)


@line.command()
@_refusing
def documents() -> None:
    """List the registered documents with their ids: the portal's, the examples, and those of ROTUNDA_DOCUMENTS."""
    from rotunda.registered import found_at, own, prepared
    from rotunda.settings import load

    settings = load()
    prepared(settings)
    for source in [*own(), *(found_at(settings.documents) if settings.documents else ())]:
        typer.echo(f"{source.id}  {source.where}")


@line.command()
@_refusing
def token(
    email: Annotated[str, typer.Argument(help="Whose account.")],
    acting_for: Annotated[
        str | None, typer.Option("--acting-for", help="The slug of the city to act for, such as richmond-va.")
    ] = None,
) -> None:
    """Print a bearer token on the last line. For the operator of this machine only."""
    from rotunda import database
    from rotunda.settings import load
    from rotunda.tokens import issue

    async def run() -> str:
        settings = load()
        async with database.running(settings):
            return await issue(settings, email, acting_for)

    typer.echo(asyncio.run(run()))


@line.command()
@_refusing
def doctor() -> None:
    """Say what is wrong with this installation, and how to mend it."""
    from rotunda.doctor import examine

    if not asyncio.run(examine(_say)):
        raise typer.Exit(1)


@line.command()
@_refusing
def stop() -> None:
    """End the embedded PostgreSQL, should one be left running."""
    from rotunda import postgres
    from rotunda.settings import load

    _say("PostgreSQL is stopped." if postgres.stop(load().folder) else "No PostgreSQL was running here.")


def _say(what: str) -> None:
    """Progress, on standard output and at once."""
    typer.echo(what)
    sys.stdout.flush()


if __name__ == "__main__":
    line(prog_name="rotunda")
