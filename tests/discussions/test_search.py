"""Search: everything one may know of, and nothing else, not even in a count."""

import re
from dataclasses import replace
from itertools import product
from typing import Any

from policy import search
from policy.viewer import EVERYBODY, of
from tests.discussions.test_acts import Room, people
from tests.discussions.test_promised import PROMISED
from tests.living import Caller

__all__ = ["people"]
_AUDIENCES = ("OPEN", "MEMBERS", "INVITED", "HIDDEN")
_CONFIDENCES = ("ORDINARY", "MAYORS_ONLY", "CHATHAM_HOUSE", "MAYORS_ONLY_CHATHAM_HOUSE")
#: What is asked of a reader. Of nearly two thousand some thirty differ in it: those who are alike are asked once.
_ASKED = sorted(set(re.findall(r"\{viewer\.(\w+)\}", search.READABLE + search.AMONG)))
_FOUND_BY = f"""WITH reader AS MATERIALIZED (SELECT DISTINCT {", ".join(_ASKED)} FROM {EVERYBODY} everybody),
    looking AS MATERIALIZED (SELECT reader.*, {of("reader", search.AMONG)} AS among FROM reader)
    SELECT count(*), count(*) FILTER (WHERE f.kind = 'Post'),
        count(*) FILTER (WHERE coalesce(NOT f.document @@ looking.among, true))
    FROM findings f CROSS JOIN looking WHERE {of("looking", search.READABLE).replace("{row}", "f")}"""


async def found(by: Caller, text: str) -> tuple[int, list[tuple[str, str, str | None]]]:
    page: Any = (await by.ask(PROMISED["search"], text=text))["search"]
    edges = [(e["node"]["__typename"], e["node"]["id"], e["excerpt"]) for e in page["edges"]]
    return page["totalCount"], edges


async def test_a_post_is_found_by_its_words_with_an_excerpt(people: Room) -> None:
    room = await replace(people).founded()
    post = await room.reply(room.ben, "Our **zeppelins** run every ten minutes, and the façade is lit.")

    count, edges = await found(room.ada, "zeppelin facade")

    assert (count, edges) == (
        1, [("Post", post["id"], "Our zeppelins run every ten minutes, and the façade is lit.")],
    )  # fmt: skip
    await room.ben.done("editPost", postId=post["id"], body="Our dirigibles run.")
    assert await found(room.ada, "zeppelin") == (0, [])
    await room.ben.done("deletePost", postId=post["id"])
    assert await found(room.ada, "dirigibles") == (0, [])


async def test_people_and_places_are_found_however_they_are_spelt(people: Room) -> None:
    _, cities = await found(people.visitor, "alexandira")

    assert "City" in {kind for kind, _, _ in cities}


async def test_what_may_not_be_known_is_found_by_nobody_else(people: Room) -> None:
    room = await replace(people).founded(confidentiality="MAYORS_ONLY")
    await room.reply(room.ada, "The xylophone treaty.")

    for by in (room.office, room.staff, room.secretariat, room.visitor):
        assert await found(by, "xylophone") == (0, [])
    assert (await found(room.ben, "xylophone"))[0] == 1


async def test_what_was_said_under_chatham_house_is_found_as_its_thread_and_never_quoted(
    people: Room,
) -> None:
    room = await replace(people).founded(confidentiality="CHATHAM_HOUSE")
    await room.reply(room.ada, "The bassoon compromise.")

    for by in (room.ada, room.ben, room.office):
        assert await found(by, "bassoon") == (1, [("Thread", room.thread["id"], None)])


async def test_a_search_is_made_among_all_that_may_be_found(people: Room) -> None:
    """Whoever they are: nothing may be found that the index leaves out."""
    for audience, confidentiality in product(_AUDIENCES, _CONFIDENCES):
        await replace(people).founded(audience, confidentiality)

    ((of_all, of_posts, left_out),) = await people.home.rows(_FOUND_BY)

    assert of_all > of_posts > 0
    assert left_out == 0


async def test_what_things_say_of_their_audience_is_no_word_to_search_for(people: Room) -> None:
    room = await replace(people).founded()
    await room.reply(room.ada, "Nothing of note.")

    for text in ("in all", '"in members"', "in:all", room.group["id"], "the of and", ""):
        assert not [kind for kind, _, _ in (await found(room.ben, text))[1] if kind == "Post"], text
