"""M5: a co-sponsor withdraws at exactly the threshold before the deadline, and the sponsor is told at once."""

from dataclasses import replace

from tests.living import shared_home, street
from tests.resolutions.conftest import Floor, people

__all__ = ["people", "shared_home", "street"]
STREAM = """subscription ($id: ID) { resolution(id: $id) { __typename ... on ResolutionNotice {
  resolution { status sponsorCount missing } } } }"""


async def test_it_goes_back_to_gathering_its_mayor_hears_of_it_and_the_name_stays_as_withdrawn(
    people: Floor,
) -> None:
    floor = await (await (await replace(people).called(needed=3)).drafted()).opened()
    await floor.submitted(floor.ben, floor.cal)

    async with floor.ada.listening(STREAM, id=floor.id) as heard:
        await floor.ben.done("withdrawSponsorship", resolutionId=floor.id)
        withdrew, returned = await heard.notices(2)

    assert (withdrew["__typename"], returned["__typename"]) == ("SponsorWithdrew", "ResolutionReturned")
    assert returned["resolution"] == {"status": "GATHERING", "sponsorCount": 2, "missing": 1}
    read = await floor.read(floor.cal)
    assert read["number"] == 1, "what was printed under it stays its own"
    names = {one["mayor"]["city"]["slug"]: bool(one["withdrawnAt"]) for one in read["sponsors"]["nodes"]}
    assert names == {"alexandria-va": False, "norfolk-va": True, "madison-wi": False}
    (line,) = (await floor.ada.ask("{ changes(last: 1) { nodes { __typename } } }"))["changes"]["nodes"]
    assert line["__typename"] == "ResolutionReturned"


async def test_behind_the_deadline_it_is_noted_and_the_resolution_lives(people: Floor) -> None:
    floor = await (await (await replace(people).called()).drafted()).opened()
    await floor.submitted()
    await floor.pass_the_deadline(days=1 / 86_400)

    after = await floor.ben.done("withdrawSponsorship", resolutionId=floor.id)

    assert (after["status"], after["sponsorCount"]) == ("SUBMITTED", 1)
