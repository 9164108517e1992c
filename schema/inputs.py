"""Inputs of acts. Wall times, days and zones travel as text, so that a bad one is told as ``Invalid``."""

from typing import Any

import strawberry

from models.delegations import Scope
from models.discussions import ReactionMark
from models.events import Audience, EventKind
from models.groups import Confidentiality, GroupAudience
from models.keys import TokenScope
from models.readings import AttentionLevel
from models.resolutions import ClauseKind
from schema.scalars import Cursor

_WALL = "A wall time in the event's zone: `2031-03-16T09:00`."
_KEY = "New for each act; the same key with the same input changes nothing the second time."
_BODY = "In markdown, at most 20,000 characters. `@alexandria-va` names the mayor of that city."
_UNTIL = "When muting ends, an instant: `2031-03-16T09:00:00Z`; it does not end by itself, if left out."
_EXPECTED = "The version last read; if another stands, the act is a `Conflict`."


def _said(description: str) -> Any:
    return strawberry.field(description=description)


def _may(description: str) -> Any:
    return strawberry.field(description=description, default=None)


@strawberry.input(description="A new event, in draft.")
class CreateEventInput:
    """For ``createEvent``."""

    title: str = _said("What it is called.")
    kind: EventKind = _said("What sort of occasion it is.")
    time_zone: str = _said("The IANA zone of its wall times, for example America/Chicago.")
    summary: str | None = _may("What it is about.")
    audience: Audience | None = _may("Whose calendar it will be on; members', if left out.")
    starts_at: str | None = _may(_WALL)
    ends_at: str | None = _may(_WALL)
    location: str | None = _may("Where.")
    idempotency_key: str = _said(_KEY)


@strawberry.input(description="New words for an event.")
class EditEventInput:
    """For ``editEvent``."""

    event_id: strawberry.ID = _said("The event.")
    title: str | None = _may("What it is called.")
    summary: str | None = _may("What it is about.")
    expected_revision: int | None = _may("The revision last read; if another stands, nothing is changed.")
    idempotency_key: str = _said(_KEY)


@strawberry.input(description="The date of an event, to be put on the calendar.")
class ScheduleEventInput:
    """For ``saveTheDate`` and ``scheduleEvent``."""

    event_id: strawberry.ID = _said("The event.")
    starts_at: str | None = _may(f"{_WALL} Left out, the date it has.")
    ends_at: str | None = _may(_WALL)
    expected_version: int | None = _may(_EXPECTED)
    idempotency_key: str = _said(_KEY)


@strawberry.input(description="An event that cannot take place when it was to.")
class PostponeEventInput:
    """For ``postponeEvent``."""

    event_id: strawberry.ID = _said("The event.")
    reason: str | None = _may("Why, in words for everyone who meant to come.")
    new_starts_at: str | None = _may(f"{_WALL} Left out, the date is still to come.")
    new_ends_at: str | None = _may(f"{_WALL} Left out, it lasts as long as before.")
    expected_version: int | None = _may(_EXPECTED)
    idempotency_key: str = _said(_KEY)


@strawberry.input(description="The confirmed date of a postponed event.")
class RescheduleEventInput:
    """For ``rescheduleEvent``."""

    event_id: strawberry.ID = _said("The event.")
    starts_at: str = _said(_WALL)
    ends_at: str | None = _may(f"{_WALL} Left out, it lasts as long as before.")
    reason: str | None = _may("Why then, in words for everyone who means to come.")
    expected_version: int | None = _may(_EXPECTED)
    idempotency_key: str = _said(_KEY)


@strawberry.input(description="An event that leaves its place, or will not be.")
class MoveEventInput:
    """For ``moveEventOnline`` and ``cancelEvent``."""

    event_id: strawberry.ID = _said("The event.")
    reason: str | None = _may("Why, in words for everyone who meant to come.")
    expected_version: int | None = _may(_EXPECTED)
    idempotency_key: str = _said(_KEY)


@strawberry.input(description="An event that took place.")
class HoldEventInput:
    """For ``holdEvent``."""

    event_id: strawberry.ID = _said("The event.")
    expected_version: int | None = _may(_EXPECTED)
    idempotency_key: str = _said(_KEY)


@strawberry.input(description="A grant to offer, from the mayor's own term.")
class InviteDelegateInput:
    """For ``inviteDelegate``."""

    email: str = _said("Where the invitation is mailed; accepting takes signing in with this address.")
    scopes: list[Scope] = _said("What it allows.")
    starts_on: str | None = _may("Its first day, `2031-03-16`; today, if left out.")
    ends_on: str | None = _may("Its last day, `2031-03-16`; until the term ends, if left out.")
    object_id: strawberry.ID | None = _may("The one event it is limited to, if any.")
    idempotency_key: str = _said(_KEY)


