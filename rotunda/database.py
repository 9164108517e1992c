"""A connection to the database for the command line, with one sentence for each way it can be missing."""

import asyncpg

from rotunda.refusals import StartRefused

OLDEST = 18  # uuidv7() and temporal keys came with it


async def connect(dsn: str) -> "asyncpg.Connection[asyncpg.Record]":
    """A connection to a PostgreSQL that is new enough. The caller closes it.

    Raises:
        StartRefused: nobody answers, the login is refused, there is no such database, or it is too old.
    """
    try:
        connection = await asyncpg.connect(dsn, timeout=5)
    except asyncpg.InvalidCatalogNameError:
        raise StartRefused(
            "DATABASE_URL names a database that does not exist; make it with createdb."
        ) from None
    except asyncpg.InvalidAuthorizationSpecificationError:
        raise StartRefused("The database refused the user or the password in DATABASE_URL.") from None
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as problem:
        why = str(problem) or type(problem).__name__
        raise StartRefused(f"The database cannot be reached; check DATABASE_URL ({why}).") from None
    version = connection.get_server_version()
    if version.major < OLDEST:
        await connection.close()
        raise StartRefused(
            f"DATABASE_URL leads to PostgreSQL {version.major}; Rotunda needs {OLDEST} or newer."
        )
    return connection
