"""Rules for acts upon groups and what is said in them: what each says to whom, and that staff narrowed say no more."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from models.discussions import Post, Thread
from policy import discussions, groups, readings
from policy.acts import JUDGED
from tests.policy.rooms import Rooms, group_of, with_only
from tests.policy.table_of_rooms import ROOMS, RULES_OF_ROOMS

_ROOM = ("members", "ordinary")


@pytest.mark.parametrize("role", RULES_OF_ROOMS)
async def test_rules_of_rooms_answer_by_the_table(rooms: Rooms, role: str) -> None:
    acting = await rooms.acting(role)
    ordinary, mayors_only, chatham = [
        group_of(rooms, ("members", kind)) for kind in ("ordinary", "mayors_only", "chatham_house")
    ]
    hidden = group_of(rooms, ("hidden", "ordinary"))
    post, thread = _post(rooms), _thread(rooms)

    said = (
        groups.found(acting, None),
        *(groups.join(acting, group) for group in (ordinary, mayors_only, hidden)),
        *(groups.keep(acting, group) for group in (ordinary, hidden)),
        *(discussions.speak(acting, group) for group in (ordinary, mayors_only, chatham)),
        discussions.edit(acting, post),
        discussions.delete(acting, post),
        discussions.keep(acting, post),
        discussions.resolve(acting, thread),
        readings.mark(acting, thread),
    )

    for place, (sentence, expected) in enumerate(zip(said, RULES_OF_ROOMS[role], strict=True)):
        assert (sentence is None) is (expected is None), (place, sentence)
        assert (expected or "") in (sentence or ""), place


@pytest.mark.parametrize("role", ROOMS)
async def test_only_whoever_joined_leaves(rooms: Rooms, role: str) -> None:
    acting = await rooms.acting(role)
    membership = JUDGED["leaveGroup"].most_own(await rooms.acting("mayor A"))

    assert (groups.leave(acting, membership) is None) is (role == "mayor A")


@pytest.mark.parametrize("role", ROOMS)
async def test_everybody_who_is_signed_in_reports_what_is_not_their_own(rooms: Rooms, role: str) -> None:
    assert (discussions.report(await rooms.acting(role), _post(rooms)) is None) is (
        role not in {"visitor", "delegate who posts"}
    )


async def test_staff_whose_grant_was_narrowed_touch_no_more_what_they_wrote_for_the_office(
    rooms: Rooms,
) -> None:
    acting = await rooms.acting("delegate who posts")
    narrowed = replace(acting, scopes=("read_group",))

    judged: tuple[tuple[Callable[..., str | None], object], ...] = (
        (discussions.edit, _post(rooms)),
        (discussions.delete, _post(rooms)),
        (discussions.resolve, _thread(rooms)),
    )

    for rule, row in judged:
        assert rule(acting, row) is None
        assert "“post_as_office”" in (rule(narrowed, row) or "")


def _post(rooms: Rooms) -> Post:
    writer = rooms.logins["delegate who posts"]
    return with_only(
        Post,
        group_id=rooms.things["group"][_ROOM],
        mayors_only=False,
        author_id=writer.id,
        term_id=rooms.terms["mayor A"],
    )


def _thread(rooms: Rooms) -> Thread:
    post = _post(rooms)
    return with_only(
        Thread, group_id=post.group_id, mayors_only=False, author_id=post.author_id, term_id=post.term_id
    )