@strawberry.input(description="A grant to accept: by its letter's code or by its id, one of the two.")
class AcceptDelegationInput:
    """For ``acceptDelegation``."""

    code: str | None = _may("The code in the letter. Give this or `delegationId`.")
    delegation_id: strawberry.ID | None = _may(
        "The grant, offered to one's own account. Give this or `code`."
    )
    idempotency_key: str = _said(_KEY)


@strawberry.input(description="A grant to make less of: what is left out stays as it is.")
class NarrowDelegationInput:
    """For ``narrowDelegation``."""

    delegation_id: strawberry.ID = _said("The grant.")
    scopes: list[Scope] | None = _may("What it still allows; only of what it allows now.")
    ends_on: str | None = _may("Its last day, `2031-03-16`; from today on, and no later than now.")
    idempotency_key: str = _said(_KEY)


@strawberry.input(description="A grant to take back.")
class RevokeDelegationInput:
    """For ``revokeDelegation``."""

    delegation_id: strawberry.ID = _said("The grant.")
    idempotency_key: str = _said(_KEY)


@strawberry.input(description="A grant to lay down, or to decline while it is only offered.")
class LeaveDelegationInput:
    """For ``leaveDelegation``."""

    delegation_id: strawberry.ID = _said("The grant.")
    idempotency_key: str = _said(_KEY)


@strawberry.input(description="A person taking office.")
class OpenTermInput:
    """For ``openTerm``."""

    city_id: strawberry.ID = _said("The city.")
    name: str = _said("The person's name, if they have no account yet.")
    email: str = _said("The address the person signs in with.")
    starts_on: str = _said("First day in office, `2031-01-04`.")
    ends_on: str | None = _may("First day out of office, if it is known.")
    idempotency_key: str = _said(_KEY)


@strawberry.input(description="A mayor leaving office.")
class EndTermInput:
    """For ``endTerm``."""

    mayor_id: strawberry.ID = _said("The mayor.")
    on: str = _said("First day out of office, `2031-01-04`.")
    idempotency_key: str = _said(_KEY)


@strawberry.input(description="An account to let into the secretariat, or to take out of it.")
class SecretariatInput:
    """For ``appointSecretariat`` and ``dismissSecretariat``."""

    account_id: strawberry.ID = _said("The account.")
    idempotency_key: str = _said(_KEY)


@strawberry.input(description="What is said of a mayor and the office; left out, it stays.")
class UpdateProfileInput:
    """For ``updateProfile``."""

    mayor_id: strawberry.ID | None = _may("The mayor; left out, the one acted for.")
    name: str | None = _may("The person's name.")
    biography: str | None = _may("A paragraph on the mayor.")
    office_email: str | None = _may("The office's address, for members; empty to remove it.")
    office_phone: str | None = _may("The office's telephone, for members; empty to remove it.")
    idempotency_key: str = _said(_KEY)


@strawberry.input(description="Up to where the viewer has seen what changed.")
class MarkSeenInput:
    """For ``markSeen``."""

    through: Cursor = _said("The `head` read together with what was shown, or the cursor of a notice.")
    idempotency_key: str = _said(_KEY)


@strawberry.input(description="A token to make, for a program.")
class CreateTokenInput:
    """For ``createToken``."""

    name: str = _said("What to know it by, for example what it is for.")
    scopes: list[TokenScope] = _said("What it may do; one that may act may read too.")
    days: int = _said("How long it is good: 30, 90 or 365 days.")
    idempotency_key: str = _said(_KEY)


@strawberry.input(description="A token to end.")
class RevokeTokenInput:
    """For ``revokeToken``."""

    token_id: strawberry.ID = _said("The token.")
    idempotency_key: str = _said(_KEY)


@strawberry.input(description="A session to end, on some other device.")
class RevokeSessionInput:
    """For ``revokeSession``."""

    session_id: strawberry.ID = _said("The session.")
    idempotency_key: str = _said(_KEY)


@strawberry.input(description="Sessions to end, all but the one that asks.")
class SignOutEverywhereInput:
    """For ``signOutEverywhere``."""

    and_tokens: bool | None = _may("Whether every API token ends too; not, if left out.")
    idempotency_key: str = _said(_KEY)


@strawberry.input(description="A passkey to remove.")
class RemovePasskeyInput:
    """For ``removePasskey``."""

    passkey_id: strawberry.ID = _said("The passkey.")
    idempotency_key: str = _said(_KEY)


