"""Who has read what: most of it those who take part, all but a handful those whom the README names."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from random import Random
from typing import Final
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range

from models.accounts import Account
from models.discussions import Post
from models.groups import GroupAudience, MembershipStatus
from models.readings import Attention, AttentionLevel, Reading
from seeds.rows import House

#: What the mayor of Alexandria hears of whatever happens, and what is too much at the moment.
FOLLOWED: Final = "Water Affordability"
MUTED: Final = "Sister Cities"
#: How many of the last posts are unread to those whom the README names, in the liveliest threads.
_FRESH = (3, 1, 1, 1)


def read_up(house: House, familiar: str, *, now: datetime, dice: Random) -> None:
    """Mark what members have read; to those whom the README names, all but a handful of what opens to them."""
    accounts = {account.email: account for account in house.accounts}
    mayor, staff = accounts[f"mayor@{familiar}.example"], accounts[f"staff@{familiar}.example"]
    posts = _by_thread(house.posts)
    _members_read(house, mayor, posts, dice)
    term = next(one for one in house.terms if one.person_id == mayor.person_id)
    grant = next(one for one in house.delegations if one.account_id == staff.id)
    secretariat = next(account for account in house.accounts if account.secretariat)
    asked_in = {one.group_id for one in house.memberships if one.status is MembershipStatus.INVITED}
    rooms = {group.id: group for group in house.groups if group.id not in asked_in}
    shared = {key for key, group in rooms.items() if not group.confidentiality.mayors_only}
    public = {key for key in shared if rooms[key].audience in {GroupAudience.OPEN, GroupAudience.MEMBERS}}
    for account, key, entered in (
        (mayor, term.id, set(rooms)),
        (staff, grant.id, shared),
        (secretariat, secretariat.id, public),
    ):
        _familiar(house, account, key, [posts[group] for group in entered])
    _heed(house, mayor, term.id, now)


def _members_read(
    house: House, but: Account, posts: dict[UUID, dict[UUID, list[Post]]], dice: Random
) -> None:
    by_person = {account.person_id: account for account in house.accounts}
    for membership in house.memberships:
        reader = by_person[membership.person_id]
        if reader is but or membership.status is not MembershipStatus.JOINED:
            continue
        for thread in posts[membership.group_id].values():
            through = len(thread) - dice.choice((0, 0, 0, 1, 2, len(thread) // 2))
            house.readings.append(_read(thread, reader, membership.term_id or reader.id, through=through))


def _familiar(house: House, reader: Account, capacity: UUID, groups: list[dict[UUID, list[Post]]]) -> None:
    """Everything is read but the ends of the liveliest threads, and a post that was kept unread."""
    muted = next(group.id for group in house.groups if group.name == MUTED)
    threads = [thread for group in groups for thread in group.values()]
    threads.sort(key=lambda thread: thread[-1].place, reverse=True)
    lively = [thread[0].thread_id for thread in threads if thread[0].group_id != muted]
    fresh = dict(zip(lively, _FRESH, strict=False))
    for thread in threads:
        through = len(thread) - fresh.get(thread[0].thread_id, 0)
        kept = 2 if thread[0].thread_id == lively[len(_FRESH)] else 0
        house.readings.append(_read(thread, reader, capacity, through=through, kept=kept))


def _heed(house: House, mayor: Account, capacity: UUID, now: datetime) -> None:
    for name, level, until in (
        (FOLLOWED, AttentionLevel.FOLLOWED, None),
        (MUTED, AttentionLevel.MUTED, now + timedelta(days=10)),
    ):
        group = next(one for one in house.groups if one.name == name)
        house.attentions.append(
            Attention(account_id=mayor.id, capacity_id=capacity, group_id=group.id, level=level, until=until)
        )


def _read(thread: list[Post], reader: Account, capacity: UUID, *, through: int, kept: int = 0) -> Reading:
    """The marks of somebody who read a thread up to a post; their own are read anyway, one may be kept unread."""
    numbers = {post.number for post in thread if post.number <= through or post.author_id == reader.id}
    numbers.discard(kept)
    stands = {post.number for post in thread if not (post.deleted_at or post.hidden_at)}
    return Reading(
        account_id=reader.id,
        capacity_id=capacity,
        thread_id=thread[0].thread_id,
        group_id=thread[0].group_id,
        read=list(_ranges(sorted(numbers))),
        read_count=len(numbers & stands),
    )


def _ranges(numbers: Iterable[int]) -> list[Range[int]]:
    found: list[Range[int]] = []
    for number in numbers:
        if found and found[-1].upper == number:
            found[-1] = Range(found[-1].lower, number + 1)
        else:
            found.append(Range(number, number + 1))
    return found


def _by_thread(posts: Iterable[Post]) -> dict[UUID, dict[UUID, list[Post]]]:
    """Posts in their order, by group and thread."""
    found: dict[UUID, dict[UUID, list[Post]]] = defaultdict(lambda: defaultdict(list))
    for post in sorted(posts, key=lambda one: one.number):
        found[post.group_id][post.thread_id].append(post)
    return found
