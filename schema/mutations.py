"""Every act, as a mutation."""

from typing import Annotated

import strawberry

from resolvers import (
    delegations,
    discussions,
    events,
    groups,
    keys,
    looks,
    mayors,
    readings,
    resolutions,
    secretariat,
)
from schema import inputs, rights
from schema.accounts import Account
from schema.acts import act
from schema.delegations import Delegation
from schema.discussions import Post, Report, Thread
from schema.events import Event
from schema.groups import Group, Membership
from schema.keys import ApiToken, Passkey, Session
from schema.looks import Look
from schema.mayors import Mayor
from schema.problems import Conflict, Invalid, KeyReused, Missing, Refused, WrongMoment
from schema.resolutions import Resolution, ResolutionCall

EventOutcome = Annotated[
    Event | Refused | Missing | WrongMoment | Invalid | Conflict | KeyReused,
    strawberry.union("EventOutcome", description="The event, or why the act did not happen."),
]
DelegationOutcome = Annotated[
    Delegation | Refused | Missing | WrongMoment | Invalid | Conflict | KeyReused,
    strawberry.union("DelegationOutcome", description="The delegation, or why the act did not happen."),
]
MayorOutcome = Annotated[
    Mayor | Refused | Missing | WrongMoment | Invalid | Conflict | KeyReused,
    strawberry.union("MayorOutcome", description="The mayor, or why the act did not happen."),
]
LookOutcome = Annotated[
    Look | Refused | Missing | WrongMoment | Invalid | Conflict | KeyReused,
    strawberry.union("LookOutcome", description="The look, or why it was not marked."),
]
ApiTokenOutcome = Annotated[
    ApiToken | Refused | Missing | WrongMoment | Invalid | Conflict | KeyReused,
    strawberry.union("ApiTokenOutcome", description="The token, or why the act did not happen."),
]
SessionOutcome = Annotated[
    Session | Refused | Missing | WrongMoment | Invalid | Conflict | KeyReused,
    strawberry.union("SessionOutcome", description="The session, or why the act did not happen."),
]
PasskeyOutcome = Annotated[
    Passkey | Refused | Missing | WrongMoment | Invalid | Conflict | KeyReused,
    strawberry.union("PasskeyOutcome", description="The passkey, or why the act did not happen."),
]
AccountOutcome = Annotated[
    Account | Refused | Missing | WrongMoment | Invalid | Conflict | KeyReused,
    strawberry.union("AccountOutcome", description="One's own account, or why the act did not happen."),
]

SecretariatOutcome = Annotated[
    Account | Refused | Missing | WrongMoment | Invalid | Conflict | KeyReused,
    strawberry.union("SecretariatOutcome", description="The account, or why the act did not happen."),
]

GroupOutcome = Annotated[
    Group | Refused | Missing | WrongMoment | Invalid | Conflict | KeyReused,
    strawberry.union("GroupOutcome", description="The group, or why the act did not happen."),
]
MembershipOutcome = Annotated[
    Membership | Refused | Missing | WrongMoment | Invalid | Conflict | KeyReused,
    strawberry.union(
        "MembershipOutcome", description="Where the viewer stands with it, or why the act did not happen."
    ),
]
ThreadOutcome = Annotated[
    Thread | Refused | Missing | WrongMoment | Invalid | Conflict | KeyReused,
    strawberry.union("ThreadOutcome", description="The thread, or why the act did not happen."),
]
PostOutcome = Annotated[
    Post | Refused | Missing | WrongMoment | Invalid | Conflict | KeyReused,
    strawberry.union("PostOutcome", description="The post, or why the act did not happen."),
]
ReportOutcome = Annotated[
    Report | Refused | Missing | WrongMoment | Invalid | Conflict | KeyReused,
    strawberry.union("ReportOutcome", description="The report, or why the act did not happen."),
]
ResolutionCallOutcome = Annotated[
    ResolutionCall | Refused | Missing | WrongMoment | Invalid | Conflict | KeyReused,
    strawberry.union("ResolutionCallOutcome", description="The call, or why the act did not happen."),
]
ResolutionOutcome = Annotated[
    Resolution | Refused | Missing | WrongMoment | Invalid | Conflict | KeyReused,
    strawberry.union("ResolutionOutcome", description="The resolution, or why the act did not happen."),
]


