"""The secretariat: the people who run the conference. An account belongs to it or does not."""

from dataclasses import dataclass
from typing import ClassVar

from models.accounts import Account
from models.notices import Notice


@dataclass(frozen=True, kw_only=True)
class SecretariatNotice(Notice):
    """Who runs the conference has changed; told to the person and to the secretariat."""

    noun: ClassVar[str] = "account"

    @classmethod
    def of(cls, account: Account) -> "SecretariatNotice":
        """The fact, for the account it is about; its rights change with it."""
        return cls(
            subject=account.id,
            revision=account.revision,
            topics=("secretariat", f"account:{account.id.hex}"),
            rights=(account.id,),
        )


class SecretariatJoined(SecretariatNotice):
    """Somebody belongs to the secretariat from now on."""


class SecretariatLeft(SecretariatNotice):
    """Somebody no longer belongs to the secretariat."""