@strawberry.input(description="A group to found. Its audience and confidentiality are for good.")
class CreateGroupInput:
    """For ``createGroup``."""

    name: str = _said("What it is called.")
    audience: GroupAudience = _said("Whom it is for.")
    confidentiality: Confidentiality = _said("What may be carried out of it, and who is kept out.")
    purpose: str | None = _may("What it is for, in a paragraph.")
    offices_post: bool | None = _may(
        "Whether mayors' staff may post in it; they may in an ordinary group, if left out."
    )
    idempotency_key: str = _said(_KEY)


@strawberry.input(description="Other words for a group; left out, they stay.")
class EditGroupInput:
    """For ``editGroup``."""

    group_id: strawberry.ID = _said("The group.")
    name: str | None = _may("What it is called.")
    purpose: str | None = _may("What it is for, in a paragraph.")
    offices_post: bool | None = _may("Whether mayors' staff may post in it.")
    idempotency_key: str = _said(_KEY)


@strawberry.input(description="A group to join.")
class JoinGroupInput:
    """For ``joinGroup``."""

    group_id: strawberry.ID = _said("The group.")
    accepts_rule: bool | None = _may("That its `rule` is accepted; needed where it has one, and recorded.")
    idempotency_key: str = _said(_KEY)


@strawberry.input(description="A group to leave. What was said in it stays.")
class LeaveGroupInput:
    """For ``leaveGroup``."""

    group_id: strawberry.ID = _said("The group.")
    idempotency_key: str = _said(_KEY)


@strawberry.input(description="Mayors to invite into a group.")
class InviteToGroupInput:
    """For ``inviteToGroup``."""

    group_id: strawberry.ID = _said("The group.")
    mayor_ids: list[strawberry.ID] = _said("Mayors in office; at most 100.")
    keeper: bool | None = _may("Whether those of them who are in it already become its keepers.")
    idempotency_key: str = _said(_KEY)


@strawberry.input(description="A mayor to take out of a group.")
class RemoveFromGroupInput:
    """For ``removeFromGroup``."""

    group_id: strawberry.ID = _said("The group.")
    mayor_id: strawberry.ID = _said("The mayor.")
    idempotency_key: str = _said(_KEY)


@strawberry.input(description="A thread to start, with its first post.")
class StartThreadInput:
    """For ``startThread``."""

    group_id: strawberry.ID = _said("The group.")
    title: str = _said("What it is about, in a line.")
    body: str = _said(_BODY)
    idempotency_key: str = _said(_KEY)


@strawberry.input(description="A post to write.")
class ReplyInput:
    """For ``reply``."""

    thread_id: strawberry.ID = _said("The thread.")
    body: str = _said(_BODY)
    idempotency_key: str = _said(_KEY)


@strawberry.input(description="A post to write anew.")
class EditPostInput:
    """For ``editPost``."""

    post_id: strawberry.ID = _said("The post.")
    body: str = _said(_BODY)
    expected_revision: int | None = _may("The revision last read; if another stands, nothing is changed.")
    idempotency_key: str = _said(_KEY)


@strawberry.input(description="A post to take away, to keep unread or to show again.")
class PostInput:
    """For ``deletePost``, ``keepUnread`` and ``showPost``."""

    post_id: strawberry.ID = _said("The post.")
    idempotency_key: str = _said(_KEY)


@strawberry.input(description="A post that should not stand.")
class ReasonedPostInput:
    """For ``reportPost`` and ``hidePost``."""

    post_id: strawberry.ID = _said("The post.")
    reason: str = _said("Why, in a sentence.")
    idempotency_key: str = _said(_KEY)


@strawberry.input(description="A report without reason.")
class DismissReportInput:
    """For ``dismissReport``."""

    report_id: strawberry.ID = _said("The report.")
    idempotency_key: str = _said(_KEY)


@strawberry.input(description="A mark upon a post.")
class ReactInput:
    """For ``react`` and ``unreact``."""

    post_id: strawberry.ID = _said("The post.")
    mark: ReactionMark = _said("The mark.")
    idempotency_key: str = _said(_KEY)


@strawberry.input(description="A thread to keep at the head of its group, or no longer.")
class PinThreadInput:
    """For ``pinThread``."""

    thread_id: strawberry.ID = _said("The thread.")
    pinned: bool = _said("Whether it is pinned from now on.")
    idempotency_key: str = _said(_KEY)


@strawberry.input(description="A thread to close to new posts, or to open again.")
class LockThreadInput:
    """For ``lockThread``."""

    thread_id: strawberry.ID = _said("The thread.")
    locked: bool = _said("Whether it is locked from now on.")
    idempotency_key: str = _said(_KEY)


@strawberry.input(description="A thread whose question is answered, or open again.")
class ResolveThreadInput:
    """For ``resolveThread``."""

    thread_id: strawberry.ID = _said("The thread.")
    resolved: bool = _said("Whether it is resolved from now on.")
    idempotency_key: str = _said(_KEY)


