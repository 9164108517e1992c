"""Resolutions as clients see them: calls, texts in every version, and whose names are under them."""

from typing import Annotated

import strawberry

from models import resolutions as rows
from models.resolutions import ClauseKind, ResolutionStatus
from planner.declare import EVERYONE, column, expression, identity, many, node, one, pages, where
from planner.pages import Connection
from policy import resolutions as policy
from resolvers.clauses import MOST_CLAUSES
from schema.enums import described
from schema.mayors import Mayor
from schema.nodes import Node
from schema.scalars import Instant, LocalTime

described(
    ResolutionStatus,
    "Where a resolution stands.",
    DRAFT="Being written; nobody beside the mayor's own office knows of it.",
    GATHERING="Open for sponsors; every member reads it.",
    SUBMITTED="Submitted before the deadline, with the sponsors it needs.",
    WITHDRAWN="Its mayor withdrew it.",
)
described(
    ClauseKind,
    "What a clause does.",
    WHEREAS="Says why.",
    RESOLVED="Says what is resolved.",
)

_NEWEST = [("(-{row}.recency)", "bigint"), ("{row}.id", "uuid")]
_STATUS = where(list[ResolutionStatus], "{row}.status = ANY({value})", "In one of these states.")
_MISSING = """greatest(0, (SELECT called.sponsors_needed FROM resolution_calls called WHERE called.id = {row}.call_id)
    - {row}.sponsor_count)"""


# A part of its version, and reached through nothing else: whoever reads the one reads the other.
@node(rows.Clause, key="", readable=EVERYONE)
class Clause:
    """One clause of a resolution. Plain text."""

    id: strawberry.ID = expression(
        "'cla_' || replace({row}.clause_id::text, '-', '')",
        nullable=False,
        description="Lasting: the same clause has it in every version, wherever it moved.",
    )
    kind: ClauseKind = column(description="What it does.")
    text: str = column(description="Its words, without the WHEREAS or the RESOLVED.")


@node(rows.ResolutionVersion, readable=policy.VERSIONS)
class ResolutionVersion:
    """How a resolution read from some moment on. Never changed."""

    version: int = column(description="Which version of the text it is.")
    title: str = column(description="Its title then.")
    clauses: list[Clause] = many(
        "{child}.resolution_id = {row}.resolution_id AND {child}.version = {row}.version",
        order="{child}.position",
        most=MOST_CLAUSES,
        description="Its clauses then, in order.",
    )
    at: Instant = column(description="When it was written.")


# A part of its resolution, and reached through nothing else.
@node(rows.Sponsorship, readable=EVERYONE)
class Sponsorship:
    """A mayor's name under one version of a text; noted when it is withdrawn, and never taken away."""

    mayor: Mayor | None = one("{child}.id = {row}.term_id", description="Who sponsors.")
    lead: bool = column(description="Whether that mayor leads the resolution.")
    at: Instant = column(description="When the name was given, or given again.")
    version: int = column(description="The version of the text it was given to.")
    current: bool = expression(
        "({row}.withdrawn_at IS NULL AND {row}.version ="
        " (SELECT about.version FROM resolutions about WHERE about.id = {row}.resolution_id))",
        nullable=False,
        description="Whether it counts: not withdrawn, and given to the text as it stands.",
    )
    withdrawn_at: Instant | None = column(description="When it was withdrawn; null while it is not.")


@node(rows.ResolutionCall, prefix="cal", readable=policy.CALLS)
class ResolutionCall(Node):
    """A call for resolutions, with its deadline. Known to members, those who act for them, and the secretariat."""

    id: strawberry.ID = identity()
    name: str = column(description="What it is for: `94th Annual Meeting`.")
    due_at: Instant = column(
        description="The deadline. Whatever is submitted is judged by the database's clock."
    )
    due_at_local: LocalTime = column("due_wall", description="The deadline, on the wall in `timeZone`.")
    time_zone: str = column(description="The IANA zone the deadline was agreed in.")
    open: bool = expression(
        "(now() <= {row}.due_at)", nullable=False, description="Whether the deadline is still to come."
    )
    sponsors_needed: int = column(description="How many sponsors a resolution needs, the lead included.")
    called_at: Instant = column(description="When the secretariat called.")
    revision: int = column(description="Grows whenever the deadline is moved.")
    can_move: bool = expression(
        "{viewer.secretariat}", nullable=False, description="Whether the viewer may move the deadline."
    )
    resolutions: Connection[Annotated["Resolution", strawberry.lazy("schema.resolutions")]] = pages(
        "{child}.call_id = {row}.id",
        order=_NEWEST,
        ways=policy.WAYS,
        description="Its resolutions that the viewer may know of, newest first.",
        status=_STATUS,
    )


