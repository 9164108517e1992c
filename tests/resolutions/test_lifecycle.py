"""A resolution's life: drafted, opened, sponsored, submitted, and each way in which a step is refused."""

import asyncio
from typing import Any

import pytest

from tests.resolutions.conftest import TEXT, Floor, in_days


def kind(outcome: dict[str, Any]) -> Any:
    return outcome["__typename"]


async def test_a_resolution_goes_from_a_draft_to_a_number(floor: Floor) -> None:
    await (await floor.drafted(by=floor.drafter)).opened()
    assert (await floor.read(floor.ben))["missing"] == 1

    await floor.sponsor(floor.ben)
    done = await floor.ada.done("submitResolution", resolutionId=floor.id)

    assert done["status"] == "SUBMITTED"
    assert done["number"] == 1
    assert done["sponsorCount"] == 2
    read = await floor.read(floor.cal)
    assert [(s["mayor"]["city"]["slug"], s["lead"]) for s in read["sponsors"]["nodes"]] == [
        ("alexandria-va", True),
        ("norfolk-va", False),
    ]
    assert [c["text"] for c in read["clauses"]] == [c["text"] for c in TEXT]


async def test_clauses_keep_their_ids_wherever_they_move_and_the_text_they_had_in_every_version(
    floor: Floor,
) -> None:
    await (await floor.drafted()).opened()
    first, second, last = (await floor.read(floor.ada))["clauses"]

    changed = await floor.ada.done(
        "editResolution",
        resolutionId=floor.id,
        title="Shelters first",
        clauses=[second, {**first, "text": "buses are late;"}, {"kind": "RESOLVED", "text": "so be it"}],
    )

    assert changed["version"] == 2
    read = await floor.read(floor.ben)
    ids = [clause["id"] for clause in read["clauses"]]
    assert ids[:2] == [second["id"], first["id"]]
    assert ids[2] not in {first["id"], second["id"], last["id"]}
    assert [v["version"] for v in read["versions"]] == [2, 1]
    assert [c["text"] for c in read["versions"][1]["clauses"]] == [c["text"] for c in TEXT]


async def test_an_edit_that_changes_nothing_is_refused_and_told_to_nobody(floor: Floor) -> None:
    await (await floor.drafted()).opened()
    clauses = (await floor.read(floor.ada))["clauses"]

    same = await floor.ada.act(
        "editResolution", resolutionId=floor.id, title=" Shelters   first ", clauses=clauses
    )

    assert (kind(same), same["message"][:21]) == ("Invalid", "Nothing would change:")
    read = await floor.read(floor.ada)
    assert (read["version"], read["revision"]) == (1, floor.resolution["revision"])


@pytest.mark.parametrize(
    ("clauses", "said"),
    [
        ([], "1 to 60"),
        ([TEXT[2]] * 61, "1 to 60"),
        ([{"kind": "RESOLVED", "text": "  "}], "Clause 1"),
        ([TEXT[2], {"kind": "RESOLVED", "text": "x" * 4001}], "Clause 2"),
        ([{"kind": "RESOLVED", "text": "unseen \u202e"}], "cannot be seen"),
        ([{**TEXT[2], "id": "cla_" + "0" * 32}], "no such clause"),
        ([{**TEXT[2], "id": "nonsense"}], "no such clause"),
    ],
)
async def test_a_text_that_cannot_be_kept_is_refused_by_its_clause(
    floor: Floor, clauses: list[dict[str, Any]], said: str
) -> None:
    refused = await floor.ada.act(
        "draftResolution", callId=floor.call["id"], title="Shelters first", clauses=clauses
    )

    assert kind(refused) == "Invalid"
    assert said in refused["message"]


async def test_one_clause_is_not_kept_twice_nor_taken_from_another_text(floor: Floor) -> None:
    await floor.drafted()
    own = (await floor.read(floor.ada))["clauses"]
    await floor.drafted()
    edit = {"resolutionId": floor.id, "title": "Shelters first"}
    mine = (await floor.read(floor.ada))["clauses"]

    foreign = await floor.ada.act("editResolution", **edit, clauses=own)
    twice = await floor.ada.act("editResolution", **edit, clauses=[mine[2], mine[2]])

    assert [kind(foreign), kind(twice)] == ["Invalid", "Invalid"]


async def test_a_text_that_resolves_nothing_is_not_opened_and_one_that_is_open_keeps_resolving(
    floor: Floor,
) -> None:
    await floor.drafted(text=TEXT[:2])
    refused = await floor.ada.act("gatherSponsors", resolutionId=floor.id)
    await (await floor.drafted()).opened()
    emptied = await floor.ada.act("editResolution", resolutionId=floor.id, title="So", clauses=TEXT[:2])

    assert "RESOLVED" in refused["message"]
    assert "RESOLVED" in emptied["message"]


async def test_it_is_not_submitted_without_its_sponsors(floor: Floor) -> None:
    await (await floor.drafted()).opened()

    refused = await floor.ada.act("submitResolution", resolutionId=floor.id)

    assert kind(refused) == "WrongMoment"
    assert "1 more is needed" in refused["message"]
    assert (await floor.read(floor.ada))["number"] is None


