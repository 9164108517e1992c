"""The settings of asking: how much one document may ask for, and which documents are answered."""

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings

from planner.limits import Limits


class Asking(BaseSettings):
    """Settings about documents. The limits count a document with its fragments spread out."""

    most_characters: int = Field(
        default=Limits.characters, ge=1_000, description="the characters a document may have, at least 1000"
    )
    most_tokens: int = Field(
        default=Limits.tokens, ge=400, description="the tokens a document may have, at least 400"
    )
    most_operations: int = Field(
        default=Limits.operations, ge=1, description="the operations one document may hold, at least 1"
    )
    most_fragments: int = Field(
        default=Limits.fragments, ge=10, description="the fragments a document may define, at least 10"
    )
    most_depth: int = Field(
        default=Limits.depth, ge=10, le=100, description="how deep a document may ask, from 10 to 100 levels"
    )
    most_fields: int = Field(
        default=Limits.fields, ge=250, description="the fields a document may select, at least 250"
    )
    most_aliases: int = Field(
        default=Limits.aliases, ge=15, description="the aliases a document may give, at least 15"
    )
    most_directives: int = Field(
        default=Limits.directives, ge=5, description="the directives a document may have, at least 5"
    )
    most_root_fields: int = Field(
        default=Limits.root_fields,
        ge=20,
        description="the fields of the root a document may ask, at least 20",
    )
    most_ids: int = Field(
        default=Limits.ids, ge=1, le=1_000, description="the ids `nodes` takes at once, from 1 to 1000"
    )
    most_values: int = Field(
        default=Limits.values, ge=100, description="the values that variables may hold, at least 100"
    )
    most_cost: int = Field(
        default=Limits.cost, ge=20_000, description="the rows one request may reach, at least 20000"
    )
    statement_seconds: float = Field(
        default=5, gt=0, le=600, description="the seconds a statement of the database may take, at most 600"
    )
    introspection: Literal["open", "closed"] = Field(
        default="open",
        description="`open`, or `closed` so that nobody is told of the schema or of near misses",
    )
    documents: Path | None = Field(
        default=None,
        description="a folder of .graphql files and .json manifests, or one of these, whose documents are registered",
    )
    documents_only: bool = Field(
        default=False, description="`true` so that only registered documents are answered, or `false`"
    )

    @property
    def document_limits(self) -> Limits:
        """The most of each, as the planner takes it."""
        return Limits(
            characters=self.most_characters,
            tokens=self.most_tokens,
            operations=self.most_operations,
            fragments=self.most_fragments,
            depth=self.most_depth,
            fields=self.most_fields,
            aliases=self.most_aliases,
            directives=self.most_directives,
            root_fields=self.most_root_fields,
            ids=self.most_ids,
            values=self.most_values,
            cost=self.most_cost,
            introspection=self.introspection == "open",
        )
