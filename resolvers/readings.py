"""Acts upon one's own marks: read up to here, kept unread, followed, muted."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from models.discussions import Post, Thread
from models.groups import Group
from models.problems import BadField, Invalid
from models.readings import Attention, AttentionLevel, Reading, ThreadRead
from policy import groups
from policy import readings as policy
from resolvers.act import Act

#: What was read, with so many posts more or less of the thread; what stands is counted anew for these numbers alone.
#: What has changed is worked out once, in a SELECT of its own: for each post again, a thousand holes cost 0.1 s an act.
_MARK = """
    INSERT INTO readings AS r (account_id, capacity_id, thread_id, group_id, read, read_count)
    SELECT :account, :capacity, t.id, t.group_id, {fresh},
        (SELECT count(*) FROM posts p WHERE p.thread_id = t.id AND p.stands AND p.number <@ {fresh})
    FROM threads t WHERE t.id = :thread
    ON CONFLICT (account_id, capacity_id, thread_id) DO UPDATE SET
        read = r.read {way} {span},
        read_count = r.read_count {sign} (SELECT count(*) FROM posts p WHERE p.thread_id = r.thread_id AND p.stands
            AND p.number >= :first AND p.number < :after AND p.number <@ (SELECT {span} {changed} r.read)),
        at = clock_timestamp(), revision = r.revision + 1
    WHERE r.read {way} {span} <> r.read
    RETURNING r.id
"""
_SPAN = r"int4multirange(int4range(:first, :after))"
#: More is read: what is new of the span is what the span has beside the ranges.
_MORE = _MARK.format(fresh=_SPAN, way="+", sign="+", span=_SPAN, changed="-")
#: Less is read: what is taken away is what the span and the ranges have in common.
_LESS = _MARK.format(fresh="int4multirange()", way="-", sign="-", span=_SPAN, changed="*")


async def mark_read(act: Act, thread_id: str, through: int | None = None) -> Thread:
    """Note that a thread was read, up to the post with the number ``through`` or to its end.

    Every device of the viewer hears of it at once. Posts kept unread behind the mark are read with it.
    """
    thread = await act.locked(Thread, thread_id, shared=True)
    act.must(policy.mark, thread)
    last = thread.last_number if through is None else through
    if not 0 <= last <= thread.last_number:
        raise Invalid(BadField("through", f"This thread's posts are numbered 1 to {thread.last_number}."))
    await _move(act, thread.id, _MORE, first=1, after=last + 1)
    return thread


async def keep_unread(act: Act, post_id: str) -> Post:
    """Keep one post unread, wherever the mark stands."""
    post = await act.locked(Post, post_id, shared=True)
    act.must(policy.mark, post)
    await act.session.get_one(Thread, post.thread_id, with_for_update={"read": True})
    await _move(act, post.thread_id, _LESS, first=post.number, after=post.number + 1)
    return post


async def mark_group_read(act: Act, group_id: str) -> Group:
    """Note that everything said in a group up to now was read."""
    group = await act.locked(Group, group_id, among=("grp", "group", groups.ENTERED), shared=True)
    act.must(policy.mark, group)
    behind = await act.session.execute(
        text(
            "SELECT t.id, t.last_number FROM threads t LEFT JOIN readings r ON r.thread_id = t.id"
            " AND r.account_id = :account AND r.capacity_id = :capacity"
            " WHERE t.group_id = :group AND t.post_count > coalesce(r.read_count, 0)"
        ),
        {"group": group.id, **_whose(act)},
    )
    for thread_id, last in behind.all():
        await _move(act, thread_id, _MORE, first=1, after=last + 1)
    return group


async def read_own(act: Act, post: Post) -> None:
    """One's own post is read as it is written; what one had not read before it stays unread."""
    await _move(act, post.thread_id, _MORE, first=post.number, after=post.number + 1)


async def heed_thread(
    act: Act, thread_id: str, level: AttentionLevel | None = None, until: str | None = None
) -> Thread:
    """Follow or mute a thread, for a while if one likes; without a level, leave it to the group's setting."""
    thread = await act.locked(Thread, thread_id, shared=True)
    act.must(policy.mark, thread)
    await _heed(act, thread.group_id, thread.id, level, _until(until, level))
    return thread


async def heed_group(
    act: Act, group_id: str, level: AttentionLevel | None = None, until: str | None = None
) -> Group:
    """Follow or mute a group; what is said of one of its threads goes before it."""
    group = await act.locked(Group, group_id, among=("grp", "group", groups.ENTERED), shared=True)
    act.must(policy.mark, group)
    await _heed(act, group.id, None, level, _until(until, level))
    return group


def _until(text_given: str | None, level: AttentionLevel | None) -> datetime | None:
    if text_given is None:
        return None
    if level is not AttentionLevel.MUTED:
        raise Invalid(BadField("until", "Only muting has an end; leave it out."))
    try:
        moment = datetime.fromisoformat(text_given)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise Invalid(BadField("until", "Give an instant with its offset: `2031-03-16T09:00:00Z`."))
    return moment


def _whose(act: Act) -> dict[str, UUID | None]:
    return {"account": act.acting.account_id, "capacity": act.acting.capacity_id}


async def _move(act: Act, thread_id: UUID, statement: str, *, first: int, after: int) -> None:
    values = {"thread": thread_id, "first": first, "after": after, **_whose(act)}
    moved = (await act.session.execute(text(statement), values)).scalar()
    if moved is None:
        return
    reading = (
        await act.session.execute(
            select(Reading).where(Reading.id == moved), execution_options={"populate_existing": True}
        )
    ).scalar_one()
    account = reading.account_id.hex
    act.tell(ThreadRead(subject=reading.id, revision=reading.revision, topics=(f"account:{account}",)))


async def _heed(
    act: Act, group_id: UUID, thread_id: UUID | None, level: AttentionLevel | None, until: datetime | None
) -> None:
    own = {"account_id": act.acting.account_id, "capacity_id": act.acting.capacity_id, "group_id": group_id}
    if level is None:
        await act.session.execute(
            delete(Attention).where(
                *(getattr(Attention, name) == value for name, value in own.items()),
                col(Attention.thread_id).is_not_distinct_from(thread_id),
            )
        )
        return
    wanted = insert(Attention).values(**own, thread_id=thread_id, level=level, until=until)
    await act.session.execute(
        wanted.on_conflict_do_update(
            index_elements=["account_id", "capacity_id", "group_id", "thread_id"],
            set_={"level": wanted.excluded.level, "until": wanted.excluded.until},
        )
    )
