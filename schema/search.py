"""Search over everything one may know of: the audience is part of the question, so that the count keeps silent too."""

import strawberry

from planner.declare import elsewhere, expression, node, pages, where
from planner.pages import PageInfo
from policy import search as policy
from schema.nodes import Node

# What is sought, and among what, is read once, not for every row it is held against. Posts are told by words alone.
# Nothing fulfils the second line: without it PostgreSQL takes two things asked of a document for so rare together that
# it never reads in order. Both in one query would do for it, and take the index three times as long.
_SOUGHT = "(SELECT websearch_to_tsquery('rotunda', {value}))"
_MATCHING = f"""(({{row}}.document @@ {_SOUGHT} AND {{row}}.document @@ (SELECT {policy.AMONG}))
    OR {{row}}.document @@ (SELECT NULL::tsquery)
    OR ({{row}}.tier < 2 AND {{row}}.named %> (SELECT plain_name({{value}}))))"""
_NEWEST, _ENOUGH = 2000, 6
_OFTEN = f"""(SELECT count(*) = {_ENOUGH} FROM (
    SELECT FROM (SELECT * FROM findings f WHERE f.tier = 2 ORDER BY -f.recency, f.subject LIMIT {_NEWEST}) f
    WHERE {_MATCHING.replace("{row}", "f").replace("{value}", "{text}")} AND ({policy.READABLE.replace("{row}", "f")})
    LIMIT {_ENOUGH}) newest)"""
#: Names and titles by an index of their own, or they would be looked for among all posts. Posts from the newest back
#: where the newest two thousand say that a page is soon full; and else all of them by their words, and then in order.
#: `tier > 1` says the same as `tier = 2`, and keeps PostgreSQL from the index that is in order.
_WAYS = ("{row}.tier < 2", f"{{row}}.tier = 2 AND {_OFTEN}", f"{{row}}.tier > 1 AND NOT {_OFTEN}")
_EXCERPT = f"""CASE WHEN NOT {policy.QUOTED} OR {{row}}.words = '' THEN NULL
    WHEN length({{row}}.words) <= 240 THEN {{row}}.words
    ELSE ts_headline('rotunda', left({{row}}.words, 4000), websearch_to_tsquery('rotunda', {{text}}),
        'StartSel="", StopSel="", MaxFragments=1, MaxWords=35, MinWords=20') END"""


@node("findings", readable=policy.READABLE, key="subject")
class SearchEdge:
    """One thing found, its place among the others, and the words that were found in it."""

    cursor: str = strawberry.field(description="This item's place, for `after` and `before`. Opaque.")
    excerpt: str | None = expression(
        _EXCERPT,
        description="The words around what was sought, as plain text; null where there are none, and of whatever was "
        "said under the Chatham House Rule.",
    )
    node: Node | None = elsewhere(
        f"CASE WHEN {policy.QUOTED} THEN {{row}}.kind ELSE 'Thread' END",
        f"CASE WHEN {policy.QUOTED} THEN {{row}}.subject ELSE {{row}}.thread_id END",
        "City",
        "Mayor",
        "Group",
        "Event",
        "Thread",
        "Post",
        "Resolution",
        description="What was found: a city, a mayor, a group, an event, a thread, a post or a resolution.",
    )


@strawberry.type(description="A page of what was found.")
class SearchConnection:
    """Relay's Connection."""

    edges: list[SearchEdge] = strawberry.field(description="What was found, with its place and an excerpt.")
    page_info: PageInfo = strawberry.field(description="Where this page begins and ends.")
    total_count: int = strawberry.field(
        description="How many there are that the viewer may know of; exact up to 1,000, and 1,000 where there are more."
    )


SEARCH = pages(
    order=[("{row}.tier", "smallint"), ("(-{row}.recency)", "bigint"), ("{row}.subject", "uuid")],
    most_counted=1000,
    ways=_WAYS,
    description="Groups, threads, posts, resolutions, mayors, cities and events that the viewer may know of, by their "
    "words. People, places and groups come first, then events, threads and resolutions, then posts; the newest first.",
    text=where(
        str,
        _MATCHING,
        'Words; `"in this order"`, `this or that`, `-without`. Accents do not matter, and names may be misspelt.',
        required=True,
    ),
)
