"""S5: while acting for one mayor, nothing of the other's: not in lists, nodes, histories, counts, rights or errors."""

from dataclasses import dataclass

import pytest

from tests.living import Caller, Home, shared_home

__all__ = ["shared_home"]

STAFF = "june@two.example"
EVERYTHING = """
query ($mayor: ID!, $grant: ID!) {
  delegations(last: 100) { totalCount
    nodes { id principal { name } history(last: 50) { totalCount nodes { ...Deed } } } }
  audit(last: 100) { totalCount nodes { ...Deed } }
  byGrant: audit(last: 100, delegation: $grant) { totalCount }
  byThing: audit(last: 100, subject: $grant) { totalCount }
  byMayor: audit(last: 100, principal: $mayor) { totalCount }
  node(id: $grant) { id }
  mayor: node(id: $mayor) { ... on Mayor { actsInMyName(last: 50) { totalCount nodes { id } } } }
  viewer { capacity { id scopes } rights { act because } account { id } }
}
fragment Deed on AuditEntry { act subjectId actor { name } principal { name } delegation { id } grant { id } }
"""


@dataclass
class Two:
    """Somebody who acts for two mayors, in either capacity, and the grants and mayors' ids."""

    home: Home
    mayors: dict[str, Caller]
    grants: dict[str, str]
    terms: dict[str, str]
    staff: Caller
    acting: dict[str, Caller]

    async def seen_as(self, slug: str, *, about: str) -> dict[str, object]:
        found: dict[str, object] = await self.acting[slug].ask(
            EVERYTHING, mayor=self.terms[about], grant=self.grants[about]
        )
        return found


A, B = "alexandria-va", "norfolk-va"


@pytest.fixture(scope="module")
async def two(shared_home: Home) -> Two:
    home = shared_home
    mayors = {slug: await home.caller(f"mayor@{slug}.example") for slug in (A, B)}
    grants, codes, terms = {}, {}, {}
    for slug, scopes in ((A, ["PROFILE"]), (B, ["PROFILE", "RSVP"])):
        invited = await mayors[slug].done("inviteDelegate", email=STAFF, scopes=scopes)
        grants[slug], terms[slug] = invited["id"], invited["principal"]["id"]
        codes[slug] = await home.mailed_code(to=STAFF)
    staff = await home.caller(STAFF)
    # The second is accepted while acting for the first: by then that is the default.
    for slug in (A, B):
        await staff.done("acceptDelegation", code=codes[slug])
    acting = {slug: staff.acting_for(await staff.capacity_for(slug)) for slug in (A, B)}
    for slug in (A, B):
        await acting[slug].done("updateProfile", biography=f"Kept for {slug}.")
    return Two(home, mayors, grants, terms, staff, acting)


async def test_acting_for_one_nothing_of_the_other_is_listed_found_counted_or_told(two: Two) -> None:
    for mine, other in ((A, B), (B, A)):
        said = await two.seen_as(mine, about=other)
        text = str(said)

        assert two.grants[other] not in text
        assert two.terms[other] not in text
        assert said["node"] is None
        assert [said[name] for name in ("byGrant", "byThing", "byMayor")] == [{"totalCount": 0}] * 3
        assert said["mayor"] == {"actsInMyName": {"totalCount": 0, "nodes": []}}


async def test_acting_for_one_ones_own_grant_and_deeds_are_there(two: Two) -> None:
    said = await two.seen_as(A, about=A)

    history = said["delegations"]["nodes"][0]["history"]["nodes"]  # type: ignore[index]
    assert [deed["act"] for deed in history] == ["inviteDelegate", "acceptDelegation", "updateProfile"]
    assert said["delegations"]["totalCount"] == 1  # type: ignore[index]
    assert said["mayor"]["actsInMyName"]["totalCount"] == 2  # type: ignore[index]


async def test_accepting_for_one_while_acting_for_another_is_in_no_history_but_the_ones_it_concerns(
    two: Two,
) -> None:
    asked = "{ viewer { capacity { principal { actsInMyName(last: 50) { nodes { act subjectId } } } } } }"
    told = {
        slug: (await mayor.ask(asked))["viewer"]["capacity"]["principal"]["actsInMyName"]["nodes"]
        for slug, mayor in two.mayors.items()
    }

    assert two.grants[B] not in str(told[A])
    assert two.grants[A] not in str(told[B])
    assert [deed["act"] for deed in told[A]] == ["inviteDelegate", "updateProfile"]


async def test_an_act_upon_the_others_grant_is_refused_as_if_there_were_none(two: Two) -> None:
    nothing = "del_" + "0" * 32
    for act, given in (
        ("leaveDelegation", {}),
        ("revokeDelegation", {}),
        ("narrowDelegation", {"scopes": ["RSVP"]}),
    ):
        others = await two.acting[A].act(act, delegationId=two.grants[B], **given)
        nobodys = await two.acting[A].act(act, delegationId=nothing, **given)

        assert others == nobodys
        assert others["__typename"] == "Missing"


async def test_rights_and_refusals_speak_of_the_grant_acted_under_and_of_no_other(two: Two) -> None:
    because = (await two.seen_as(A, about=A))["viewer"]["rights"]  # type: ignore[index]
    refused = await two.acting[A].act(
        "createEvent", title="A meeting", kind="MEETING", timeZone="America/New_York"
    )

    assert "rsvp" not in str(because)
    assert "rsvp" not in refused["message"]
    assert "Your delegation allows profile;" in str(because)


async def test_one_mayor_reads_nothing_of_what_was_done_for_another(two: Two) -> None:
    said = await two.mayors[A].ask(EVERYTHING, mayor=two.terms[B], grant=two.grants[B])

    assert two.grants[B] not in str(said)
    assert "Kept for" not in str(said)
    assert said["mayor"]["actsInMyName"] == {"totalCount": 0, "nodes": []}


async def test_as_oneself_both_are_there_each_with_its_own_history(two: Two) -> None:
    found = [c["id"] for c in await two.staff.capacities() if c["principal"] is None]
    said = await two.staff.acting_for(found[0]).ask(EVERYTHING, mayor=two.terms[A], grant=two.grants[A])

    told = {grant["id"]: grant["history"]["nodes"] for grant in said["delegations"]["nodes"]}
    assert set(told) == set(two.grants.values())
    assert all(two.grants[B] not in str(deed) for deed in told[two.grants[A]])
