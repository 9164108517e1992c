"""Corner cases, put to the planner and to the reference executor alike."""

import pytest

from tests.planner.stage import VIEWERS, Stage

EVERYTHING = """
{ __typename head viewer { __typename account { id name email } secretariat member
    capacity { id scopes until principal { name city { name officeEmail officePhone } } city { slug } }
    capacities { __typename id scopes principal { id name since until } } }
  cities(first: 3, member: true) { __typename totalCount
    pageInfo { __typename hasNextPage hasPreviousPage startCursor endCursor }
    edges { __typename cursor node { __typename id slug name region country population timeZone latitude longitude
      memberSince officeEmail officePhone mayor { id name biography since until city { id } } } }
    nodes { id } }
  events(first: 60) { totalCount edges { cursor node { id title summary kind audience status version revision
    startsAt endsAt startsAtLocal endsAtLocal startsAtIn(timeZone: "Asia/Tokyo") timeZone location reason canMove
    host { id name email } previously { __typename status startsAt endsAt startsAtLocal endsAtLocal timeZone
      location reason at } } } }
  delegations(first: 50) { totalCount nodes { id status scopes objectId startsOn endsOn invitedAt acceptedAt endedAt
    principal { name } delegate { id name email } } } }
"""


@pytest.mark.parametrize("viewer", VIEWERS)
async def test_both_show_every_field_alike(stage: Stage, viewer: str) -> None:
    answer = await stage.agree(EVERYTHING, viewer=viewer)

    assert "errors" not in answer