@strawberry.type(
    description="Acts. Each is one transaction, and answers with the thing itself or a `Problem`."
)
class Mutation:
    """Acts upon events, delegations and mayors."""

    create_event: EventOutcome = act(
        events.create, inputs.CreateEventInput, Event, description="Draft an event."
    )
    edit_event: EventOutcome = act(
        events.edit,
        inputs.EditEventInput,
        Event,
        description="Change an event's words; no calendar hears of it.",
    )
    save_the_date: EventOutcome = act(
        events.save_the_date, inputs.ScheduleEventInput, Event, description="Announce an event's date."
    )
    schedule_event: EventOutcome = act(
        events.schedule, inputs.ScheduleEventInput, Event, description="Put an event on the calendar."
    )
    postpone_event: EventOutcome = act(
        events.postpone,
        inputs.PostponeEventInput,
        Event,
        description="Postpone an event; everyone keeps their place.",
    )
    reschedule_event: EventOutcome = act(
        events.reschedule, inputs.RescheduleEventInput, Event, description="Confirm a postponed event's date."
    )
    move_event_online: EventOutcome = act(
        events.move_online, inputs.MoveEventInput, Event, description="Keep an event's time, leave its place."
    )
    cancel_event: EventOutcome = act(
        events.cancel, inputs.MoveEventInput, Event, description="Call an event off."
    )
    hold_event: EventOutcome = act(
        events.hold, inputs.HoldEventInput, Event, description="Note that an event took place."
    )
    invite_delegate: DelegationOutcome = act(
        delegations.invite,
        inputs.InviteDelegateInput,
        Delegation,
        description="Offer somebody a grant, by mail.",
    )
    accept_delegation: DelegationOutcome = act(
        delegations.accept, inputs.AcceptDelegationInput, Delegation, description="Accept a grant."
    )
    narrow_delegation: DelegationOutcome = act(
        delegations.narrow,
        inputs.NarrowDelegationInput,
        Delegation,
        description="Take scopes out of a grant, or let it end earlier; for more, grant anew.",
    )
    revoke_delegation: DelegationOutcome = act(
        delegations.revoke,
        inputs.RevokeDelegationInput,
        Delegation,
        description="Take a grant back; nothing committed from then on reaches it.",
    )
    leave_delegation: DelegationOutcome = act(
        delegations.leave,
        inputs.LeaveDelegationInput,
        Delegation,
        description="Lay a grant down, or decline it.",
    )
    open_term: MayorOutcome = act(
        mayors.open_term, inputs.OpenTermInput, Mayor, description="A person takes office."
    )
    end_term: MayorOutcome = act(
        mayors.end_term,
        inputs.EndTermInput,
        Mayor,
        description="A mayor leaves office; delegations end with the term.",
    )
    appoint_secretariat: SecretariatOutcome = act(
        secretariat.appoint,
        inputs.SecretariatInput,
        Account,
        description="Let an account into the secretariat.",
    )
    dismiss_secretariat: SecretariatOutcome = act(
        secretariat.dismiss,
        inputs.SecretariatInput,
        Account,
        description="Take an account out of the secretariat; never the last.",
    )
    update_profile: MayorOutcome = act(
        mayors.update_profile,
        inputs.UpdateProfileInput,
        Mayor,
        description="Keep a mayor's profile and contact data.",
    )
    mark_seen: LookOutcome = act(
        looks.mark_seen,
        inputs.MarkSeenInput,
        Look,
        description="Mark what changed as seen, in this capacity; the mark only moves forward.",
    )
    create_token: ApiTokenOutcome = act(
        keys.create_token,
        inputs.CreateTokenInput,
        ApiToken,
        description="Make a token for a program; the answer says its `secret`, this once.",
    )
    revoke_token: ApiTokenOutcome = act(
        keys.revoke_token,
        inputs.RevokeTokenInput,
        ApiToken,
        description="End a token; the streams that run under it end too.",
    )
    revoke_session: SessionOutcome = act(
        keys.revoke_session,
        inputs.RevokeSessionInput,
        Session,
        description="Sign some other device out; the streams that run under its session end too.",
    )
    sign_out_everywhere: AccountOutcome = act(
        keys.sign_out_everywhere,
        inputs.SignOutEverywhereInput,
        Account,
        description="End every session but the one that asks, which its browser ends by signing out.",
    )
    remove_passkey: PasskeyOutcome = act(
        keys.remove_passkey,
        inputs.RemovePasskeyInput,
        Passkey,
        description="Remove a passkey: it signs nobody in from then on.",
    )
    create_group: GroupOutcome = act(
        groups.create,
        inputs.CreateGroupInput,
        Group,
        description="Found a group; its founder keeps it. Any mayor in person, and the secretariat.",
    )
    edit_group: GroupOutcome = act(
        groups.edit, inputs.EditGroupInput, Group, description="Give a group other words. Its keepers."
    )
    join_group: GroupOutcome = act(
        groups.join, inputs.JoinGroupInput, Group, description="Join a group, accepting its rule. In person."
    )
    leave_group: MembershipOutcome = act(
        groups.leave, inputs.LeaveGroupInput, Membership, description="Leave a group. In person."
    )
    invite_to_group: GroupOutcome = act(
        groups.invite,
        inputs.InviteToGroupInput,
        Group,
        description="Invite mayors into a group. Its keepers.",
    )
    remove_from_group: GroupOutcome = act(
        groups.remove,
        inputs.RemoveFromGroupInput,
        Group,
        description="Take a mayor out of a group. Its keepers.",
    )
    start_thread: ThreadOutcome = act(
        discussions.start, inputs.StartThreadInput, Thread, description="Start a thread with its first post."
    )
    reply: PostOutcome = act(discussions.reply, inputs.ReplyInput, Post, description="Post in a thread.")
    edit_post: PostOutcome = act(
        discussions.edit,
        inputs.EditPostInput,
        Post,
        description="Write one's post anew; how it read before stays to be seen.",
    )
    delete_post: PostOutcome = act(
        discussions.delete, inputs.PostInput, Post, description="Take one's post away; a stub stays."
    )
    react: PostOutcome = act(
        discussions.react, inputs.ReactInput, Post, description="Put a mark upon a post."
    )
    unreact: PostOutcome = act(
        discussions.unreact, inputs.ReactInput, Post, description="Take one's mark from a post."
    )
    pin_thread: ThreadOutcome = act(
        discussions.pin,
        inputs.PinThreadInput,
        Thread,
        description="Keep a thread at the head of its group, or no longer. The group's keepers.",
    )
    lock_thread: ThreadOutcome = act(
        discussions.lock,
        inputs.LockThreadInput,
        Thread,
        description="Close a thread to new posts, or open it again. The group's keepers.",
    )
    resolve_thread: ThreadOutcome = act(
        discussions.resolve,
        inputs.ResolveThreadInput,
        Thread,
        description="Note that a thread's question is answered, or is open again. It bumps nothing.",
    )
    report_post: PostOutcome = act(
        discussions.report,
        inputs.ReasonedPostInput,
        Post,
        description="Tell a group's keepers that a post should not stand.",
    )
    hide_post: PostOutcome = act(
        discussions.hide,
        inputs.ReasonedPostInput,
        Post,
        description="Hide a post, saying why. The group's keepers.",
    )
    show_post: PostOutcome = act(
        discussions.show,
        inputs.PostInput,
        Post,
        description="Let a hidden post stand again. The group's keepers.",
    )
    dismiss_report: ReportOutcome = act(
        discussions.dismiss,
        inputs.DismissReportInput,
        Report,
        description="Find a report without reason. The group's keepers.",
    )
    mark_read: ThreadOutcome = act(
        readings.mark_read, inputs.MarkReadInput, Thread, description="Note how far one has read a thread."
    )
    mark_group_read: GroupOutcome = act(
        readings.mark_group_read,
        inputs.MarkGroupReadInput,
        Group,
        description="Note that everything in a group was read.",
    )
    keep_unread: PostOutcome = act(
        readings.keep_unread,
        inputs.PostInput,
        Post,
        description="Keep one post unread, wherever the mark stands.",
    )
    heed_thread: ThreadOutcome = act(
        readings.heed_thread,
        inputs.HeedThreadInput,
        Thread,
        description="Follow or mute a thread, or leave it to its group's setting.",
    )
    heed_group: GroupOutcome = act(
        readings.heed_group, inputs.HeedGroupInput, Group, description="Follow or mute a group."
    )
    call_for_resolutions: ResolutionCallOutcome = act(
        resolutions.call_for,
        inputs.CallForResolutionsInput,
        ResolutionCall,
        description="Call for resolutions, until a deadline. The secretariat.",
    )
    move_deadline: ResolutionCallOutcome = act(
        resolutions.move_deadline,
        inputs.MoveDeadlineInput,
        ResolutionCall,
        description="Move the deadline of a call, saying why. The secretariat.",
    )
    draft_resolution: ResolutionOutcome = act(
        resolutions.draft,
        inputs.DraftResolutionInput,
        Resolution,
        description="Draft a resolution; nobody beside the mayor's office knows of it.",
    )
    edit_resolution: ResolutionOutcome = act(
        resolutions.edit,
        inputs.EditResolutionInput,
        Resolution,
        description="Give a resolution another text; those who sponsored it as it read before may do so again.",
    )
    gather_sponsors: ResolutionOutcome = act(
        resolutions.gather,
        inputs.ResolutionInput,
        Resolution,
        description="Open a draft for sponsors: every member reads it from now on. The mayor, in person.",
    )
    sponsor_resolution: ResolutionOutcome = act(
        resolutions.sponsor,
        inputs.SponsorResolutionInput,
        Resolution,
        description="Put one's name under the text as it was read. A member mayor, in person.",
    )
    withdraw_sponsorship: ResolutionOutcome = act(
        resolutions.withdraw_sponsorship,
        inputs.ResolutionInput,
        Resolution,
        description="Withdraw one's name; below the number needed, before the deadline, it gathers sponsors again.",
    )
    submit_resolution: ResolutionOutcome = act(
        resolutions.submit,
        inputs.SubmitResolutionInput,
        Resolution,
        description="Submit a resolution, with its sponsors and before the deadline. The mayor, in person.",
    )
    withdraw_resolution: ResolutionOutcome = act(
        resolutions.withdraw,
        inputs.WithdrawResolutionInput,
        Resolution,
        description="Withdraw a resolution. The mayor who leads it, in person.",
    )


rights.tell(Mutation)
