"""What goes wrong is said in words, with a way on."""

import logging
from typing import Any

import httpx
import pytest

from tests.portal.fake_house import FakeApi


async def test_an_unknown_address_has_a_page(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.get("/nowhere/at/all")

    assert answer.status_code == 404
    assert 'href="/calendar"' in answer.text


async def test_a_wrong_method_is_not_a_fault_of_ours(visitor: httpx.AsyncClient) -> None:
    assert (await visitor.post("/calendar")).status_code == 405


async def test_a_document_without_data_is_our_fault_and_told_so(
    visitor: httpx.AsyncClient,
    api: FakeApi,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def away(*_: object) -> dict[str, object]:
        return {"data": None, "errors": [{"message": "the database is away"}]}

    monkeypatch.setattr(api, "run", away)
    with caplog.at_level(logging.ERROR):
        answer = await visitor.get("/calendar")

    assert answer.status_code == 500
    assert "Something broke on our side" in answer.text
    assert "the database is away" not in answer.text
    assert "the database is away" in caplog.text


async def test_delegations_say_what_they_allow_in_plain_words(staff: httpx.AsyncClient) -> None:
    page = (await staff.get("/delegations")).text

    assert "answer invitations" in page
    assert "Run out" in page
    assert "DRAFT_RESOLUTION" not in page


async def test_accepting_a_delegation(staff: httpx.AsyncClient, api: FakeApi) -> None:
    found = await staff.get("/delegations/accept?code=abc")
    answer = await staff.post("/delegations/del_1/accept", data={"key": "k"})

    assert found.headers["location"] == answer.headers["location"] == "/delegations/del_1"
    assert ("AcceptDelegation", {"input": {"delegationId": "del_1", "idempotencyKey": "k"}}) in api.asked


async def test_a_code_that_does_not_do_says_why(staff: httpx.AsyncClient, api: FakeApi) -> None:
    api.outcome = {"__typename": "Missing", "message": "This code was used, or never was."}

    answer = await staff.post("/delegations/del_1/accept", data={"key": "k"})

    assert answer.status_code == 422
    assert "This code was used, or never was." in answer.text


@pytest.mark.parametrize(("code", "status"), [("UNAVAILABLE", 503), ("BAD_CURSOR", 404)])
async def test_what_is_no_fault_is_not_called_one(
    visitor: httpx.AsyncClient, api: FakeApi, monkeypatch: pytest.MonkeyPatch, code: str, status: int
) -> None:
    run = api.run

    async def refuse(document: str, variables: dict[str, Any], token: str | None) -> dict[str, Any]:
        if "query Calendar" in document:
            return {"errors": [{"message": "no", "extensions": {"code": code}}]}
        return await run(document, variables, token)

    monkeypatch.setattr(api, "run", refuse)
    answer = await visitor.get("/calendar?page=x")

    assert answer.status_code == status
    assert "on our side" not in answer.text
