"""Delegations and rights in words: nothing the contract has goes unsaid, and every refusal leads to why."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from graphql import GraphQLEnumType, GraphQLSchema, build_schema

from portal.deeds import DEEDS
from portal.pages.delegations.typed import Form
from portal.pages.delegations.words import SCOPES, STATES, deed, in_words
from portal.pages.events.verbs import VERBS
from tests.portal.fake_house import FakeApi

VIEWER = {"account": {"id": "acc_june"}, "capacity": None}
NOTHING: dict[str, Any] = dict.fromkeys(("actor", "principal", "delegation", "event", "grant", "mayor"))


@pytest.fixture(scope="module")
def contract() -> GraphQLSchema:
    return build_schema(Path("schema/schema.graphql").read_text())


@pytest.mark.parametrize(("enum", "words"), [("Scope", SCOPES), ("DelegationStatus", STATES)])
def test_every_word_of_a_grant_is_said_in_plain_words(
    contract: GraphQLSchema, enum: str, words: dict[str, Any]
) -> None:
    found = contract.type_map[enum]

    assert isinstance(found, GraphQLEnumType)
    assert set(words) == set(found.values)


def test_every_act_is_told_in_the_past_tense(contract: GraphQLSchema) -> None:
    assert contract.mutation_type
    assert set(contract.mutation_type.fields) <= set(DEEDS)
    assert {verb.mutation for verb in VERBS.values()} <= set(contract.mutation_type.fields)


def test_an_act_that_is_new_is_told_by_its_own_name() -> None:
    line = deed({**NOTHING, "act": "signLetter", "at": "2031-03-12T16:00:00.000Z"}, VIEWER)

    told = f"{line.who} {line.before}{line.thing.name}{line.after}"
    assert told == "The secretariat did “sign letter” upon something that is no longer shown to you"


def test_a_day_that_is_none_is_shown_as_it_was_typed() -> None:
    assert in_words("31 March") == "31 March"


def test_boxes_are_read_in_the_order_they_stand_in() -> None:
    assert Form({"scope-RSVP": "on", "scope-PROFILE": "on", "email": "x"}).scopes == ["PROFILE", "RSVP"]


async def test_a_refused_move_leads_to_why(staff: httpx.AsyncClient) -> None:
    page = await staff.get("/events/evt_annual/postpone")

    assert page.status_code == 403
    assert 'href="/why#postponeEvent"' in page.text


async def test_a_refusal_after_the_form_was_sent_leads_to_why(staff: httpx.AsyncClient, api: FakeApi) -> None:
    api.outcome = {"__typename": "Refused", "message": "This invitation was sent to somebody else."}

    answer = await staff.post("/delegations/del_1/accept", data={"key": "k"})

    assert 'href="/why#acceptDelegation"' in answer.text


@pytest.mark.parametrize("path", ["/why", "/delegations", "/delegations/invite", "/delegations/del_1/narrow"])
async def test_a_visitor_is_asked_to_sign_in_and_comes_back(visitor: httpx.AsyncClient, path: str) -> None:
    answer = await visitor.get(path)

    assert answer.headers["location"] == f"/sign-in?next={path}"
