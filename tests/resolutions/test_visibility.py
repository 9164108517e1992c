"""Every role over every resolution: lists, counts, ids, search, history, changes and streams hold to one table."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from tests.living import Caller, Row
from tests.resolutions.conftest import TEXT, Floor, grant

#: What there is: each word is also in the text of that one, so that a search can tell.
SORTS = ("draft", "shelved", "gathering", "submitted", "withdrawn", "anothers", "orphan")
_OPEN = {"gathering", "submitted", "withdrawn"}
_OWN = {"draft", "shelved"}
#: Who may know of which; the lead of all but the last two is the mayor of Alexandria.
TABLE: dict[str, set[str]] = {
    "visitor": set(),
    "an account of no city": set(),
    "a former mayor, who led one": set(),
    "lead": _OPEN | _OWN,
    "another member": _OPEN | {"anothers"},
    "a co-sponsor": _OPEN,
    "staff who draft": _OPEN | _OWN,
    "staff with all but drafting": _OPEN,
    "staff for one event alone": set(),
    "staff of another mayor, who draft": _OPEN | {"anothers"},
    "staff whose grant was taken back": set(),
    "secretariat": _OPEN,
}
_LIST = """query ($call: ID) { resolutions(first: 100, callId: $call) { totalCount nodes { id } }
  drafts: resolutions(callId: $call, status: [DRAFT]) { totalCount }
  shelved: resolutions(callId: $call, status: [WITHDRAWN]) { totalCount }
  resolutionCall(id: $call) { id resolutions(first: 100) { totalCount nodes { id } } } }"""
_SEARCH = "query ($text: String!) { search(text: $text, first: 20) { totalCount edges { node { id } } } }"
_ONE = """query ($id: ID!) { resolution(id: $id) { id title } node(id: $id) { id } nodes(ids: [$id]) { id }
  audit(subject: $id) { totalCount nodes { act } } }"""
_CHANGES = """{ changes(last: 100) { nodes { __typename ... on ResolutionNotice { resolution { id } } } } }"""
_STREAM = """subscription ($after: Cursor) { notices(after: $after) { __typename
  ... on ResolutionNotice { resolution { id } } ... on EventNotice { event { id } } } }"""
_NOBODYS = "res_" + "0" * 32


@dataclass
class Scene:
    """One of each sort, everybody, and where the log stood before."""

    floor: Floor
    head: str
    everybody: dict[str, Caller] = field(default_factory=dict)
    things: dict[str, str] = field(default_factory=dict)

    def sorts(self, shown: list[Row]) -> set[str]:
        names = {one: sort for sort, one in self.things.items()}
        return {names[one["id"]] for one in shown if one and one["id"] in names}


@pytest.fixture(scope="module")
async def scene(people: Floor) -> Scene:
    floor = await replace(people).called()
    home = floor.home
    hampton = await home.caller("mayor@hampton-va.example")
    one_event = await grant(
        home, floor.ada, "alexandria-va", "narrow@resolutions.example", ["DRAFT_RESOLUTION"]
    )
    event = await home.value("SELECT id FROM events LIMIT 1")
    await home.rows("UPDATE delegations SET object_id = $1 WHERE account_id = "
                    "(SELECT id FROM accounts WHERE email = 'narrow@resolutions.example')", event)  # fmt: skip
    revoked = await grant(home, floor.ada, "alexandria-va", "gone@resolutions.example", ["DRAFT_RESOLUTION"])
    scene = Scene(floor, await floor.ada.head())
    for sort in SORTS:
        leads = {"anothers": floor.ben, "orphan": hampton}.get(sort, floor.ada)
        await _made(scene, sort, leads)
    await _gone(floor, hampton, revoked)
    scene.everybody = {
        "visitor": floor.visitor,
        "an account of no city": await home.caller("host@water.example"),
        "a former mayor, who led one": hampton,
        "lead": floor.ada,
        "another member": floor.ben,
        "a co-sponsor": floor.cal,
        "staff who draft": floor.drafter,
        "staff with all but drafting": floor.chief,
        "staff for one event alone": one_event,
        "staff of another mayor, who draft": floor.bens_staff,
        "staff whose grant was taken back": replace(revoked, capacity=None),
        "secretariat": floor.secretariat,
    }
    return scene


async def _made(scene: Scene, sort: str, leads: Caller) -> None:
    floor = scene.floor
    text = [*TEXT, {"kind": "RESOLVED", "text": f"that zyzzyva{sort} be the word for it"}]
    await floor.drafted(by=leads, text=text, title=f"On zyzzyva{sort}")
    scene.things[sort] = floor.id
    if sort in _OPEN:
        await floor.opened()
    if sort in {"submitted", "withdrawn"}:
        await floor.submitted(floor.cal)
    if sort in {"withdrawn", "shelved"}:
        await leads.done("withdrawResolution", resolutionId=floor.id, reason="Enough.")


async def _gone(floor: Floor, mayor: Caller, staff: Caller) -> None:
    """A term of office ends, and a grant is taken back."""
    asked = "{ viewer { capacity { principal { id } } } }"
    term = (await mayor.ask(asked))["viewer"]["capacity"]["principal"]["id"]
    await floor.secretariat.done("endTerm", mayorId=term, on=str(datetime.now(UTC).date()))
    held = (await staff.ask("{ delegations { nodes { id } } }"))["delegations"]["nodes"]
    await floor.ada.done("revokeDelegation", delegationId=held[-1]["id"])


@pytest.mark.parametrize("role", TABLE)
async def test_lists_and_counts_hold_to_the_table(scene: Scene, role: str) -> None:
    who, known = scene.everybody[role], TABLE[role]

    found = await who.ask(_LIST, call=scene.floor.call["id"])

    assert scene.sorts(found["resolutions"]["nodes"]) == known
    assert found["resolutions"]["totalCount"] == len(known)
    assert found["drafts"]["totalCount"] == len(known & {"draft", "anothers", "orphan"})
    assert found["shelved"]["totalCount"] == len(known & {"shelved", "withdrawn"})
    called = found["resolutionCall"]
    assert bool(called) is bool(known)
    if called:
        assert called["resolutions"]["totalCount"] == len(known)
        assert scene.sorts(called["resolutions"]["nodes"]) == known


@pytest.mark.parametrize("role", TABLE)
async def test_ids_and_history_hold_to_the_table(scene: Scene, role: str) -> None:
    who, known = scene.everybody[role], TABLE[role]

    for sort, one in scene.things.items():
        found = await who.ask(_ONE, id=one)
        shown = (found["resolution"], found["node"], found["nodes"][0])
        assert [bool(it) for it in shown] == [sort in known] * 3, sort


@pytest.mark.parametrize("sort", SORTS)
async def test_search_finds_by_the_table_and_counts_no_more(scene: Scene, sort: str) -> None:
    for role, who in scene.everybody.items():
        found = (await who.ask(_SEARCH, text=f"zyzzyva{sort}"))["search"]

        assert (found["totalCount"], len(found["edges"])) == ((1, 1) if sort in TABLE[role] else (0, 0)), role


@pytest.mark.parametrize("role", TABLE)
async def test_what_changed_and_what_is_streamed_hold_to_the_table(scene: Scene, role: str) -> None:
    who, known = scene.everybody[role], TABLE[role]
    event = await scene.floor.home.value(
        "SELECT id FROM events WHERE audience = 'public' AND status = 'scheduled' LIMIT 1"
    )
    await scene.floor.secretariat.done(
        "editEvent", eventId=f"evt_{UUID(str(event)).hex}", summary=f"Now also for: {role}."
    )

    listed = (await who.ask(_CHANGES))["changes"]["nodes"]
    heard: list[Row] = []
    async with who.listening(_STREAM, after=scene.head) as stream:
        while (one := await stream.notice())["__typename"] != "EventEdited":  # everybody hears of that one
            heard.append(one)

    told = [one["resolution"] for one in listed if "resolution" in one]
    streamed = [one["resolution"] for one in heard if "resolution" in one]
    assert None not in [*told, *streamed]
    assert scene.sorts(told) == scene.sorts(streamed) == known


@pytest.mark.parametrize("role", [role for role in TABLE if TABLE[role] != _OPEN | _OWN])
async def test_a_draft_is_answered_byte_for_byte_as_what_does_not_exist(scene: Scene, role: str) -> None:
    who = scene.everybody[role]
    # One's own acts stay in one's own history: that alone a former mayor still finds.
    asked = _ONE.replace("$id) { totalCount", '$id, act: "none") { totalCount') if "former" in role else _ONE

    for sort in sorted(set(SORTS) - TABLE[role]):
        hidden = await who.response(asked, id=scene.things[sort])
        nothing = await who.response(asked, id=_NOBODYS)
        assert hidden.content == nothing.content


@pytest.mark.parametrize("role", [role for role in TABLE if TABLE[role] != _OPEN | _OWN])
async def test_acts_upon_a_draft_are_refused_as_upon_what_does_not_exist(scene: Scene, role: str) -> None:
    who = scene.everybody[role]
    acts: dict[str, Row] = {
        "editResolution": {"title": "Mine", "clauses": TEXT},
        "gatherSponsors": {},
        "sponsorResolution": {"version": 1},
        "withdrawSponsorship": {},
        "submitResolution": {},
        "withdrawResolution": {"reason": "So"},
    }

    for act, given in acts.items():
        hidden = await who.act(act, resolutionId=scene.things["draft"], **given)
        nothing = await who.act(act, resolutionId=_NOBODYS, **given)
        assert hidden == nothing
        assert hidden["__typename"] in {"Missing", "Refused"}


async def test_how_it_read_before_it_was_opened_stays_its_offices_own(people: Floor) -> None:
    floor = await (await replace(people).called()).drafted(title="What we really think")
    await floor.edited(title="What we say")
    await floor.opened()
    await floor.edited(title="What we say now")

    seen = {who: [v["title"] for v in (await floor.read(caller))["versions"]]
            for who, caller in {"lead": floor.ada, "member": floor.ben, "secretariat": floor.secretariat,
                                "chief": floor.chief}.items()}  # fmt: skip

    said = ["What we say now", "What we say"]
    assert seen["lead"] == [*said, "What we really think"]
    assert seen["member"] == seen["secretariat"] == seen["chief"] == said
    found = (await floor.ben.ask(_SEARCH, text='"what we really think"'))["search"]
    assert found["totalCount"] == 0


async def test_what_was_done_with_a_draft_is_in_its_offices_history_alone(scene: Scene) -> None:
    draft = scene.things["draft"]
    counts = {
        role: (await who.ask(_ONE, id=draft))["audit"]["totalCount"] for role, who in scene.everybody.items()
    }
    opened = (await scene.floor.secretariat.ask(_ONE, id=scene.things["gathering"]))["audit"]["nodes"]

    assert counts == dict.fromkeys(TABLE, 0) | {"lead": 1}
    assert [one["act"] for one in opened] == ["gatherSponsors"]
