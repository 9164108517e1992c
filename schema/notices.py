"""Notices as clients see them, and the items of a stream that are no notices."""

import strawberry

from models import notices as rows
from models.delegations import Scope
from models.events import EventStatus
from planner.declare import column, expression, here, node, one, part
from policy import notices as policy
from schema.accounts import Account
from schema.delegations import Delegation
from schema.discussions import Post, Report, Thread
from schema.events import Event
from schema.groups import Group, Membership
from schema.keys import ApiToken, Passkey, Session
from schema.mayors import Mayor
from schema.resolutions import Resolution, ResolutionCall
from schema.scalars import Cursor, Day, Instant, LocalTime

_PLACE = "log_cursor({row}.pos, (SELECT log_epoch()))"


@part()
class EventMoment:
    """How an event stood at some time, frozen in the notice."""

    status: EventStatus = column(description="Its state.")
    starts_at: Instant | None = column(description="Its start.")
    ends_at: Instant | None = column(description="Its end.")
    starts_at_local: LocalTime | None = column(description="Its start, on the wall in `timeZone`.")
    ends_at_local: LocalTime | None = column(description="Its end, on the wall in `timeZone`.")
    time_zone: str = column(description="Its zone.")
    location: str = column(description="Its place.")


@node(rows.NoticeRow, readable=policy.READABLE, interface=True, kind_column="kind")
class Notice:
    """A fact worth telling, in the past tense. What it says is frozen; what it is about is read as it is now."""

    cursor: Cursor = expression(
        _PLACE, nullable=False, description="Its place in the log; resume with `after`."
    )
    at: Instant = column(description="When it was written.")
    actor: Account | None = one(
        "{child}.id = {row}.actor_id", description="Who did it, where the viewer may know."
    )
    principal: Mayor | None = one("{child}.id = {row}.term_id", description="For which mayor it was done.")


@node(rows.NoticeRow, readable=policy.READABLE, interface=True, kind_column="kind")
class EventNotice(Notice):
    """An event's move, saying how it was and how it stands."""

    event: Event | None = one("{child}.id = {row}.subject", description="The event as it is now.")
    version: int = expression(
        "({row}.payload->>'version')::int", nullable=False, description="The event's version with this move."
    )
    reason: str | None = expression("{row}.payload->>'reason'", description="Why.")
    was: EventMoment | None = here("{row}.payload->'was'", description="How it stood before.")
    now: EventMoment | None = here("{row}.payload->'now'", description="How it stood from then on.")


@node(rows.NoticeRow, readable=policy.READABLE)
class EventAnnounced(EventNotice):
    """A date was saved."""


@node(rows.NoticeRow, readable=policy.READABLE)
class EventScheduled(EventNotice):
    """An event was put on the calendar."""


@node(rows.NoticeRow, readable=policy.READABLE)
class EventPostponed(EventNotice):
    """An event lost its date, or was given a later one that is still to be confirmed."""


@node(rows.NoticeRow, readable=policy.READABLE)
class EventRescheduled(EventNotice):
    """A postponed event's date was confirmed."""


@node(rows.NoticeRow, readable=policy.READABLE)
class EventMovedOnline(EventNotice):
    """An event keeps its time and leaves its place."""


@node(rows.NoticeRow, readable=policy.READABLE)
class EventCancelled(EventNotice):
    """An event will not take place."""


@node(rows.NoticeRow, readable=policy.READABLE)
class EventHeld(EventNotice):
    """An event took place."""


@node(rows.NoticeRow, readable=policy.READABLE)
class EventEdited(EventNotice):
    """An event's words changed; its time, place and state did not."""


@node(rows.NoticeRow, readable=policy.READABLE, interface=True, kind_column="kind")
class DelegationNotice(Notice):
    """What happened to a grant; told to its mayor and its holder."""

    delegation: Delegation | None = one("{child}.id = {row}.subject", description="The grant as it is now.")


@node(rows.NoticeRow, readable=policy.READABLE)
class DelegationInvited(DelegationNotice):
    """A mayor offered somebody a grant."""


@node(rows.NoticeRow, readable=policy.READABLE)
class DelegationAccepted(DelegationNotice):
    """A grant is in force."""


@part()
class GrantMoment:
    """What a grant allowed at some time and until when, frozen in the notice."""

    scopes: list[Scope] = column(description="What it allowed.")
    ends_on: Day | None = column(description="Its last day; null when open.")


@node(rows.NoticeRow, readable=policy.READABLE)
class DelegationNarrowed(DelegationNotice):
    """A mayor took something out of a grant, or let it end earlier."""

    was: GrantMoment | None = here("{row}.payload->'was'", description="How it stood before.")
    now: GrantMoment | None = here("{row}.payload->'now'", description="How it stood from then on.")