@node(rows.Resolution, prefix="res", readable=policy.READABLE)
class Resolution(Node):
    """A text of WHEREAS and RESOLVED clauses that a mayor leads and others sponsor."""

    id: strawberry.ID = identity()
    number: int | None = column(
        description="Its number within its call, given when it is first submitted, and lasting; null until then."
    )
    title: str = column(description="What it is about, in a line.")
    status: ResolutionStatus = column(description="Where it stands.")
    call: ResolutionCall | None = one("{child}.id = {row}.call_id", description="What it is submitted to.")
    clauses: list[Clause] = many(
        "{child}.resolution_id = {row}.id AND {child}.version = {row}.version",
        order="{child}.position",
        most=MOST_CLAUSES,
        description="The text as it stands, in order.",
    )
    version: int = column(
        description="Which version of the text stands; it grows only when the text changes."
    )
    revision: int = column(description="Grows with every change, a sponsor's coming or going too.")
    sponsor: Mayor | None = one("{child}.id = {row}.term_id", description="The mayor who leads it.")
    sponsor_count: int = column(description="How many sponsor the text as it stands, the lead included.")
    missing: int = expression(
        _MISSING, nullable=False, description="How many sponsors of the text as it stands are still needed."
    )
    my_sponsorship: Sponsorship | None = one(
        "{child}.resolution_id = {row}.id AND {child}.term_id = {viewer.term_id}",
        description="That of the mayor whom the viewer is or acts for; null where there never was one.",
    )
    drafted_at: Instant | None = column(
        readable=policy.OFFICE, description="When it was drafted, for the office that drafted it."
    )
    opened_at: Instant | None = column(description="When it was opened for sponsors; null of what never was.")
    submitted_at: Instant | None = column(description="When it was submitted; null of what is not.")
    withdrawn_at: Instant | None = column(description="When it was withdrawn.")
    withdrawn_because: str | None = column(description="Why it was withdrawn.")
    can_edit: bool = expression(
        policy.CAN_EDIT, nullable=False, description="Whether the viewer may edit it as it stands."
    )
    can_gather: bool = expression(
        policy.CAN_GATHER, nullable=False, description="Whether the viewer may open it for sponsors now."
    )
    can_sponsor: bool = expression(
        policy.CAN_SPONSOR,
        nullable=False,
        description="Whether the viewer may sponsor the text as it stands.",
    )
    can_withdraw_sponsorship: bool = expression(
        policy.CAN_WITHDRAW_SPONSORSHIP,
        nullable=False,
        description="Whether the viewer has a name under it that may be withdrawn.",
    )
    can_submit: bool = expression(
        policy.CAN_SUBMIT,
        nullable=False,
        description="Whether the viewer may submit it now, once no sponsor is `missing`.",
    )
    can_withdraw: bool = expression(
        policy.CAN_WITHDRAW, nullable=False, description="Whether the viewer may withdraw the resolution."
    )
    sponsors: Connection[Sponsorship] = pages(
        "{child}.resolution_id = {row}.id",
        order=[("(NOT {row}.lead)", "boolean"), ("{row}.at", "timestamptz"), ("{row}.id", "uuid")],
        description="Whose names are under it: the lead's, then in the order of their coming.",
        current=where(
            bool,
            "({row}.withdrawn_at IS NULL AND {row}.version ="
            " (SELECT about.version FROM resolutions about WHERE about.id = {row}.resolution_id)) = {value}",
            "Such as count for the text as it stands, or such as do not.",
        ),
    )
    versions: list[ResolutionVersion] = many(
        "{child}.resolution_id = {row}.id",
        order="{child}.version DESC",
        most=20,
        description="The last 20 versions of its text, newest first; what it read as a draft, its office alone.",
    )