async def test_a_name_under_another_text_does_not_count_until_it_is_given_again(floor: Floor) -> None:
    await (await floor.drafted()).opened()
    await floor.sponsor(floor.ben)
    await floor.edited()

    stale = await floor.sponsor(floor.cal, version=1)
    read = await floor.read(floor.ben)
    refused = await floor.ada.act("submitResolution", resolutionId=floor.id)
    again = await floor.sponsor(floor.ben)

    assert (kind(stale), stale["version"]) == ("Conflict", 2)
    assert (read["sponsorCount"], read["mySponsorship"]["current"], read["canSponsor"]) == (1, False, True)
    assert kind(refused) == "WrongMoment"
    assert again["sponsorCount"] == 2
    await floor.ada.done("submitResolution", resolutionId=floor.id)


async def test_what_staff_write_into_an_open_text_the_mayor_stands_by_only_in_person(floor: Floor) -> None:
    await (await floor.drafted()).opened()

    edited = await floor.edited(by=floor.drafter)
    read = await floor.read(floor.ada)
    await floor.sponsor(floor.ada)

    assert edited["sponsorCount"] == 0
    assert read["canSponsor"]
    assert (await floor.read(floor.ada))["sponsorCount"] == 1


async def test_an_edit_of_another_version_is_a_conflict_and_a_sponsor_who_joins_is_none(floor: Floor) -> None:
    await (await floor.drafted()).opened()
    typed = {"resolutionId": floor.id, "title": "Shelters", "clauses": TEXT, "expectedVersion": 1}
    await floor.sponsor(floor.ben)

    first = await floor.ada.act("editResolution", **typed)
    second = await floor.drafter.act("editResolution", **typed)

    assert kind(first) == "Resolution"
    assert (kind(second), second["version"]) == ("Conflict", 2)


async def test_the_deadline_is_judged_by_the_databases_clock_and_named_in_its_zone(floor: Floor) -> None:
    await (await floor.drafted()).opened()
    await floor.sponsor(floor.ben)
    await floor.pass_the_deadline(days=1 / 86_400)

    refused = {act: await floor.ada.act(act, resolutionId=floor.id) for act in ("submitResolution",)} | {
        "draftResolution": await floor.ada.act(
            "draftResolution", callId=floor.call["id"], title="Late", clauses=TEXT
        )
    }

    for one in refused.values():
        assert kind(one) == "WrongMoment"
        assert "94th Annual Meeting" in one["message"]
        assert "(UTC)" in one["message"]
    read = await floor.read(floor.ada)
    assert (read["status"], read["canSubmit"], read["call"]["open"]) == ("GATHERING", False, False)


async def test_a_deadline_moved_lets_it_be_submitted_after_all(floor: Floor) -> None:
    await (await floor.drafted()).opened()
    await floor.sponsor(floor.ben)
    await floor.pass_the_deadline()

    moved = await floor.secretariat.done(
        "moveDeadline", callId=floor.call["id"], dueAt=in_days(2), reason="Snow", expectedRevision=1
    )
    stale = await floor.secretariat.act(
        "moveDeadline", callId=floor.call["id"], dueAt=in_days(3), reason="Snow", expectedRevision=1
    )

    assert moved["revision"] == 2
    assert kind(stale) == "WrongMoment"
    await floor.ada.done("submitResolution", resolutionId=floor.id)


async def test_a_sponsor_who_withdraws_at_the_threshold_before_the_deadline_sends_it_back(
    floor: Floor,
) -> None:
    await (await (await floor.drafted()).opened()).submitted()

    after = await floor.ben.done("withdrawSponsorship", resolutionId=floor.id)

    assert (after["status"], after["number"], after["missing"]) == ("GATHERING", 1, 1)
    assert after["submittedAt"] is None
    names = (await floor.read(floor.ada))["sponsors"]["nodes"]
    assert [bool(one["withdrawnAt"]) for one in names] == [False, True]
    await floor.sponsor(floor.cal)
    assert (await floor.ada.done("submitResolution", resolutionId=floor.id))["number"] == 1


async def test_above_the_threshold_or_behind_the_deadline_it_lives_without_the_sponsor(floor: Floor) -> None:
    await (await (await floor.drafted()).opened()).submitted(floor.ben, floor.cal)

    above = await floor.cal.done("withdrawSponsorship", resolutionId=floor.id)
    await floor.pass_the_deadline()
    behind = await floor.ben.done("withdrawSponsorship", resolutionId=floor.id)

    assert (above["status"], above["sponsorCount"]) == ("SUBMITTED", 2)
    assert (behind["status"], behind["sponsorCount"]) == ("SUBMITTED", 1)