@node(rows.NoticeRow, readable=policy.READABLE)
class DelegationRevoked(DelegationNotice):
    """A mayor took a grant back."""


@node(rows.NoticeRow, readable=policy.READABLE)
class DelegationLeft(DelegationNotice):
    """A delegate laid a grant down, or declined it."""


@node(rows.NoticeRow, readable=policy.READABLE)
class DelegationExpired(DelegationNotice):
    """A grant's last day has passed."""


@node(rows.NoticeRow, readable=policy.READABLE)
class DelegationTermEnded(DelegationNotice):
    """A grant ended with its mayor's term."""


@node(rows.NoticeRow, readable=policy.READABLE, interface=True, kind_column="kind")
class MayorNotice(Notice):
    """What happened to a mayor's term or profile."""

    mayor: Mayor | None = one("{child}.id = {row}.subject", description="The mayor as of now.")


@node(rows.NoticeRow, readable=policy.READABLE)
class TermOpened(MayorNotice):
    """A person took office."""

    since: Day = expression(
        "({row}.payload->>'since')::date", nullable=False, description="First day in office."
    )


@node(rows.NoticeRow, readable=policy.READABLE)
class TermEnded(MayorNotice):
    """A mayor left office."""

    on: Day = expression(
        "({row}.payload->>'on')::date", nullable=False, description="First day out of office."
    )


@node(rows.NoticeRow, readable=policy.READABLE)
class ProfileUpdated(MayorNotice):
    """A mayor's profile changed."""


@node(rows.NoticeRow, readable=policy.READABLE, interface=True, kind_column="kind")
class SecretariatNotice(Notice):
    """Who runs the conference has changed; told to the person and to the secretariat."""

    account: Account | None = one("{child}.id = {row}.subject", description="The account as it is now.")


@node(rows.NoticeRow, readable=policy.READABLE)
class SecretariatJoined(SecretariatNotice):
    """Somebody belongs to the secretariat from then on."""


@node(rows.NoticeRow, readable=policy.READABLE)
class SecretariatLeft(SecretariatNotice):
    """Somebody no longer belongs to the secretariat."""


@node(rows.NoticeRow, readable=policy.READABLE, interface=True, kind_column="kind")
class GroupNotice(Notice):
    """What happened to a group."""

    group: Group | None = one("{child}.id = {row}.subject", description="The group as it is now.")


@node(rows.NoticeRow, readable=policy.READABLE)
class GroupFounded(GroupNotice):
    """A group was founded."""


@node(rows.NoticeRow, readable=policy.READABLE)
class GroupEdited(GroupNotice):
    """A group's words changed, or whether offices may post in it."""


@node(rows.NoticeRow, readable=policy.READABLE, interface=True, kind_column="kind")
class MembershipNotice(Notice):
    """Somebody was let into a group, or is out of it; told to that person."""

    membership: Membership | None = one(
        "{child}.id = {row}.subject", description="Where they stand with it now."
    )


@node(rows.NoticeRow, readable=policy.READABLE)
class GroupInvitation(MembershipNotice):
    """A keeper invited somebody."""


@node(rows.NoticeRow, readable=policy.READABLE)
class GroupJoined(MembershipNotice):
    """Somebody joined a group."""


@node(rows.NoticeRow, readable=policy.READABLE)
class GroupLeft(MembershipNotice):
    """Somebody left a group, or was taken out of it."""


@node(rows.NoticeRow, readable=policy.READABLE, interface=True, kind_column="kind")
class ThreadNotice(Notice):
    """What happened to a thread."""

    thread: Thread | None = one("{child}.id = {row}.subject", description="The thread as it is now.")


@node(rows.NoticeRow, readable=policy.READABLE)
class ThreadStarted(ThreadNotice):
    """A thread was started."""


@node(rows.NoticeRow, readable=policy.READABLE)
class ThreadChanged(ThreadNotice):
    """A thread was pinned, locked or resolved, or is so no longer; it neither bumps nor makes unread."""


@node(rows.NoticeRow, readable=policy.READABLE, interface=True, kind_column="kind")
class PostNotice(Notice):
    """What happened to a post."""

    post: Post | None = one("{child}.id = {row}.subject", description="The post as it is now.")


@node(rows.NoticeRow, readable=policy.READABLE)
class PostAdded(PostNotice):
    """Somebody posted."""


@node(rows.NoticeRow, readable=policy.READABLE)
class PostChanged(PostNotice):
    """A post was edited, deleted, hidden or shown again, or marked."""


