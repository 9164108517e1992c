"""Registered documents: those known before anybody sends them, each under its hash."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graphql import GraphQLError, OperationDefinitionNode

import schema
from planner.documents import Documents
from planner.prepared import Prepared
from planner.refusals import BadRequest
from portal.documents import document, names
from portal.pages.api.examples import examples
from rotunda.refusals import StartRefused

if TYPE_CHECKING:
    from rotunda.settings import Settings

_SHA256 = "sha256:"
_HEX_DIGITS = 64


@dataclass(frozen=True, slots=True)
class Source:
    """One document as it was found: what it is called there, where that is, and its text."""

    id: str
    where: str
    text: str


@dataclass(frozen=True, slots=True)
class Registered:
    """Texts by id: `sha256:` with the hexadecimal hash of the text's UTF-8, or whatever a manifest calls them.

    With `only`, nothing else is answered. Requests register nothing: what anybody may add to, anybody may fill.
    """

    by_id: Mapping[str, str] = field(default_factory=dict)
    only: bool = False
    texts: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "texts", frozenset(self.by_id.values()))

    def meant(self, id: str | None, query: str) -> str:
        """The text of the document that a request means; ``BadRequest`` where there is none that may be answered."""
        text = query if id is None else self._by_id(id, query)
        if self.only and text not in self.texts:
            raise BadRequest(
                "This server answers registered documents only, and this is none of them. Send the id of one, or ask "
                "whoever runs the server to register yours.",
                "DOCUMENT_NOT_REGISTERED",
            )
        return text

    def _by_id(self, id: str, query: str) -> str:
        text = self.by_id.get(id)
        if text is None and not query:
            raise BadRequest(
                "No document is registered under this id. Send its text as `query`.",
                "PERSISTED_QUERY_NOT_FOUND",
            )
        if query and text != query and id != hashed(query):
            raise BadRequest(
                "The id and the `query` of this request are of two documents.", "DOCUMENT_MISMATCH"
            )
        return text or query


def prepared(settings: "Settings") -> tuple[Documents, Registered]:
    """The documents of this house, with those registered that it is built of and those its operator names.

    Raises:
        StartRefused: one of the operator's cannot be read, or does not fit the contract.
    """
    given = list(found_at(settings.documents)) if settings.documents else []
    ours = list(own())
    registered = gathered([*ours, *given], only=settings.documents_only)
    world, sound = schema.world(settings.secret), frozenset(source.text for source in ours)
    documents = Documents(world, settings.document_limits, registered.texts, sound)
    check(documents, given)
    return documents, registered


def own() -> Iterator[Source]:
    """What the portal asks, page by page, and the examples that GraphiQL offers."""
    asked = {f"portal/pages/{name}.graphql": document(name) for name in names()}
    asked |= {f"docs/examples/{one.name}.graphql": one.query for of in examples().values() for one in of}
    for where, text in asked.items():
        yield Source(hashed(text), where, text)


def hashed(text: str) -> str:
    """A document's id after its text: `sha256:…`, as the appendix of GraphQL over HTTP has it."""
    return _SHA256 + hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def gathered(sources: Iterable[Source], *, only: bool) -> Registered:
    """All of them under the hash of their text, and under the id they have where they were found."""
    by_id: dict[str, str] = {}
    for source in sources:
        by_id[hashed(source.text)] = source.text
        if by_id.setdefault(source.id, source.text) != source.text:
            raise StartRefused(
                f"ROTUNDA_DOCUMENTS: {source.id} in {source.where} is the name of another document too."
            )
    return Registered(by_id, only)


def found_at(place: Path) -> Iterator[Source]:
    """The documents of a folder of `.graphql` files and `.json` manifests, or of one such file.

    Raises:
        StartRefused: there is nothing, or a manifest is none.
    """
    files = sorted(place.rglob("*")) if place.is_dir() else [place]
    known = [file for file in files if file.suffix in {".graphql", ".json"}]
    if not known:
        raise StartRefused(
            f"ROTUNDA_DOCUMENTS names {place}, where there is no .graphql file and no .json manifest."
        )
    for file in known:
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as problem:
            raise StartRefused(f"ROTUNDA_DOCUMENTS: {file} cannot be read ({problem}).") from None
        yield from (
            _in_manifest(file, text) if file.suffix == ".json" else [Source(hashed(text), str(file), text)]
        )


def check(documents: Documents, sources: Iterable[Source]) -> None:
    """Prepare every operation of every document, so that a client never learns first that one does not fit.

    Raises:
        StartRefused: one does not, with what is wrong with it.
    """
    for source in sources:
        for name in _operations(documents, source):
            found = documents.prepare(source.text, name)
            if not isinstance(found, Prepared):
                raise _unfit(source, found[0])


def _operations(documents: Documents, source: Source) -> list[str | None]:
    try:
        found = documents.gate.read(source.text).definitions
    except GraphQLError as error:
        raise _unfit(source, error) from None
    named = [node.name for node in found if isinstance(node, OperationDefinitionNode)]
    return [name.value if name else None for name in named] or [None]


def _unfit(source: Source, error: GraphQLError) -> StartRefused:
    return StartRefused(f"ROTUNDA_DOCUMENTS: {source.where} does not fit the contract. {error.message}")


def _in_manifest(file: Path, text: str) -> Iterator[Source]:
    """`{id: text}`, as graphql-codegen and the Relay compiler write it, or the manifest of Apollo's generator."""
    try:
        told: Any = json.loads(text)
        pairs = {one["id"]: one["body"] for one in told["operations"]} if "operations" in told else told
        sound = all(isinstance(part, str) for pair in pairs.items() for part in pair)
    except (ValueError, TypeError, KeyError, AttributeError):
        sound = False
    if not sound:
        raise StartRefused(
            f"ROTUNDA_DOCUMENTS: {file} is no manifest; it should be a JSON object of documents by their hashes."
        )
    for name, body in pairs.items():
        yield _with_prefix(Source(name, f"{file} ({name})", body))


def _with_prefix(source: Source) -> Source:
    """Sixty-four hexadecimal digits are a hash, and are held to be the text's; anything else is a name."""
    bare = source.id.removeprefix(_SHA256)
    if len(bare) != _HEX_DIGITS or set(bare) - set("0123456789abcdef"):
        return source
    if _SHA256 + bare != hashed(source.text):
        raise StartRefused(f"ROTUNDA_DOCUMENTS: {source.where} is not the hash of its text.")
    return Source(_SHA256 + bare, source.where, source.text)
