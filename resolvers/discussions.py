"""Acts upon discussions: threads started, posts written, edited, taken away, answered with a mark, kept in order."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete as sql_delete
from sqlalchemy import func, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from models.discussions import (
    Mention,
    Post,
    PostAdded,
    PostChanged,
    PostReported,
    PostVersion,
    Reaction,
    ReactionMark,
    Report,
    ReportSettled,
    ReportStatus,
    Thread,
    ThreadChanged,
    ThreadStarted,
)
from models.groups import Group, topics
from models.problems import BadField, Invalid, WrongMoment
from policy import discussions as policy
from policy import groups
from policy.viewer import EVERYBODY, of
from resolvers.act import Act
from resolvers.readings import read_own
from resolvers.writing import Written, body_of, line_of, named, written

_LONGEST_TITLE, _LONGEST_REASON = 200, 500
_MOST_NAMED = 20


async def start(act: Act, group_id: str, title: str, body: str) -> Thread:
    """Start a thread with its first post."""
    group = await act.locked(Group, group_id)
    act.must(policy.speak, await _read(act, group))
    said = await _written(act, group, body_of(body))
    thread = Thread.within(
        group,
        title=line_of(title, "title", _LONGEST_TITLE),
        author_id=act.author,
        term_id=act.acting.term_id,
    )
    await act.save(thread)
    act.tell(PostAdded.of(await _post(act, group, thread, said)), confidential=_secret(thread))
    act.record(ThreadStarted.of(thread), confidential=_secret(thread))
    return thread


async def reply(act: Act, thread_id: str, body: str) -> Post:
    """Post in a thread, unless it is locked."""
    thread = await act.locked(Thread, thread_id)
    group = await act.session.get_one(Group, thread.group_id)
    act.must(policy.speak, group)
    _must_be_open(thread)
    post = await _post(act, group, thread, await _written(act, group, body_of(body)))
    act.record(PostAdded.of(post), confidential=_secret(post))
    return post


async def edit(act: Act, post_id: str, body: str, expected_revision: int | None = None) -> Post:
    """Write a post anew; how it read before stays to be seen."""
    post = await act.locked(Post, post_id)
    act.must(policy.edit, post)
    post.must_stand()
    _expect(post, expected_revision)
    _must_be_open(await act.session.get_one(Thread, post.thread_id))
    said = await _written(act, await act.session.get_one(Group, post.group_id), body_of(body))
    before = PostVersion.of(post)
    post.body, post.body_html, post.words = said.text.body, said.text.html, said.text.words
    post.edited_at = await _now(act)
    await act.save(before)
    await _keep_names(act, post, said)
    await _changed(act, post)
    return post


async def delete(act: Act, post_id: str) -> Post:
    """Take a post away. A stub stays in its place."""
    post = await act.locked(Post, post_id)
    act.must(policy.delete, post)
    post.must_stand()
    post.deleted_at = await _now(act)
    await _changed(act, post)
    return post


async def react(act: Act, post_id: str, mark: ReactionMark) -> Post:
    """Put a mark upon a post; the same mark twice changes nothing."""
    return await _react(act, post_id, mark, there=True)


async def unreact(act: Act, post_id: str, mark: ReactionMark) -> Post:
    """Take one's mark from a post."""
    return await _react(act, post_id, mark, there=False)


async def pin(act: Act, thread_id: str, pinned: bool) -> Thread:  # noqa: FBT001 - an input's field
    """Keep a thread at the head of its group, or no longer."""
    thread = await act.locked(Thread, thread_id)
    act.must(policy.keep, thread)
    thread.pin(pinned=pinned)
    return await _turned(act, thread)


async def lock(act: Act, thread_id: str, locked: bool) -> Thread:  # noqa: FBT001 - as above
    """Close a thread to new posts, or open it again."""
    thread = await act.locked(Thread, thread_id)
    act.must(policy.keep, thread)
    thread.set("locked_at", await _now(act) if locked else None)
    return await _turned(act, thread)


async def resolve(act: Act, thread_id: str, resolved: bool) -> Thread:  # noqa: FBT001 - as above
    """Note that a thread's question is answered, or that it is open again."""
    thread = await act.locked(Thread, thread_id)
    act.must(policy.resolve, thread)
    thread.set("resolved_at", await _now(act) if resolved else None)
    return await _turned(act, thread)


