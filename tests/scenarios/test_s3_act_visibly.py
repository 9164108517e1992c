"""S3: what a delegate does is recorded as done by them, for the mayor; on the notice, in the audit, on the thing."""

from uuid import UUID

from tests.living import Caller, Home

PROFILES = """
subscription ($after: Cursor) { notices(after: $after) { __typename
  ... on ProfileUpdated { actor { name email } principal { id name } mayor { id name biography } } } }
"""
WHO = (
    "SELECT a.act, p.email, a.term_id, a.delegation_id FROM audit a JOIN accounts p ON p.id = a.actor_id "
    "WHERE a.subject = $1"
)


async def test_a_profile_kept_by_staff_names_both_the_actor_and_the_mayor(home: Home) -> None:
    mayor = await home.caller("mayor@alexandria-va.example")
    staff = await home.caller("staff@alexandria-va.example")
    viewer = (await staff.ask("{ viewer { capacity { id principal { id name } } account { name } } }"))[
        "viewer"
    ]
    principal = viewer["capacity"]["principal"]

    async with mayor.listening(PROFILES, after=await mayor.head()) as heard:
        updated = await staff.done("updateProfile", biography="Walks to work.")
        notice = await heard.notice()

    term = UUID(principal["id"][4:])
    delegation = UUID(viewer["capacity"]["id"][4:])
    assert updated["id"] == principal["id"]
    assert notice["actor"] == {"name": viewer["account"]["name"], "email": "staff@alexandria-va.example"}
    assert notice["principal"] == principal
    assert notice["mayor"]["biography"] == "Walks to work."
    audited = [tuple(row) for row in await home.rows(WHO, term)]
    assert audited == [("updateProfile", "staff@alexandria-va.example", term, delegation)]


async def test_a_session_moved_by_staff_is_recorded_as_moved_for_the_mayor_who_hosts_it(home: Home) -> None:
    event, staff = await _a_session_hosted_by_the_mayor(home)

    await staff.done("postponeEvent", eventId=event, reason="A burst main.")

    subject = UUID(event[4:])
    ((act, email, term, delegation),) = await home.rows(WHO, subject)
    assert (act, email) == ("postponeEvent", "staff@alexandria-va.example")
    assert term is not None
    assert delegation is not None
    by = "SELECT p.email, r.term_id FROM {} r JOIN accounts p ON p.id = r.actor_id WHERE {} = $1"
    moved = await home.rows(by.format("event_moves", "verb = 'postpone' AND event_id"), subject)
    told = await home.rows(by.format("notices", "subject"), subject)
    assert [tuple(row) for row in moved] == [(email, term)]
    assert [tuple(row) for row in told] == [(email, term)]


async def _a_session_hosted_by_the_mayor(home: Home) -> tuple[str, Caller]:
    await home.rows(
        "UPDATE events SET host_id = (SELECT id FROM accounts WHERE email = 'mayor@alexandria-va.example') "
        "WHERE id = (SELECT id FROM events WHERE status = 'scheduled' LIMIT 1)"
    )
    await home.rows(
        "UPDATE delegations SET scopes = scopes || '{host_sessions}'::text[] "
        "WHERE account_id = (SELECT id FROM accounts WHERE email = 'staff@alexandria-va.example')"
    )
    staff = await home.caller("staff@alexandria-va.example")
    hosted = await staff.ask("{ events(first: 1, hostedByMe: true) { edges { node { id } } } }")
    return hosted["events"]["edges"][0]["node"]["id"], staff
