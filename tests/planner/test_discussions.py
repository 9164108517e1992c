"""What is said in groups, asked of both executors by everybody: lists in lists, search, mentions, members, reports."""

import pytest

from tests.planner.stage import VIEWERS, Stage

TALK = """{ groups(first: 30) { totalCount edges { cursor node { id name rule entered canKeep threadCount unreadCount
    attention { level until } membership { status keeper } members(first: 3) { totalCount nodes { id name } }
    reports(first: 5) { totalCount nodes { words reason post { number body } } }
    threads(first: 4, unread: true) { __typename totalCount pageInfo { hasNextPage endCursor } nodes { id title
      unreadCount because canKeep canResolve firstUnread { number unread } opening { author { name byline } }
      lastPost { excerpt author { name mayor { id } forOffice } } } } } } } }"""
POSTS = """query ($ids: [ID!]!) { nodes(ids: $ids) { __typename ... on Post { body bodyHtml deleted hidden hiddenBecause
    canEdit canDelete canKeep author { byline } reactions { mark count mine } versions { bodyHtml at } thread { id
    posts(last: 3, since: 2) { totalCount nodes { number unread author { name } } } } }
  ... on Thread { title group { id } } ... on Group { name } ... on Membership { name } ... on Report { reason } } }"""
MINE = """{ viewer { unreadCount mentions(first: 5) { totalCount edges { cursor node { id number } } } }
  waiting { unread { nodes { id } } named { totalCount } groupInvitations { nodes { id } } reports { totalCount } } }"""
SEARCH = """query ($text: String!, $first: Int, $after: String) { search(text: $text, first: $first, after: $after) {
    __typename totalCount pageInfo { hasNextPage endCursor hasPreviousPage } edges { __typename cursor excerpt
    node { __typename id ... on Post { body author { name } thread { title } } ... on Thread { title }
      ... on Group { name entered } ... on Event { title } ... on Mayor { name } ... on City { name } } } } }"""


@pytest.mark.parametrize("viewer", VIEWERS)
async def test_groups_and_all_that_hangs_on_them(stage: Stage, viewer: str) -> None:
    asked = [
        stage.filled(f"@{prefix}{n}@") for prefix in ("pst", "thr", "grp", "mem", "rpt") for n in range(8)
    ]

    talk = await stage.agree(TALK, {}, viewer)
    await stage.agree(POSTS, {"ids": asked}, viewer)
    await stage.agree(MINE, {}, viewer)

    assert bool(talk["data"]["groups"]["totalCount"]) is (viewer != "visitor")


@pytest.mark.parametrize("viewer", VIEWERS)
@pytest.mark.parametrize("text", ["city", "bus OR transit", "-of", "Alexandira", "", "the mayor"])
async def test_search_page_after_page(stage: Stage, viewer: str, text: str) -> None:
    first = await stage.agree(SEARCH, {"text": text, "first": 7}, viewer)

    after = first["data"]["search"]["pageInfo"]["endCursor"]
    await stage.agree(SEARCH, {"text": text, "first": 7, "after": after}, viewer)
