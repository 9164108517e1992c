"""The documents of the issue, as a client would write them."""

VIEWER = """
query { viewer { account { email } capacity { principal { name city { name slug } } scopes }
  capacities { id principal { name } scopes } } }
"""
EVENT = """
query Event($id: ID!) { event(id: $id) { id title status version revision startsAt endsAt timeZone
  previously { startsAt status reason at } } }
"""
POSTPONED = """
subscription ($after: Cursor) { eventPostponed(after: $after) { __typename
  ... on EventPostponed { cursor reason event { id title status } was { startsAt timeZone } now { startsAt timeZone } }
  ... on CursorExpired { message head } ... on StreamEnded { reason message cursor } } }
"""
NOTICES = """
subscription ($after: Cursor) { notices(after: $after) { __typename ... on Notice { cursor at }
  ... on CursorExpired { message head } ... on StreamEnded { reason message cursor } ... on Heartbeat { cursor } } }
"""
MOVES = """
subscription ($after: Cursor) { eventsMoved(after: $after) { __typename
  ... on EventNotice { cursor version reason event { id status } was { status startsAt } now { status startsAt } }
  ... on CursorExpired { message head } ... on StreamEnded { reason message cursor } ... on Heartbeat { cursor } } }
"""
STATE = "query State($id: ID!) { head event(id: $id) { status version startsAt } }"
