"""Settings: what an operator may choose, read from the environment and checked before anything starts."""

import os
import secrets
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, PrivateAttr, SecretStr, ValidationError
from pydantic_settings import SettingsConfigDict

from rotunda.asking import Asking
from rotunda.graphql.limits import Limits
from rotunda.refusals import StartRefused

SMTP_SCHEMES = ("smtp", "smtps", "smtp+starttls")
SHORTEST_SECRET = 32
#: More than a machine can do to itself: what is not limited.
UNCOUNTED = 1_000_000_000
# Where one listens so, one is at home under a name: browsers bind passkeys to names only.
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_THIS_MACHINE = frozenset({"127.0.0.1", "::1", "0.0.0.0", "::"})  # noqa: S104  # compared, not bound


def load(**chosen: Any) -> "Settings":
    """Settings from the environment, `chosen` winning, with the folder and the secret in place.

    Raises:
        StartRefused: a setting is wrong, or the folder cannot be written.
    """
    try:
        settings = Settings(**{name: value for name, value in chosen.items() if value is not None})
    except ValidationError as problem:
        raise StartRefused(_sentence(problem)) from None
    settings.prepare()
    return settings


def _a_public_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError
    return url.rstrip("/")


def _a_database_url(url: SecretStr) -> SecretStr:
    scheme, _, rest = url.get_secret_value().partition("://")
    if scheme not in {"postgresql", "postgres", "postgresql+asyncpg"} or not rest:
        raise ValueError
    return SecretStr(f"postgresql://{rest}")


def _an_smtp_url(url: SecretStr) -> SecretStr:
    parts = urlsplit(url.get_secret_value())
    _ = parts.port  # raises ValueError when it is no number
    if parts.scheme not in SMTP_SCHEMES or not parts.hostname:
        raise ValueError
    return url


