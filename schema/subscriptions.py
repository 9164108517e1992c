"""Every stream of notices."""

from typing import Any

import strawberry

from planner.declare import stream, where
from schema import items
from schema import notices as told
from schema.scalars import Cursor

_AFTER = "Begin behind this cursor; left out, with what happens from now on."
_CITY = where(
    strawberry.ID,
    "{row}.subject IN (SELECT t.id FROM terms t WHERE t.city_id = {value})",
    "Only this city's.",
    of="cit",
)
_EVENT = where(strawberry.ID, "{row}.subject = {value}", "Only this event's.", of="evt")
_RESOLUTION = where(strawberry.ID, "{row}.subject = {value}", "Only this resolution's.", of="res")


def _of(kinds: tuple[type, ...], description: str, **narrowed: Any) -> Any:
    return stream(
        tuple(kind.__name__ for kind in kinds), after=(Cursor, _AFTER), description=description, **narrowed
    )


_THREAD = where(
    strawberry.ID,
    """CASE WHEN {row}.kind = 'ThreadRead' THEN (SELECT r.thread_id FROM readings r WHERE r.id = {row}.subject)
        WHEN {row}.kind LIKE 'Thread%' THEN {row}.subject ELSE ({row}.payload->>'thread')::uuid END = {value}""",
    "Only this thread's.",
    of="thr",
)
_GROUP = where(
    strawberry.ID,
    """CASE WHEN {row}.kind LIKE 'Group%' THEN {row}.subject = {value} OR EXISTS (SELECT FROM memberships m
            WHERE m.id = {row}.subject AND m.group_id = {value})
        WHEN {row}.kind LIKE 'Post%' THEN EXISTS (SELECT FROM threads t
            WHERE t.id = ({row}.payload->>'thread')::uuid AND t.group_id = {value})
        WHEN {row}.kind LIKE '%Read' THEN EXISTS (SELECT FROM readings r
            WHERE r.id = {row}.subject AND r.group_id = {value})
        WHEN {row}.kind LIKE 'Report%' THEN EXISTS (SELECT FROM reports r
            WHERE r.id = {row}.subject AND r.group_id = {value})
        ELSE EXISTS (SELECT FROM threads t WHERE t.id = {row}.subject AND t.group_id = {value}) END""",
    "Only this group's.",
    of="grp",
)


@strawberry.type(description="Notices as they are written, resumable from any cursor in the log.")
class Subscription:
    """Streams of notices."""

    notices: items.NoticeItem = _of(told.ALL, "Everything the viewer may hear of.")
    events_moved: items.EventItem = _of(told.EVENT_NOTICES, "Every move of events.", event_id=_EVENT)
    event_announced: items.EventAnnouncedItem = _of((told.EventAnnounced,), "Dates saved.", event_id=_EVENT)
    event_scheduled: items.EventScheduledItem = _of(
        (told.EventScheduled,), "Events put on the calendar.", event_id=_EVENT
    )
    event_postponed: items.EventPostponedItem = _of(
        (told.EventPostponed,), "Events postponed.", event_id=_EVENT
    )
    event_rescheduled: items.EventRescheduledItem = _of(
        (told.EventRescheduled,), "Dates confirmed.", event_id=_EVENT
    )
    event_moved_online: items.EventMovedOnlineItem = _of(
        (told.EventMovedOnline,), "Events that left their place.", event_id=_EVENT
    )
    event_cancelled: items.EventCancelledItem = _of(
        (told.EventCancelled,), "Events called off.", event_id=_EVENT
    )
    event_held: items.EventHeldItem = _of((told.EventHeld,), "Events that took place.", event_id=_EVENT)
    delegations_changed: items.DelegationItem = _of(
        told.DELEGATION_NOTICES, "What happens to the viewer's grants, given or held."
    )
    post_added: items.PostAddedItem = _of((told.PostAdded,), "Posts as they are written.", thread_id=_THREAD)
    discussion: items.DiscussionItem = _of(
        (*told.DISCUSSION_NOTICES, told.ThreadRead),
        "What happens in threads and to posts, the viewer's own reading included.",
        thread_id=_THREAD,
    )
    groups_changed: items.GroupItem = _of(
        (
            *told.GROUP_NOTICES,
            told.ThreadStarted,
            told.ThreadChanged,
            told.PostAdded,
            *told.REPORT_NOTICES,
            told.ThreadRead,
        ),
        "What changes a list of groups or of threads, the viewer's own reading included.",
        group_id=_GROUP,
    )
    resolution_drafts: items.ResolutionDraftItem = _of(
        (*told.CALL_NOTICES, *told.RESOLUTION_NOTICES),
        "Drafts as they are opened for sponsors, what becomes of them, and until when they are called for.",
    )
    resolution: items.ResolutionItem = _of(
        told.RESOLUTION_NOTICES, "What happens to resolutions.", id=_RESOLUTION
    )
    mayors_changed: items.MayorItem = _of(
        told.MAYOR_NOTICES, "Terms opened and ended, and profiles kept.", city_id=_CITY
    )
    keys_changed: items.KeyItem = _of(
        told.KEY_NOTICES, "What happens to the viewer's own sessions, tokens and passkeys."
    )