async def report(act: Act, post_id: str, reason: str) -> Post:
    """Tell the group's keepers that a post should not stand, and why. They are not told by whom."""
    post = await act.locked(Post, post_id)
    act.must(policy.report, post)
    post.must_stand()
    wanted = insert(Report).values(
        post_id=post.id,
        group_id=post.group_id,
        mayors_only=post.mayors_only,
        reporter_id=act.author,
        reason=line_of(reason, "reason", _LONGEST_REASON),
        words=post.body,
    )
    made = (await act.session.execute(wanted.on_conflict_do_nothing().returning(Report))).scalar()
    if made is None:
        raise WrongMoment("You reported this post before; its keepers have been told.")
    told = PostReported(subject=made.id, revision=made.revision, topics=_keepers(post), group=post.group_id)
    act.record(told, confidential=True)
    return post


async def hide(act: Act, post_id: str, reason: str) -> Post:
    """Hide a post, saying why where it stood; its open reports are settled with it."""
    post = await act.locked(Post, post_id)
    act.must(policy.keep, post)
    post.must_stand()
    post.hidden_at, post.hidden_because = await _now(act), line_of(reason, "reason", _LONGEST_REASON)
    await _settle(act, post, ReportStatus.HIDDEN)
    await _changed(act, post)
    return post


async def show(act: Act, post_id: str) -> Post:
    """Let a hidden post stand again."""
    post = await act.locked(Post, post_id)
    act.must(policy.keep, post)
    if not post.hidden_at or post.deleted_at:
        raise WrongMoment("This post is not hidden.")
    post.hidden_at = post.hidden_because = None
    await _changed(act, post)
    return post


async def dismiss(act: Act, report_id: str) -> Report:
    """Find a report without reason: its post stands."""
    found = await act.locked(Report, report_id)
    act.must(policy.keep, found)
    if found.status is not ReportStatus.OPEN:
        raise WrongMoment("This report is settled already.")
    post = await act.session.get_one(Post, found.post_id)
    await _settle(act, post, ReportStatus.DISMISSED)
    act.note(found.id, confidential=_secret(post))
    await act.session.refresh(found)
    return found


# ---------------------------------------------------------------------- what the acts share


async def _read(act: Act, group: Group) -> Group:
    """The group again, if the viewer reads in it and not only knows of it; or ``Missing``."""
    return await act.locked(Group, f"grp_{group.id.hex}", among=("grp", "group", groups.ENTERED))


async def _post(act: Act, group: Group, thread: Thread, said: "_Said") -> Post:
    place = (await act.session.execute(text("SELECT nextval('post_places')"))).scalar_one()
    post = Post(
        thread_id=thread.id,
        group_id=group.id,
        audience=group.audience,
        mayors_only=group.mayors_only,
        chatham_house=group.chatham_house,
        number=thread.last_number + 1,
        place=place,
        body=said.text.body,
        body_html=said.text.html,
        words=said.text.words,
        author_id=act.author,
        term_id=act.acting.term_id,
        for_office=act.acting.delegation_id is not None,
    )
    await act.save(post)
    await act.session.refresh(thread)  # the database counted it
    await _keep_names(act, post, said)
    await read_own(act, post)
    return post


async def _written(act: Act, group: Group, body: str) -> "_Said":
    """The text as it will be shown. Only mayors who read the group are named by their name, for only they are told.

    Under the Chatham House Rule every mayor in office is: else a name would tell staff who is in the room.
    """
    slugs = named(body)
    if len(slugs) > _MOST_NAMED:
        raise Invalid(BadField("body", f"Name at most {_MOST_NAMED} mayors in one post."))
    if not slugs:
        return _Said(written(body, {}), ())
    found = await act.session.execute(text(_HEARING), {"group": group.id, "slugs": slugs})
    heard = found.all()
    shown = heard
    if group.chatham_house:
        shown = (await act.session.execute(text(_IN_OFFICE), {"slugs": slugs})).all()
    return _Said(written(body, {row.slug: row.name for row in shown}), tuple(row.term_id for row in heard))