@strawberry.input(description="How far the viewer has read a thread.")
class MarkReadInput:
    """For ``markRead``."""

    thread_id: strawberry.ID = _said("The thread.")
    through: int | None = _may("The number of the last post read; its latest, if left out.")
    idempotency_key: str = _said(_KEY)


@strawberry.input(description="A group of which everything was read.")
class MarkGroupReadInput:
    """For ``markGroupRead``."""

    group_id: strawberry.ID = _said("The group.")
    idempotency_key: str = _said(_KEY)


@strawberry.input(description="What the viewer wants to hear of a thread.")
class HeedThreadInput:
    """For ``heedThread``."""

    thread_id: strawberry.ID = _said("The thread.")
    level: AttentionLevel | None = _may("To follow it or to mute it; left out, as its group's setting says.")
    until: str | None = _may(_UNTIL)
    idempotency_key: str = _said(_KEY)


@strawberry.input(description="What the viewer wants to hear of a group.")
class HeedGroupInput:
    """For ``heedGroup``."""

    group_id: strawberry.ID = _said("The group.")
    level: AttentionLevel | None = _may("To follow it or to mute it; left out, neither.")
    until: str | None = _may(_UNTIL)
    idempotency_key: str = _said(_KEY)


@strawberry.input(description="A call for resolutions.")
class CallForResolutionsInput:
    """For ``callForResolutions``."""

    name: str = _said("What it is for: `94th Annual Meeting`.")
    due_at: str = _said("The deadline, a wall time in its zone: `2031-03-16T17:00`.")
    time_zone: str = _said("The IANA zone of the deadline, for example America/Chicago.")
    sponsors_needed: int | None = _may(
        "How many sponsors a resolution needs, the lead included; 3, if left out."
    )
    idempotency_key: str = _said(_KEY)


@strawberry.input(description="Another deadline for a call.")
class MoveDeadlineInput:
    """For ``moveDeadline``."""

    call_id: strawberry.ID = _said("The call.")
    due_at: str = _said("The deadline, a wall time in its zone: `2031-03-16T17:00`.")
    reason: str = _said("Why, in words for everyone who works towards it.")
    time_zone: str | None = _may("The IANA zone of the deadline; the one it has, if left out.")
    expected_revision: int | None = _may("The revision last read; if another stands, nothing is changed.")
    idempotency_key: str = _said(_KEY)


@strawberry.input(description="A clause, in its place.")
class ClauseInput:
    """For ``draftResolution`` and ``editResolution``."""

    kind: ClauseKind = _said("What it does.")
    text: str = _said("Its words, plain, without the WHEREAS or the RESOLVED; at most 4,000 characters.")
    id: strawberry.ID | None = _may(
        "Its id, of a clause that stays, perhaps in other words or another place."
    )


@strawberry.input(description="A resolution to draft.")
class DraftResolutionInput:
    """For ``draftResolution``."""

    call_id: strawberry.ID = _said("The call it is meant for.")
    title: str = _said("What it is about, in a line.")
    clauses: list[ClauseInput] = _said("Its clauses in order, 1 to 60.")
    idempotency_key: str = _said(_KEY)


@strawberry.input(description="The whole text of a resolution, as it is to read.")
class EditResolutionInput:
    """For ``editResolution``."""

    resolution_id: strawberry.ID = _said("The resolution.")
    title: str = _said("What it is about, in a line.")
    clauses: list[ClauseInput] = _said("Its clauses in order, 1 to 60; what is left out goes.")
    expected_version: int | None = _may(_EXPECTED)
    idempotency_key: str = _said(_KEY)


@strawberry.input(description="A resolution to open for sponsors, or to take one's name from.")
class ResolutionInput:
    """For ``gatherSponsors`` and ``withdrawSponsorship``."""

    resolution_id: strawberry.ID = _said("The resolution.")
    idempotency_key: str = _said(_KEY)


@strawberry.input(description="A text to put one's name under.")
class SponsorResolutionInput:
    """For ``sponsorResolution``."""

    resolution_id: strawberry.ID = _said("The resolution.")
    version: int = _said("The version that was read; if another stands, the act is a `Conflict`.")
    idempotency_key: str = _said(_KEY)


@strawberry.input(description="A resolution to submit.")
class SubmitResolutionInput:
    """For ``submitResolution``."""

    resolution_id: strawberry.ID = _said("The resolution.")
    expected_version: int | None = _may(_EXPECTED)
    idempotency_key: str = _said(_KEY)


@strawberry.input(description="A resolution to withdraw.")
class WithdrawResolutionInput:
    """For ``withdrawResolution``."""

    resolution_id: strawberry.ID = _said("The resolution.")
    reason: str | None = _may("Why, in a sentence; needed once it was opened for sponsors.")
    idempotency_key: str = _said(_KEY)
