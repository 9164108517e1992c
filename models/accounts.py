"""An account is a person's login."""

from uuid import UUID

from sqlmodel import Field, SQLModel


class Account(SQLModel, table=True):
    """A person's login. One person may be mayor, staff, host and secretariat at once."""

    __tablename__ = "accounts"

    id: UUID = Field(default=None, primary_key=True, sa_column_kwargs={"server_default": "uuidv7()"})
    person_id: UUID = Field(foreign_key="people.id", unique=True)
    email: str = Field(unique=True)
    secretariat: bool = Field(default=False)
    revision: int = Field(default=1)