@node(rows.NoticeRow, readable=policy.READABLE, interface=True, kind_column="kind")
class ReportNotice(Notice):
    """What happened to a report; told to those who keep the group."""

    report: Report | None = one("{child}.id = {row}.subject", description="The report as it is now.")


@node(rows.NoticeRow, readable=policy.READABLE)
class PostReported(ReportNotice):
    """A reader reported a post."""


@node(rows.NoticeRow, readable=policy.READABLE)
class ReportSettled(ReportNotice):
    """A report was settled."""


@node(rows.NoticeRow, readable=policy.READABLE)
class ThreadRead(Notice):
    """The viewer read posts of a thread, or kept them unread, on this device or another."""

    thread: Thread | None = one(
        "{child}.id = (SELECT r.thread_id FROM readings r WHERE r.id = {row}.subject)",
        description="The thread, with what is unread of it now.",
    )


@node(rows.NoticeRow, readable=policy.READABLE)
class SessionBegun(Notice):
    """Somebody signed in with the viewer's account; told to its owner alone."""

    session: Session | None = one("{child}.id = {row}.subject", description="The session as it is now.")


@node(rows.NoticeRow, readable=policy.READABLE)
class SessionEnded(Notice):
    """A browser was signed out; told to its owner alone."""

    session: Session | None = one("{child}.id = {row}.subject", description="The session as it is now.")


@node(rows.NoticeRow, readable=policy.READABLE)
class TokenMade(Notice):
    """A token for a program was made; told to its owner alone."""

    token: ApiToken | None = one("{child}.id = {row}.subject", description="The token as it is now.")


@node(rows.NoticeRow, readable=policy.READABLE)
class TokenEnded(Notice):
    """A program's token was ended; told to its owner alone."""

    token: ApiToken | None = one("{child}.id = {row}.subject", description="The token as it is now.")


@node(rows.NoticeRow, readable=policy.READABLE)
class PasskeyAdded(Notice):
    """A passkey was added to the viewer's account; told to its owner alone."""

    passkey: Passkey | None = one("{child}.id = {row}.subject", description="The passkey as it is now.")


@node(rows.NoticeRow, readable=policy.READABLE)
class PasskeyRemoved(Notice):
    """A passkey was removed; told to its owner alone."""

    passkey: Passkey | None = one("{child}.id = {row}.subject", description="The passkey as it is now.")


@node(rows.NoticeRow, readable=policy.READABLE, interface=True, kind_column="kind")
class CallNotice(Notice):
    """What happened to a call for resolutions."""

    call: ResolutionCall | None = one("{child}.id = {row}.subject", description="The call as it is now.")


@node(rows.NoticeRow, readable=policy.READABLE)
class CallOpened(CallNotice):
    """The secretariat called for resolutions."""


@part()
class Deadline:
    """A deadline as it stood at some time, frozen in the notice."""

    due_at: Instant = column(description="The instant.")
    due_at_local: LocalTime = column(description="On the wall in `timeZone`.")
    time_zone: str = column(description="Its zone.")


@node(rows.NoticeRow, readable=policy.READABLE)
class DeadlineMoved(CallNotice):
    """A call's deadline was moved."""

    reason: str | None = expression("{row}.payload->>'reason'", description="Why.")
    was: Deadline | None = here("{row}.payload->'was'", description="The deadline before.")
    now: Deadline | None = here("{row}.payload->'now'", description="The deadline from then on.")


@node(rows.NoticeRow, readable=policy.READABLE, interface=True, kind_column="kind")
class ResolutionNotice(Notice):
    """What happened to a resolution."""

    resolution: Resolution | None = one(
        "{child}.id = {row}.subject", description="The resolution as it is now."
    )
    text_version: int = expression(
        "({row}.payload->>'textVersion')::int",
        nullable=False,
        description="The version of its text that stood from then on.",
    )


@node(rows.NoticeRow, readable=policy.READABLE)
class ResolutionDrafted(ResolutionNotice):
    """A resolution was drafted; told to its mayor's office alone."""


@node(rows.NoticeRow, readable=policy.READABLE)
class ResolutionEdited(ResolutionNotice):
    """A resolution's text changed: whoever sponsored it as it read before may sponsor it again."""

    was_version: int = expression(
        "({row}.payload->>'wasVersion')::int",
        nullable=False,
        description="The version of its text that stood before.",
    )


@node(rows.NoticeRow, readable=policy.READABLE)
class ResolutionOpened(ResolutionNotice):
    """A draft was opened for sponsors."""