async def test_steps_out_of_order_are_refused(floor: Floor) -> None:
    await floor.drafted()
    act = {"resolutionId": floor.id}
    early = await floor.ada.act("submitResolution", **act)
    await floor.opened()
    opened_twice = await floor.ada.act("gatherSponsors", **act)
    nothing_to_withdraw = await floor.ben.act("withdrawSponsorship", **act)
    leads = await floor.ada.act("withdrawSponsorship", **act)
    await floor.sponsor(floor.ben)
    sponsored_twice = await floor.sponsor(floor.ben)
    await floor.ada.done("submitResolution", **act)
    edited = await floor.ada.act("editResolution", **act, title="Else", clauses=TEXT)
    without_reason = await floor.ada.act("withdrawResolution", **act)
    await floor.ada.done("withdrawResolution", **act, reason="Overtaken by events.")
    joined = await floor.sponsor(floor.cal)
    withdrawn_twice = await floor.ada.act("withdrawResolution", **act, reason="Again")

    refused = [
        early,
        opened_twice,
        nothing_to_withdraw,
        leads,
        sponsored_twice,
        edited,
        joined,
        withdrawn_twice,
    ]
    assert {kind(one) for one in refused} == {"WrongMoment"}
    assert kind(without_reason) == "Invalid"
    assert (await floor.read(floor.ben))["withdrawnBecause"] == "Overtaken by events."


async def test_what_binds_the_mayor_the_mayor_does_in_person(floor: Floor) -> None:
    await (await floor.drafted()).opened()
    act = {"resolutionId": floor.id}

    refused = [
        await floor.drafter.act("submitResolution", **act),
        await floor.drafter.act("withdrawResolution", **act, reason="No"),
        await floor.chief.act("sponsorResolution", **act, version=1),
        await floor.bens_staff.act("sponsorResolution", **act, version=1),
        await floor.bens_staff.act("withdrawSponsorship", **act),
        await floor.secretariat.act("sponsorResolution", **act, version=1),
        await floor.secretariat.act("submitResolution", **act),
        await floor.ben.act("submitResolution", **act),
        await floor.ben.act("editResolution", **act, title="Mine", clauses=TEXT),
        await floor.chief.act("editResolution", **act, title="Mine", clauses=TEXT),
        await floor.ben.act(
            "callForResolutions", name="Mine", dueAt=in_days(9), timeZone="UTC", sponsorsNeeded=1
        ),
        await floor.ben.act("moveDeadline", callId=floor.call["id"], dueAt=in_days(9), reason="Mine"),
        await floor.chief.act("draftResolution", callId=floor.call["id"], title="So", clauses=TEXT),
        await floor.secretariat.act("draftResolution", callId=floor.call["id"], title="So", clauses=TEXT),
    ]

    assert {kind(one) for one in refused} == {"Refused"}
    assert "mayor's own to do" in refused[2]["message"]
    assert "draft_resolution" in refused[12]["message"]


async def test_two_sponsors_at_once_at_the_threshold_are_both_counted(floor: Floor) -> None:
    await (await floor.drafted()).opened()

    both = await asyncio.gather(floor.sponsor(floor.ben), floor.sponsor(floor.cal))

    assert {kind(one) for one in both} == {"Resolution"}
    assert sorted(one["sponsorCount"] for one in both) in ([2, 3], [3, 3])
    assert (await floor.read(floor.ada))["sponsorCount"] == 3


async def test_of_several_submitted_at_once_each_has_a_number_of_its_own(floor: Floor) -> None:
    found = []
    for _ in range(6):
        await (await floor.drafted()).opened()
        await floor.sponsor(floor.ben)
        found.append(floor.id)

    done = await asyncio.gather(*(floor.ada.done("submitResolution", resolutionId=one) for one in found))

    assert sorted(one["number"] for one in done) == [1, 2, 3, 4, 5, 6]


async def test_a_withdrawal_and_a_submission_at_once_leave_no_submitted_text_without_its_sponsors(
    floor: Floor,
) -> None:
    await (await floor.drafted()).opened()
    await floor.sponsor(floor.ben)

    await asyncio.gather(
        floor.ada.act("submitResolution", resolutionId=floor.id),
        floor.ben.act("withdrawSponsorship", resolutionId=floor.id),
    )

    read = await floor.read(floor.ada)
    assert (read["status"], read["missing"]) == ("GATHERING", 1)


async def test_the_same_key_changes_nothing_the_second_time(floor: Floor) -> None:
    given = {"callId": floor.call["id"], "title": "Once", "clauses": TEXT, "idempotencyKey": "the-same"}
    first = await floor.ada.done("draftResolution", **given)
    second = await floor.ada.done("draftResolution", **given)
    other = await floor.ada.act("draftResolution", **given | {"clauses": TEXT[1:]})

    assert first["id"] == second["id"]
    assert kind(other) == "KeyReused"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"timeZone": "CST"}, "timeZone"),
        ({"dueAt": "2020-01-01T09:00"}, "dueAt"),
        ({"dueAt": "tomorrow"}, "dueAt"),
        ({"sponsorsNeeded": 0}, "sponsorsNeeded"),
        ({"name": " "}, "name"),
    ],
)
async def test_a_call_that_nobody_could_answer_is_refused(
    floor: Floor, given: dict[str, Any], field: str
) -> None:
    call = {"name": "95th", "dueAt": in_days(9), "timeZone": "America/Chicago", **given}

    refused = await floor.secretariat.act("callForResolutions", **call)

    assert kind(refused) == "Invalid"
    assert field in {one["name"] for one in refused["fields"]}