class Settings(Asking):
    """Every setting, each described once. A field `port` is read from `ROTUNDA_PORT`.

    A description continues the sentence "… should be", because that is how a wrong one is reported.
    """

    model_config = SettingsConfigDict(
        env_prefix="ROTUNDA_",
        env_ignore_empty=True,  # docker compose passes an unset variable as an empty one
        extra="ignore",
        frozen=True,
        populate_by_name=True,
    )

    host: str = Field(default="127.0.0.1", min_length=1, description="the address to listen on")
    port: int = Field(
        default=8000, ge=0, le=65535, description="a port from 1 to 65535, or 0 for any free one"
    )
    var: Path = Field(default=Path("var"), description="the folder for everything Rotunda keeps")
    chosen_public_url: Annotated[str, AfterValidator(_a_public_url)] | None = Field(
        default=None,
        validation_alias="ROTUNDA_PUBLIC_URL",
        description="the address people reach Rotunda at, such as https://members.example.org",
    )
    chosen_secret: SecretStr | None = Field(
        default=None,
        validation_alias="ROTUNDA_SECRET",
        min_length=SHORTEST_SECRET,
        description=f"at least {SHORTEST_SECRET} characters that nobody can guess, or unset for a made one",
    )
    database_url: Annotated[SecretStr, AfterValidator(_a_database_url)] | None = Field(
        default=None,
        validation_alias="DATABASE_URL",
        description="a URL like postgresql://user:password@host/database, or unset for the embedded one",
    )
    smtp_url: Annotated[SecretStr, AfterValidator(_an_smtp_url)] | None = Field(
        default=None,
        validation_alias="SMTP_URL",
        description="a URL like smtp://host:25, smtps://user:password@host or smtp+starttls://user:password@host,"
        " or unset to keep mail under var/mail",
    )
    heartbeat_seconds: float = Field(
        default=60, gt=0, le=3600, description="the seconds between two heartbeats of a stream, at most 3600"
    )
    log_kept_days: int = Field(
        default=90, ge=1, description="the days that the log of notices is kept, at least 1"
    )
    settling_seconds: float = Field(
        default=10, ge=0, le=3600, description="the seconds in which changes fold into one mail, at most 3600"
    )
    readers: int = Field(default=8, ge=1, le=90, description="connections for reading, from 1 to 90")
    writers: int = Field(default=5, ge=1, le=90, description="connections for acts, from 1 to 90")
    requests_per_account: int = Field(
        default=1_200, ge=1, description="how many requests an account may make in a minute, at least 1"
    )
    requests_per_address: int = Field(
        default=3_000,
        ge=1,
        description="how many requests may come in a minute from one address, by those not signed in, at least 1",
    )
    acts_per_account: int = Field(
        default=600, ge=1, description="how many acts an account may carry out in a minute, at least 1"
    )
    streams: int = Field(
        default=10_000, ge=1, description="sockets and event streams that a process keeps open, at least 1"
    )
    streams_per_account: int = Field(
        default=20, ge=1, description="sockets and event streams of one account, in one process, at least 1"
    )
    streams_per_address: int = Field(
        default=500,
        ge=1,
        description="sockets and event streams from one address, by those not signed in, at least 1",
    )
    operations_per_socket: int = Field(
        default=10, ge=1, le=1000, description="operations that run on one socket at once, from 1 to 1000"
    )
    init_seconds: float = Field(
        default=10, gt=0, le=600, description="the seconds a socket may take to say who it is, at most 600"
    )
    message_bytes: int = Field(
        default=65_536, ge=1_024, description="the bytes of one message on a socket, at least 1024"
    )
    body_bytes: int = Field(
        default=1_000_000, ge=10_000, description="the bytes of a request's body, at least 10000"
    )
    body_seconds: float = Field(
        default=30, gt=0, le=600, description="the seconds a request's body may take to arrive, at most 600"
    )
    head_bytes: int = Field(
        default=32_768, ge=4_096, description="the bytes of a request's address and headers, at least 4096"
    )
    head_seconds: float = Field(
        default=10, gt=0, le=600, description="the seconds a request's head may take to arrive, at most 600"
    )

    _made_secret: str = PrivateAttr("")

    @cached_property
    def public_url(self) -> str:
        """Where people reach Rotunda, without a slash at the end."""
        if self.chosen_public_url:
            return self.chosen_public_url
        host = "localhost" if self.host in _THIS_MACHINE else self.host
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    @property
    def secret(self) -> bytes:
        """The key that Rotunda signs with."""
        if not self.chosen_secret and not self._made_secret:
            self.prepare()
        chosen = self.chosen_secret.get_secret_value() if self.chosen_secret else self._made_secret
        return chosen.encode()

    @property
    def dsn(self) -> str:
        """Where the database is, for asyncpg; the embedded one must have been started."""
        if self.database_url:
            return self.database_url.get_secret_value()
        from rotunda import postgres

        return postgres.Cluster(self.folder).address()

    @property
    def limits(self) -> Limits:
        """What one client may ask for, as the transports take it."""
        return Limits(
            body_bytes=self.body_bytes,
            body_seconds=self.body_seconds,
            init_seconds=self.init_seconds,
            operations=self.operations_per_socket,
            account_requests=self._fair("requests_per_account"),
            address_requests=self._fair("requests_per_address"),
            account_acts=self._fair("acts_per_account"),
            lines=self.streams,
            account_lines=self._fair("streams_per_account"),
            address_lines=self._fair("streams_per_address"),
        )

    @property
    def at_home(self) -> bool:
        """Whether only this machine can reach Rotunda: nobody else listens, and no public address was named."""
        return self.host in _LOOPBACK and not self.chosen_public_url

    def _fair(self, name: str) -> int:
        """How much one caller may ask beside others. At home there are no others, unless a number was chosen."""
        number: int = getattr(self, name)
        return UNCOUNTED if self.at_home and name not in self.model_fields_set else number

    @property
    def mailbox(self) -> Path | None:
        """The folder that mail lands in, or None where an SMTP server takes it."""
        return None if self.smtp_url else self.folder / "mail"

    @cached_property
    def folder(self) -> Path:
        """`var`, absolute."""
        return self.var.expanduser().resolve()

    def prepare(self) -> None:
        """Make the folder and the secret, or say why that cannot be.

        Raises:
            StartRefused: the folder cannot be made or written.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._made_secret = "" if self.chosen_secret else _kept_secret(self.folder)
        except OSError as problem:
            why = problem.strerror or str(problem)
            raise StartRefused(
                f"ROTUNDA_VAR names {self.folder}, and Rotunda cannot write there ({why.lower()})."
            ) from None


def environment_name(field: str) -> str:
    """The environment variable that a field of `Settings` is read from."""
    alias = Settings.model_fields[field].validation_alias
    return alias if isinstance(alias, str) else f"ROTUNDA_{field.upper()}"


def _sentence(problem: ValidationError) -> str:
    """The first thing wrong, by the name its author typed; values are not repeated, some are passwords."""
    where = str(problem.errors()[0]["loc"][0])
    field = next(name for name in Settings.model_fields if where in {name, environment_name(name)})
    return f"{environment_name(field)} is not right: it should be {Settings.model_fields[field].description}."


def _kept_secret(folder: Path) -> str:
    """The secret in `folder`, made by whichever process comes first; link() settles who that is."""
    kept = folder / "secret"
    if not kept.exists():
        mine = folder / f".secret.{os.getpid()}"
        mine.unlink(missing_ok=True)
        with os.fdopen(os.open(mine, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            os.link(mine, kept)
        except FileExistsError:
            pass  # another process was first, and its secret is as good
        finally:
            mine.unlink()
    return kept.read_text()