@node(rows.NoticeRow, readable=policy.READABLE, interface=True, kind_column="kind")
class SponsorNotice(ResolutionNotice):
    """A mayor's name came under a text, or was withdrawn."""

    sponsor: Mayor | None = one(
        "{child}.id = ({row}.payload->>'sponsor')::uuid", description="Whose name it is."
    )
    sponsor_count: int = expression(
        "({row}.payload->>'sponsorCount')::int",
        nullable=False,
        description="How many sponsored the text from then on, the lead included.",
    )


@node(rows.NoticeRow, readable=policy.READABLE)
class SponsorJoined(SponsorNotice):
    """A mayor sponsors the text as it stands."""


@node(rows.NoticeRow, readable=policy.READABLE)
class SponsorWithdrew(SponsorNotice):
    """A sponsor's name was noted as withdrawn."""


@node(rows.NoticeRow, readable=policy.READABLE)
class ResolutionSubmitted(ResolutionNotice):
    """A resolution was submitted."""

    number: int = expression(
        "({row}.payload->>'number')::int", nullable=False, description="Its number within its call."
    )


@node(rows.NoticeRow, readable=policy.READABLE)
class ResolutionReturned(ResolutionNotice):
    """A submitted resolution lost a sponsor it needs, and gathers again; it keeps its number."""

    missing: int = expression(
        "({row}.payload->>'missing')::int", nullable=False, description="How many sponsors it lacked."
    )


@node(rows.NoticeRow, readable=policy.READABLE)
class ResolutionWithdrawn(ResolutionNotice):
    """The mayor who led it withdrew a resolution."""

    reason: str | None = expression("{row}.payload->>'reason'", description="Why.")


@strawberry.type(description="The stream is alive, and has delivered everything up to here.")
class Heartbeat:
    """Sent after a silence; no notice."""

    cursor: Cursor = strawberry.field(description="Through here this stream has delivered.")


@strawberry.type(
    description="The cursor is of no use here: the log was trimmed past it, or it is another log's."
)
class CursorExpired:
    """Sent first and last; no notice."""

    message: str = strawberry.field(description="What happened, and what to do.")
    head: Cursor = strawberry.field(
        description="Read the present state with `Query.head`, and begin from it."
    )


@strawberry.type(description="The server ends this stream for good: the right it ran under is gone.")
class StreamEnded:
    """Sent last; no notice."""

    # Nullable as an event's reason is: a selection of both under one name would be refused otherwise (GraphQL §5.3.2).
    reason: str | None = strawberry.field(
        description="Why, in a word: DELEGATION_REVOKED, DELEGATION_LEFT, TERM_ENDED, SIGNED_OUT, EXPIRED or "
        "RIGHTS_CHANGED."
    )
    message: str = strawberry.field(description="Why, in a sentence.")
    cursor: Cursor = strawberry.field(description="Through here this stream has delivered.")


EVENT_NOTICES = (
    EventAnnounced,
    EventScheduled,
    EventPostponed,
    EventRescheduled,
    EventMovedOnline,
    EventCancelled,
    EventHeld,
    EventEdited,
)
DELEGATION_NOTICES = (
    DelegationInvited,
    DelegationAccepted,
    DelegationNarrowed,
    DelegationRevoked,
    DelegationLeft,
    DelegationExpired,
    DelegationTermEnded,
)
MAYOR_NOTICES = (TermOpened, TermEnded, ProfileUpdated)
SECRETARIAT_NOTICES = (SecretariatJoined, SecretariatLeft)
KEY_NOTICES = (SessionBegun, SessionEnded, TokenMade, TokenEnded, PasskeyAdded, PasskeyRemoved)
DISCUSSION_NOTICES = (ThreadStarted, ThreadChanged, PostAdded, PostChanged)
GROUP_NOTICES = (GroupFounded, GroupEdited, GroupInvitation, GroupJoined, GroupLeft)
REPORT_NOTICES = (PostReported, ReportSettled)
CALL_NOTICES = (CallOpened, DeadlineMoved)
RESOLUTION_NOTICES = (
    ResolutionDrafted,
    ResolutionEdited,
    ResolutionOpened,
    SponsorJoined,
    SponsorWithdrew,
    ResolutionSubmitted,
    ResolutionReturned,
    ResolutionWithdrawn,
)
ALL = (
    *EVENT_NOTICES,
    *DELEGATION_NOTICES,
    *MAYOR_NOTICES,
    *SECRETARIAT_NOTICES,
    *GROUP_NOTICES,
    *DISCUSSION_NOTICES,
    *REPORT_NOTICES,
    ThreadRead,
    *CALL_NOTICES,
    *RESOLUTION_NOTICES,
    *KEY_NOTICES,
)
