"""The room of those who program: the documentation, the contract, and GraphiQL's page without its script."""

import html
import json
import re

import httpx
import pytest
from graphql import build_schema

from portal.pages.api.room import CONTRACT
from tests.portal.fake_house import FakeApi


@pytest.fixture
async def docs(visitor: httpx.AsyncClient) -> str:
    answer = await visitor.get("/docs/api")
    assert answer.status_code == 200
    return answer.text


async def test_every_type_field_and_act_of_the_contract_is_told(docs: str) -> None:
    schema = build_schema(CONTRACT.read_text())
    plain = html.unescape(re.sub(r"</?code>", "", docs))

    roots = (schema.query_type, schema.mutation_type, schema.subscription_type)
    fields = {(root.name, name): field for root in roots if root for name, field in root.fields.items()}
    untold = [key for key, field in fields.items() if (field.description or "").replace("`", "") not in plain]
    missing = [
        name
        for name in schema.type_map
        if not name.startswith("__")
        and not name.endswith(("Connection", "Edge"))
        and name not in {"Query", "Mutation", "Subscription", "PageInfo"}
        and f'id="type-{name}"' not in docs
    ]

    assert untold == []
    assert missing == []


async def test_every_reference_in_the_documentation_leads_somewhere_and_nothing_is_told_twice(
    docs: str,
) -> None:
    ids = re.findall(r'id="([^"]+)"', docs)

    assert set(re.findall(r'href="#([^"]+)"', docs)) - set(ids) == set()
    assert len(ids) == len(set(ids))


async def test_the_contract_is_read_once_and_then_kept(visitor: httpx.AsyncClient, api: FakeApi) -> None:
    first, second = (await visitor.get("/docs/api")).text, (await visitor.get("/docs/api")).text

    assert [asked for name, asked in api.asked if name == "ApiDocs"] == [
        {"contract": True},
        {"contract": False},
    ]
    assert first == second


async def test_the_contract_is_there_as_a_file(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.get("/docs/schema.graphql")

    assert answer.text == CONTRACT.read_text()
    assert 'filename="rotunda.graphql"' in answer.headers["content-disposition"]


async def test_the_page_at_graphql_is_plain_words_and_examples_before_its_script_runs(
    visitor: httpx.AsyncClient,
) -> None:
    answer = await visitor.get("/graphql?example=secretariat/postpone-an-event")

    assert 'href="/docs/api"' in answer.text
    assert "You ask as a visitor." in answer.text
    assert "mutation PostponeAnEvent" in re.sub(r"<script.*?</script>", "", answer.text, flags=re.DOTALL)
    told = re.search(r'type="application/json">(.*?)</script>', answer.text, re.DOTALL)
    assert told
    assert set(json.loads(told[1])["workers"]) == {"", "json", "graphql"}


async def test_graphiql_may_write_styles_and_nothing_else_that_other_pages_may_not(
    visitor: httpx.AsyncClient,
) -> None:
    strict = (await visitor.get("/calendar")).headers["content-security-policy"].split("; ")
    ours = (await visitor.get("/graphql")).headers["content-security-policy"].split("; ")

    assert set(ours) - set(strict) == {"style-src 'self' 'unsafe-inline'", "worker-src 'self'"}


@pytest.mark.parametrize("name", ["graphiql", "graphiql-editor", "graphiql-json", "graphiql-graphql"])
async def test_what_is_kept_compressed_reaches_those_too_who_take_it_plain(
    visitor: httpx.AsyncClient, name: str
) -> None:
    page = (await visitor.get("/graphql")).text
    found = re.search(rf"/static/{name}\.[0-9a-f]{{12}}\.js", page)
    assert found

    packed = await visitor.get(found[0], headers={"accept-encoding": "gzip"})
    plain = await visitor.get(found[0], headers={"accept-encoding": "identity"})

    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == plain.content
    assert plain.content.isascii() or plain.text


async def test_the_list_of_examples_shows_the_one_that_is_open(visitor: httpx.AsyncClient) -> None:
    page = (await visitor.get("/graphql")).text

    assert re.findall(r'<option value="([^"]+)" selected>([^<]+)<', page) == [("mayor/who-am-i", "Who am I")]
    hosts = page[page.index('label="As a host"') : page.index('label="As the secretariat"')]
    assert re.findall(r'value="host/([^"]+)"', hosts) == ["events", "event", "postpone-an-event"]
