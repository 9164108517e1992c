"""The tools that schemas are judged by find nothing: Relay's compiler, graphql-eslint, graphql-inspector."""

import re
from pathlib import Path

import orjson
import pytest
from graphql import GraphQLObjectType, build_schema

from tests.living import Home
from tests.transports import node

ROOT = Path(__file__).parents[2]
PRINTED = ROOT / "schema" / "schema.graphql"
RELEASED = ROOT / "schema" / "released.graphql"
PACKAGES = node.CLIENTS / "node_modules"

pytestmark = pytest.mark.usefixtures("npm")

# What a linter says of us that stays so, and why.
LET_STAND = {
    "Leading underscores are not allowed": "portal/pages/api/TypeRef.fragment.graphql is on `__Type`, GraphQL's name",
    'Field "region" starts with the name of the parent type "Region"': "the word cities use: `city { region }`",
}
BREAKING = {  # what the tool says, and the change to the contract that makes it say so
    "Field officePhone was removed": (r'  """[^"]*"""\n  officePhone: String\n', ""),
    "Field City.population changed type": (r"\n  population: Int\b", "\n  population: String"),
    "changed from ID to ID!": (r"(  event\(\n    .*\n    id: ID) = null", r"\1!"),
    "Enum value POSTPONED was removed": (r'  """[^"]*"""\n  POSTPONED\n', ""),
}
NO_NODES = {
    "Capacity": "told in `viewer`, to whoever holds it; nobody looks one up",
    "Clause": "one id in every version of a text; which version is meant says whoever asks for it",
}


async def test_the_linters_find_nothing() -> None:
    eslint = str(PACKAGES / "eslint" / "bin" / "eslint.js")
    config = str(node.CLIENTS / "lint.mjs")
    wanted = ("schema/schema.graphql", "portal/pages/**/*.graphql")

    out = await node.finished("node", eslint, "-c", config, "-f", "json", *wanted, cwd=ROOT, gives=None)

    files = orjson.loads(out)
    said = {
        f"{Path(file['filePath']).relative_to(ROOT)}:{one['line']} {one['message']} ({one['ruleId']})": one
        for file in files
        for one in file["messages"]
    }
    assert len(files) > 80, "the contract and every document of the portal"
    assert [text for text, one in said.items() if one["message"] not in LET_STAND] == []
    assert {one["message"] for one in said.values()} == LET_STAND.keys(), "nothing stands that need not"


def test_what_has_an_id_is_a_node() -> None:
    kinds = build_schema(PRINTED.read_text()).type_map.values()
    objects = [kind for kind in kinds if isinstance(kind, GraphQLObjectType)]

    nodes = {kind.name for kind in objects if any(one.name == "Node" for one in kind.interfaces)}

    assert {kind.name for kind in objects if "id" in kind.fields} == nodes | NO_NODES.keys()


async def test_relays_compiler_takes_the_contract_and_what_it_makes_runs(
    tmp_path: Path, shared_home: Home
) -> None:
    made = await node.told("relay.mjs", str(PRINTED), str(tmp_path))
    mayor = await shared_home.caller("mayor@richmond-va.example")
    page = await mayor.ask(made["CalendarPageQuery"], event="evt_unknown", count=2)
    info = page["events"]["pageInfo"]
    event = page["events"]["edges"][0]["node"]["id"]

    more = await mayor.ask(made["CalendarEventsPaginationQuery"], count=2, cursor=info["endCursor"])
    again = await mayor.ask(made["CalendarEventRefetchQuery"], id=event)

    assert page["node"] is None
    assert info["hasNextPage"]
    assert {edge["node"]["id"] for edge in more["events"]["edges"]}.isdisjoint({event})
    assert again["node"]["id"] == event
    assert again["node"]["status"] == "SCHEDULED"


async def test_no_client_of_the_last_release_is_broken_in_silence() -> None:
    out = await _compared(PRINTED)

    # Where there is one, the tool has said it: put that line into CHANGELOG.md with its reason, or take it back.
    assert "No breaking changes detected" in out or "No changes detected" in out


async def test_a_breaking_change_would_be_noticed(tmp_path: Path) -> None:
    changed = RELEASED.read_text()
    for was, would_be in BREAKING.values():
        changed, times = re.subn(was, would_be, changed, count=1)
        assert times == 1
    (tmp_path / "changed.graphql").write_text(changed)

    out = await _compared(tmp_path / "changed.graphql", gives=1)

    assert [said for said in BREAKING if said not in out] == []


def test_the_lock_names_no_registry() -> None:
    lock = orjson.loads((node.CLIENTS / "package-lock.json").read_bytes())

    assert len(lock["packages"]) > 300
    assert [name for name, one in lock["packages"].items() if "resolved" in one] == []


async def _compared(with_: Path, *, gives: int = 0) -> str:
    inspector = str(PACKAGES / "@graphql-inspector" / "cli" / "cjs" / "index.js")
    rule = ("--rule", f"./{(node.CLIENTS / 'told.cjs').relative_to(ROOT)}")
    out = await node.finished(
        "node", inspector, "diff", str(RELEASED), str(with_), *rule, cwd=ROOT, gives=gives
    )
    return re.sub(r"\x1b\[\d+m|['\"]", "", out.decode())
