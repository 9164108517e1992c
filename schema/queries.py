"""Everything there is to read."""

import strawberry

from models.events import EventKind, EventStatus
from models.resolutions import ResolutionStatus
from planner.declare import any_node, any_nodes, expression, found, many, one, pages, root, where
from planner.pages import Connection
from policy import looks
from policy.accounts import EMAIL
from policy.delegations import WAYS
from policy.events import MOVABLE
from policy.groups import ENTERED
from policy.notices import TOLD
from policy.resolutions import WAYS as RESOLUTION_WAYS
from schema.accounts import Account, Viewer
from schema.audit import AuditEntry, trail
from schema.cities import CHOOSING, Band, City, Region
from schema.delegations import Delegation
from schema.discussions import Thread
from schema.events import Event
from schema.groups import Group
from schema.mayors import Mayor
from schema.nodes import Node
from schema.notices import Notice
from schema.resolutions import Resolution, ResolutionCall
from schema.scalars import Cursor, Day, Instant
from schema.search import SEARCH, SearchConnection
from schema.waiting import Waiting

_START = "coalesce({row}.starts_at,'infinity'::timestamptz)"
_VACANT = """NOT EXISTS (SELECT FROM terms t WHERE t.city_id = {row}.id
    AND t.during @> timezone({row}.time_zone, now())::date)"""