_IN_OFFICE = r"""SELECT c.slug, p.name FROM cities c
    JOIN terms t ON t.city_id = c.id JOIN people p ON p.id = t.person_id
    WHERE c.slug = ANY (:slugs) AND t.during @> timezone(c.time_zone, now())\:\:date"""


_HEARING = f"""SELECT DISTINCT c.slug, p.name, t.id AS term_id FROM {EVERYBODY} reader
    JOIN terms t ON t.id = reader.term_id JOIN cities c ON c.id = t.city_id JOIN people p ON p.id = t.person_id
    JOIN groups g ON g.id = :group
    WHERE c.slug = ANY (:slugs) AND reader.mayor AND {of("reader", groups.ENTERED).replace("{row}", "g")}
""".replace("::", r"\:\:")


@dataclass(frozen=True, slots=True)
class _Said:
    """A text as it is shown, and the terms of the mayors it names who are told."""

    text: Written
    terms: tuple[UUID, ...]


async def _keep_names(act: Act, post: Post, said: "_Said") -> None:
    await act.session.execute(sql_delete(Mention).where(col(Mention.post_id) == post.id))
    act.session.add_all(Mention(post_id=post.id, term_id=term) for term in said.terms)
    await act.session.flush()


async def _react(act: Act, post_id: str, mark: ReactionMark, *, there: bool) -> Post:
    post = await act.locked(Post, post_id)
    act.must(policy.speak, await act.session.get_one(Group, post.group_id))
    post.must_stand()
    own = {"post_id": post.id, "person_id": act.principal, "mark": mark}
    if there:
        done = await act.session.execute(insert(Reaction).values(**own).on_conflict_do_nothing())
    else:
        done = await act.session.execute(
            sql_delete(Reaction).where(*(getattr(Reaction, name) == value for name, value in own.items()))
        )
    if done.rowcount:  # type: ignore[attr-defined]  # a statement that changes rows says how many
        await _marked(act, post)
    return post


async def _changed(act: Act, post: Post) -> None:
    post.revision += 1
    await act.save(post)
    act.record(PostChanged.of(post), confidential=_secret(post))


async def _marked(act: Act, post: Post) -> None:
    """Whose mark it is nobody is told: only the mayor, of what staff did in the mayor's name."""
    post.revision += 1
    await act.save(post)
    act.tell(PostChanged.of(post), confidential=True)
    in_person = act.acting.delegation_id is None
    act.note(post.id, {"notice": "PostChanged"}, confidential=in_person or _secret(post))


async def _turned(act: Act, thread: Thread) -> Thread:
    await act.save(thread)
    act.record(ThreadChanged.of(thread), confidential=_secret(thread))
    return thread


async def _settle(act: Act, post: Post, status: ReportStatus) -> None:
    now = await _now(act)
    found = await act.session.execute(
        select(Report).where(Report.post_id == post.id, Report.status == ReportStatus.OPEN).with_for_update()
    )
    for one in found.scalars().all():
        one.status, one.settled_at = status, now
        one.revision += 1
        act.session.add(one)
        told = ReportSettled(
            subject=one.id, revision=one.revision, topics=_keepers(post), group=post.group_id
        )
        act.tell(told, confidential=_secret(post))
    await act.session.flush()


def _keepers(post: Post) -> tuple[str, ...]:
    """Whoever may keep the group hears of what its readers may: policy tells keepers from readers."""
    told = topics(post.group_id, post.audience, mayors_only=post.mayors_only)
    return told if post.mayors_only else tuple(dict.fromkeys((*told, "secretariat")))


def _secret(row: Thread | Post) -> bool:
    """Whether who did it is nobody's business, in the log as in the audit."""
    return row.mayors_only or row.chatham_house


def _must_be_open(thread: Thread) -> None:
    if thread.locked_at:
        raise WrongMoment("This thread is locked; a keeper of the group can open it again.")


def _expect(post: Post, revision: int | None) -> None:
    if revision is not None and revision != post.revision:
        raise WrongMoment("The post changed meanwhile. Look again, then edit what stands now.")


async def _now(act: Act) -> datetime:
    moment: datetime = (await act.session.execute(select(func.clock_timestamp()))).scalar_one()
    return moment
