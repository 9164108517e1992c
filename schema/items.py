"""What each stream may carry: its notices, and what tells that it lives, has lost its place or has ended."""

from typing import Annotated

import strawberry

from schema.notices import (
    CallOpened,
    CursorExpired,
    DeadlineMoved,
    DelegationAccepted,
    DelegationExpired,
    DelegationInvited,
    DelegationLeft,
    DelegationNarrowed,
    DelegationRevoked,
    DelegationTermEnded,
    EventAnnounced,
    EventCancelled,
    EventEdited,
    EventHeld,
    EventMovedOnline,
    EventPostponed,
    EventRescheduled,
    EventScheduled,
    GroupEdited,
    GroupFounded,
    GroupInvitation,
    GroupJoined,
    GroupLeft,
    Heartbeat,
    PasskeyAdded,
    PasskeyRemoved,
    PostAdded,
    PostChanged,
    PostReported,
    ProfileUpdated,
    ReportSettled,
    ResolutionDrafted,
    ResolutionEdited,
    ResolutionOpened,
    ResolutionReturned,
    ResolutionSubmitted,
    ResolutionWithdrawn,
    SecretariatJoined,
    SecretariatLeft,
    SessionBegun,
    SessionEnded,
    SponsorJoined,
    SponsorWithdrew,
    StreamEnded,
    TermEnded,
    TermOpened,
    ThreadChanged,
    ThreadRead,
    ThreadStarted,
    TokenEnded,
    TokenMade,
)

_ALSO = "or what else a stream may carry."

NoticeItem = Annotated[
    EventAnnounced
    | EventScheduled
    | EventPostponed
    | EventRescheduled
    | EventMovedOnline
    | EventCancelled
    | EventHeld
    | EventEdited
    | DelegationInvited
    | DelegationAccepted
    | DelegationNarrowed
    | DelegationRevoked
    | DelegationLeft
    | DelegationExpired
    | DelegationTermEnded
    | TermOpened
    | TermEnded
    | ProfileUpdated
    | SecretariatJoined
    | SecretariatLeft
    | GroupFounded
    | GroupEdited
    | GroupInvitation
    | GroupJoined
    | GroupLeft
    | ThreadStarted
    | ThreadChanged
    | PostAdded
    | PostChanged
    | PostReported
    | ReportSettled
    | ThreadRead
    | CallOpened
    | DeadlineMoved
    | ResolutionDrafted
    | ResolutionEdited
    | ResolutionOpened
    | SponsorJoined
    | SponsorWithdrew
    | ResolutionSubmitted
    | ResolutionReturned
    | ResolutionWithdrawn
    | SessionBegun
    | SessionEnded
    | TokenMade
    | TokenEnded
    | PasskeyAdded
    | PasskeyRemoved
    | CursorExpired
    | Heartbeat
    | StreamEnded,
    strawberry.union("NoticeItem", description=f"Any notice, {_ALSO}"),
]
EventItem = Annotated[
    EventAnnounced
    | EventScheduled
    | EventPostponed
    | EventRescheduled
    | EventMovedOnline
    | EventCancelled
    | EventHeld
    | EventEdited
    | CursorExpired
    | Heartbeat
    | StreamEnded,
    strawberry.union("EventItem", description=f"An event's move, {_ALSO}"),
]
DelegationItem = Annotated[
    DelegationInvited
    | DelegationAccepted
    | DelegationNarrowed
    | DelegationRevoked
    | DelegationLeft
    | DelegationExpired
    | DelegationTermEnded
    | CursorExpired
    | Heartbeat
    | StreamEnded,
    strawberry.union("DelegationItem", description=f"What happened to a grant, {_ALSO}"),
]
MayorItem = Annotated[
    TermOpened | TermEnded | ProfileUpdated | CursorExpired | Heartbeat | StreamEnded,
    strawberry.union("MayorItem", description=f"What happened to a mayor's term or profile, {_ALSO}"),
]
KeyItem = Annotated[
    SessionBegun
    | SessionEnded
    | TokenMade
    | TokenEnded
    | PasskeyAdded
    | PasskeyRemoved
    | CursorExpired
    | Heartbeat
    | StreamEnded,
    strawberry.union("KeyItem", description=f"What happened to one of the viewer's own keys, {_ALSO}"),
]
EventAnnouncedItem = Annotated[
    EventAnnounced | CursorExpired | Heartbeat | StreamEnded,
    strawberry.union("EventAnnouncedItem", description=f"A date saved, {_ALSO}"),
]
EventScheduledItem = Annotated[
    EventScheduled | CursorExpired | Heartbeat | StreamEnded,
    strawberry.union("EventScheduledItem", description=f"An event put on the calendar, {_ALSO}"),
]
EventPostponedItem = Annotated[
    EventPostponed | CursorExpired | Heartbeat | StreamEnded,
    strawberry.union("EventPostponedItem", description=f"An event postponed, {_ALSO}"),
]
EventRescheduledItem = Annotated[
    EventRescheduled | CursorExpired | Heartbeat | StreamEnded,
    strawberry.union("EventRescheduledItem", description=f"A date confirmed, {_ALSO}"),
]
EventMovedOnlineItem = Annotated[
    EventMovedOnline | CursorExpired | Heartbeat | StreamEnded,
    strawberry.union("EventMovedOnlineItem", description=f"An event moved online, {_ALSO}"),
]
EventCancelledItem = Annotated[
    EventCancelled | CursorExpired | Heartbeat | StreamEnded,
    strawberry.union("EventCancelledItem", description=f"An event called off, {_ALSO}"),
]
EventHeldItem = Annotated[
    EventHeld | CursorExpired | Heartbeat | StreamEnded,
    strawberry.union("EventHeldItem", description=f"An event that took place, {_ALSO}"),
]
PostAddedItem = Annotated[
    PostAdded | CursorExpired | Heartbeat | StreamEnded,
    strawberry.union("PostAddedItem", description=f"A post, {_ALSO}"),
]
DiscussionItem = Annotated[
    ThreadStarted
    | ThreadChanged
    | PostAdded
    | PostChanged
    | ThreadRead
    | CursorExpired
    | Heartbeat
    | StreamEnded,
    strawberry.union("DiscussionItem", description=f"What happens in discussions, {_ALSO}"),
]
GroupItem = Annotated[
    GroupFounded
    | GroupEdited
    | GroupInvitation
    | GroupJoined
    | GroupLeft
    | ThreadStarted
    | ThreadChanged
    | PostAdded
    | PostReported
    | ReportSettled
    | ThreadRead
    | CursorExpired
    | Heartbeat
    | StreamEnded,
    strawberry.union("GroupItem", description=f"What changes a list of groups or of threads, {_ALSO}"),
]
ResolutionItem = Annotated[
    ResolutionDrafted
    | ResolutionEdited
    | ResolutionOpened
    | SponsorJoined
    | SponsorWithdrew
    | ResolutionSubmitted
    | ResolutionReturned
    | ResolutionWithdrawn
    | CursorExpired
    | Heartbeat
    | StreamEnded,
    strawberry.union("ResolutionItem", description=f"What happened to a resolution, {_ALSO}"),
]
ResolutionDraftItem = Annotated[
    CallOpened
    | DeadlineMoved
    | ResolutionDrafted
    | ResolutionEdited
    | ResolutionOpened
    | SponsorJoined
    | SponsorWithdrew
    | ResolutionSubmitted
    | ResolutionReturned
    | ResolutionWithdrawn
    | CursorExpired
    | Heartbeat
    | StreamEnded,
    strawberry.union("ResolutionDraftItem", description=f"What happened to a resolution or a call, {_ALSO}"),
]