@root()
class Query:
    """Reading. Whatever a document selects is read in one statement, as of one moment."""

    viewer: Viewer | None = one("true", description="Who asks, and for whom; null for a visitor.")
    head: Cursor = expression(
        "log_cursor(log_head(), (SELECT log_epoch()))",
        nullable=False,
        description="The log's end at the moment of this reading: subscribe `after` it, and nothing is missed.",
    )
    changes: Connection[Notice] = pages(
        TOLD,
        order=[("{row}.pos", "bigint")],
        most_counted=1000,  # whether a notice may still be heard is judged one by one; a whole log takes a second
        description="What the viewer may hear of, in the log's order, as far as it is kept. `last` are the newest. "
        "What happens to one's own keys is told on streams and by letter, and is not among them. "
        "`totalCount` counts to 1,000 and no further: 1,000 means so many or more.",
        unseen=where(
            bool,
            f"{{row}}.pos > CASE WHEN {{value}} THEN {looks.SEEN} ELSE 0 END",
            "Only what came behind the mark of the last look: `viewer { lastLook }`.",
        ),
    )
    waiting: Waiting | None = one("true", description="What waits for the viewer; null for a visitor.")
    node: Node | None = any_node(description="Whatever an id names.")
    nodes: list[Node | None] = any_nodes(description="Whatever each id names, in the order asked.")
    city: City | None = found(
        description="A city by its id or its slug.",
        id=where(strawberry.ID, "{row}.id = {value}", "Its id.", of="cit"),
        slug=where(str, "{row}.slug = {value}", "Its slug: `alexandria-va`."),
    )
    cities: Connection[City] = pages(
        order=[("{row}.sort_name", "text"), ("{row}.id", "uuid")],
        counted="(SELECT coalesce(sum(r.cities), 0) FROM cities_by_region r)",
        description="Cities by name, whatever its case and accents.",
        **CHOOSING,
        vacant=where(
            bool, f"({_VACANT}) = {{value}}", "Such as have nobody in office today, or such as have."
        ),
    )
    mapped_cities: list[City] = many(
        "true",
        order="{child}.sort_name, {child}.id",
        most=1000,
        description="The first 1,000 cities by name, without pages: for a map, say. Select little of each.",
        **CHOOSING,
    )
    bands: list[Band] = many(
        "true", order="{child}.number", description="The sizes of cities, from the smallest."
    )
    regions: list[Region] = many(
        "{child}.members > 0",
        order="{child}.country, {child}.region",
        most=1000,
        description="Where the members are: every state or division with a member city.",
    )
    event: Event | None = found(
        description="An event by its id.",
        id=where(strawberry.ID, "{row}.id = {value}", "Its id.", of="evt"),
    )
    events: Connection[Event] = pages(
        order=[(_START, "timestamptz"), ("{row}.id", "uuid")],
        description="Events by their start; those without a date come last.",
        status=where(list[EventStatus], "{row}.status = ANY({value})", "In one of these states."),
        kind=where(EventKind, "{row}.kind = {value}", "Of this sort."),
        hosted_by_me=where(
            bool,
            "coalesce({row}.host_id = {viewer.host_id}, false) = {value}",
            "Hosted by the viewer, or not.",
        ),
        movable=where(bool, f"{MOVABLE} = {{value}}", "Such as the viewer may move, or not."),
        containing=where(
            str,
            "strpos(lower(concat_ws(' ', {row}.title, {row}.summary, {row}.location)), lower({value})) > 0",
            "With these words in its title, summary or place.",
        ),
        starts_from=where(
            Instant, f"{_START} >= {{value}}", "Beginning then or later; no date counts as later."
        ),
        starts_before=where(Instant, f"{_START} < {{value}}", "Beginning before then."),
    )
    terms: Connection[Mayor] = pages(
        order=[("coalesce(upper({row}.during), 'infinity'::date)", "date"), ("{row}.id", "uuid")],
        description="Terms of office, past, present and to come, by the day they end; the open ones come last.",
        in_force=where(
            bool,
            "({row}.during @> (SELECT timezone(c.time_zone, now())::date FROM cities c WHERE c.id = {row}.city_id)) "
            "= {value}",
            "In force today, or not.",
        ),
        ends_from=where(
            Day, "coalesce(upper({row}.during), 'infinity'::date) >= {value}", "Ending on that day or later."
        ),
        ends_before=where(Day, "upper({row}.during) < {value}", "Ending before that day."),
        city=where(strawberry.ID, "{row}.city_id = {value}", "In this city.", of="cit"),
        containing=where(
            str,
            "strpos(lower((SELECT concat_ws(' ', p.name, c.name) FROM people p, cities c "
            "WHERE p.id = {row}.person_id AND c.id = {row}.city_id)), lower({value})) > 0",
            "With these letters in the mayor's or the city's name.",
        ),
    )
    account: Account | None = found(
        description="An account by its id.",
        id=where(strawberry.ID, "{row}.id = {value}", "Its id.", of="acc"),
    )
    accounts: Connection[Account] = pages(
        order=[("(SELECT p.name FROM people p WHERE p.id = {row}.person_id)", "text"), ("{row}.id", "uuid")],
        description="Accounts the viewer may know of, by name.",
        secretariat=where(
            bool,
            f"CASE WHEN {EMAIL} THEN {{row}}.secretariat END = {{value}}",
            "The secretariat's, or others'.",
        ),
        containing=where(
            str,
            "strpos(lower(concat_ws(' ', (SELECT p.name FROM people p WHERE p.id = {row}.person_id), "
            f"CASE WHEN {EMAIL} THEN {{row}}.email END)), lower({{value}})) > 0",
            "With these letters in the name, or in an address the viewer may see.",
        ),
    )
    group: Group | None = found(
        description="A group by its id.",
        id=where(strawberry.ID, "{row}.id = {value}", "Its id.", of="grp"),
    )
    groups: Connection[Group] = pages(
        order=[("plain_name({row}.name)", "text"), ("{row}.id", "uuid")],
        description="Groups the viewer may know of, by name.",
        entered=where(bool, f"{ENTERED} = {{value}}", "Such as the viewer reads, or not."),
        joined=where(
            bool,
            "EXISTS (SELECT FROM memberships m WHERE m.group_id = {row}.id AND m.status = 'joined'"
            " AND m.person_id = {viewer.principal_id} AND m.term_id IS NOT DISTINCT FROM {viewer.term_id}) = {value}",
            "Such as the viewer joined, or not.",
        ),
        containing=where(
            str, "strpos(plain_name({row}.name), plain_name({value})) > 0", "With these letters in its name."
        ),
    )
    thread: Thread | None = found(
        description="A thread by its id.",
        id=where(strawberry.ID, "{row}.id = {value}", "Its id.", of="thr"),
    )
    resolution_calls: Connection[ResolutionCall] = pages(
        order=[("-extract(epoch FROM {row}.due_at)", "numeric"), ("{row}.id", "uuid")],
        description="Calls for resolutions, the latest deadline first.",
        open=where(bool, "(now() <= {row}.due_at) = {value}", "With the deadline still to come, or passed."),
    )
    resolution_call: ResolutionCall | None = found(
        description="A call for resolutions by its id.",
        id=where(strawberry.ID, "{row}.id = {value}", "Its id.", of="cal"),
    )
    resolutions: Connection[Resolution] = pages(
        order=[("(-{row}.recency)", "bigint"), ("{row}.id", "uuid")],
        ways=RESOLUTION_WAYS,
        description="Resolutions the viewer may know of, newest first: by when they were opened, or drafted.",
        call_id=where(strawberry.ID, "{row}.call_id = {value}", "Of this call.", of="cal"),
        status=where(list[ResolutionStatus], "{row}.status = ANY({value})", "In one of these states."),
        mine=where(
            bool,
            "coalesce({row}.term_id = {viewer.term_id}, false) = {value}",
            "Led by the mayor whom the viewer is or acts for, or by others.",
        ),
    )
    resolution: Resolution | None = found(
        description="A resolution by its id.",
        id=where(strawberry.ID, "{row}.id = {value}", "Its id.", of="res"),
    )
    delegations: Connection[Delegation] = pages(
        order=[("{row}.id", "uuid")],
        ways=WAYS,
        description="Grants the viewer gave or holds, oldest first.",
        principal=where(strawberry.ID, "{row}.term_id = {value}", "From this mayor.", of="may"),
        code=where(
            str,
            "{row}.account_id = {viewer.account_id} AND {row}.code_hash = sha256(convert_to({value}, 'UTF8'))",
            "The one that a letter with this code offered to the viewer.",
        ),
    )
    search: SearchConnection = SEARCH
    audit: Connection[AuditEntry] = trail(
        description="What was done, in the order of doing; `last` reads the newest.",
    )
