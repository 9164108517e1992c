"""The viewer: who acts and for whom, looked up inside every statement and never cached by it.

``$1`` is the token's SHA-256 (null for a visitor), ``$2`` the capacity chosen (null for the token's own, else the
default: one's own term, else the only active delegation, else oneself).
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

#: What a viewer is made of, and its PostgreSQL type. Anything a clause says about the viewer is one of these.
ATTRIBUTES = {
    "account_id": "uuid",
    "capacity_id": "uuid",
    "capacity_kind": "text",
    "principal_id": "uuid",
    "term_id": "uuid",
    "city_id": "uuid",
    "delegation_id": "uuid",
    "scopes": "text[]",
    "object_id": "uuid",
    "until": "timestamptz",
    "member": "boolean",
    "secretariat": "boolean",
    "host_id": "uuid",
    "principal_host_id": "uuid",
    "token_id": "uuid",
    "acts": "boolean",
    "mayor": "boolean",
    "reads": "boolean",
    "rooms": "uuid[]",
    "doors": "uuid[]",
    "keeps": "uuid[]",
}

#: Those that hold several values: kept as tuples, so that viewers can be compared.
_SEVERAL = ("scopes", "rooms", "doors", "keeps")

#: Those that hold groups. Clauses ask of them only whether a group is among them, and never what is not.
OF_GROUPS = ("rooms", "doors", "keeps")

#: What a viewer may have to hear of, by the attribute that gives it: a flag's own topic, or an account's.
_TOPICS_OF_FLAGS = {"member": "members", "secretariat": "secretariat", "mayor": "mayors", "reads": "accounts"}
_ACCOUNTS_HEARD = ("account_id", "host_id")

#: The same as ``Acting.topics``, as SQL over a viewer: for asking the log itself.
TOPICS = "(array_remove(ARRAY['public', {}], NULL) || {})".format(
    ", ".join(
        [f"CASE WHEN {{viewer.{flag}}} THEN '{topic}' END" for flag, topic in _TOPICS_OF_FLAGS.items()]
        + [f"'account:' || replace({{viewer.{name}}}::text, '-', '')" for name in _ACCOUNTS_HEARD]
    ),
    "ARRAY(SELECT 'room:' || replace(room::text, '-', '') FROM unnest({viewer.rooms}) room)",
)

_CHOSEN = """
    SELECT c.*, CASE c.kind
            WHEN 'term' THEN 1
            WHEN 'delegation' THEN CASE count(*) FILTER (WHERE c.kind = 'delegation') OVER () WHEN 1 THEN 2 ELSE 4 END
            ELSE 3 END AS rank
    FROM capacities c
    WHERE c.account_id = a.id
      AND (coalesce($2::uuid, k.capacity_id) IS NULL OR c.id = coalesce($2::uuid, k.capacity_id))
    ORDER BY rank LIMIT 1
"""

# Whose sessions the viewer hosts; null for whoever hosts nothing, so that most members are of one visibility class.
_HOST = """
    SELECT h.id FROM accounts h
    WHERE h.id = CASE c.kind
            WHEN 'delegation' THEN
                (SELECT p.id FROM accounts p WHERE p.person_id = c.principal_id AND 'host_sessions' = ANY (c.scopes))
            ELSE c.account_id END
      AND EXISTS (SELECT FROM events e WHERE e.host_id = h.id)
"""

# The groups a principal was let into, as far as it matters: not those that are open to all their audience anyway, so
# that most members are of one visibility class. A delegate is in the mayor's rooms by `read_group`, and never in
# mayors' own.
_ROOMS = """
    SELECT array_agg(m.group_id ORDER BY m.group_id) FROM memberships m{beside}
    WHERE m.person_id = c.principal_id AND m.term_id IS NOT DISTINCT FROM c.term_id AND {which}
"""
_GROUP = " JOIN groups g ON g.id = m.group_id"
_INTO = """m.status = 'joined' AND (g.audience IN ('invited', 'hidden') OR g.chatham_house)
    AND (c.kind <> 'delegation' OR ('read_group' = ANY (c.scopes) AND NOT g.mayors_only))"""
_ASKED_IN = "m.status = 'invited' AND c.kind <> 'delegation'"
_KEPT = "m.keeper AND c.kind <> 'delegation'"

# Whose sessions a delegate's mayor hosts, whether or not the grant reaches them: whether more of a grant would help.
_PRINCIPAL_HOST = """
    SELECT p.id FROM accounts p
    WHERE c.kind = 'delegation' AND p.person_id = c.principal_id
      AND EXISTS (SELECT FROM events e WHERE e.host_id = p.id)
"""

_PLAIN = """
    a.id AS account_id, c.id AS capacity_id, c.kind AS capacity_kind, c.principal_id, c.term_id, c.city_id,
    c.delegation_id, c.scopes, c.object_id,
    least(k.expires_at, c.until) AS until, c.until AS capacity_until,
    coalesce(c.member, false) AS member,
    coalesce(a.secretariat AND c.kind <> 'delegation', false) AS secretariat,
    k.id AS token_id,
    coalesce('act' = ANY (k.scopes), false) AS acts,
    coalesce(c.kind = 'term', false) AS mayor,
    coalesce(c.kind <> 'delegation' OR 'read_group' = ANY (c.scopes), false) AS reads
"""

#: What takes a look of its own, of a capacity ``c``.
_LOOKS = {
    "host_id": _HOST,
    "principal_host_id": _PRINCIPAL_HOST,
    "rooms": _ROOMS.format(beside=_GROUP, which=_INTO),
    "doors": _ROOMS.format(beside="", which=_ASKED_IN),
    "keeps": _ROOMS.format(beside="", which=_KEPT),
}

_COLUMNS = ", ".join([_PLAIN, *(f"({look}) AS {name}" for name, look in _LOOKS.items())])

_STATE = """
    CASE WHEN $1::bytea IS NULL THEN 'ok'
         WHEN a.id IS NULL THEN 'UNAUTHENTICATED'
         WHEN c.id IS NULL THEN 'CAPACITY_NOT_HELD'
         ELSE 'ok' END AS state
"""

_FROM = f"""
    FROM (VALUES (true)) AS once
    LEFT JOIN tokens k ON k.hash = $1 AND k.revoked_at IS NULL AND k.expires_at > now()
    LEFT JOIN accounts a ON a.id = k.account_id
    LEFT JOIN LATERAL ({_CHOSEN}) c ON true
"""

#: The viewer with everything there is to know: exactly one row, with ``state`` saying whether the caller is who they
#: say. Read once, it is not materialised, so that attributes nobody mentions are never worked out; OFFSET 0 keeps
#: PostgreSQL from working out those that are mentioned again for every row they are compared with.
CTE = f"viewer AS (SELECT {_STATE}, {_COLUMNS} {_FROM} OFFSET 0)"

#: How a statement of ``ctes`` reads the attributes that take a look of their own.
LOOKED_UP = {name: f"(SELECT {name} FROM viewer_{name})::{ATTRIBUTES[name]}" for name in _LOOKS}

_HOLDING = """(SELECT account_id, capacity_kind AS kind, principal_id, term_id, scopes FROM viewer) AS c"""


def ctes(mentioned: Collection[str]) -> str:
    """The first CTEs of a statement that mentions these attributes.

    A look is taken once for the whole statement, and only when a clause comes so far as to ask: who reads what is
    open to all members never has the rooms they are in counted up.
    """
    looks = [
        f"viewer_{name} AS (SELECT ({look}) AS {name} FROM {_HOLDING})"
        for name, look in _LOOKS.items()
        if name in mentioned
    ]
    return ", ".join([f"viewer AS (SELECT {_STATE}, {_PLAIN} {_FROM} OFFSET 0)", *looks])


def _asked(clause: str) -> str:
    return (
        clause.replace("$1::bytea", "asked.hash")
        .replace("$1", "asked.hash")
        .replace("$2::uuid", "asked.capacity")
    )


#: The same question about many at once: ``$1`` are their tokens' hashes, ``$2`` the capacities chosen, pair by pair.
#: A row a pair, in their order.
MANY = f"""SELECT viewer.* FROM unnest($1::bytea[], $2::uuid[]) WITH ORDINALITY AS asked(hash, capacity, no)
    CROSS JOIN LATERAL (SELECT {_asked(f"{_STATE}, {_COLUMNS} {_FROM}")}) viewer ORDER BY asked.no"""

#: Everybody, in every capacity they have now: for asking who of all may read a thing.
EVERYBODY = f"""(SELECT {_COLUMNS} FROM accounts a JOIN capacities c ON c.account_id = a.id
    LEFT JOIN tokens k ON false)"""


def of(relation: str, clause: str) -> str:
    """A clause over the viewer, asked of the people in ``relation`` instead."""
    return re.sub(r"\{viewer\.(\w+)\}", rf"{relation}.\1", clause)


def recordset(parameter: str, mentioned: Collection[str]) -> str:
    """Many viewers at once, of each what is mentioned, from a JSON array: for asking which may still read a thing."""
    columns = [f"{name} {kind}" for name, kind in ATTRIBUTES.items() if name in mentioned]
    return f"jsonb_to_recordset({parameter}::jsonb) AS viewer({', '.join(['no int', *columns])})"


@dataclass(frozen=True, slots=True)
class Acting:
    """A viewer as values: what rules for acts look at, and what an open stream remembers."""

    account_id: UUID | None = None
    capacity_id: UUID | None = None
    capacity_kind: str | None = None
    principal_id: UUID | None = None
    term_id: UUID | None = None
    city_id: UUID | None = None
    delegation_id: UUID | None = None
    scopes: tuple[str, ...] | None = None
    object_id: UUID | None = None
    until: datetime | None = None
    member: bool = False
    secretariat: bool = False
    host_id: UUID | None = None
    principal_host_id: UUID | None = None
    token_id: UUID | None = None
    acts: bool = False
    mayor: bool = False
    reads: bool = False
    rooms: tuple[UUID, ...] | None = None
    doors: tuple[UUID, ...] | None = None
    keeps: tuple[UUID, ...] | None = None
    names: dict[str, str] = field(default_factory=dict, compare=False, hash=False)

    @classmethod
    def of(cls, row: Any) -> "Acting":
        """The viewer in a row of the CTE."""
        values = {name: row[name] for name in ATTRIBUTES}
        several = {name: tuple(values.pop(name)) for name in _SEVERAL if values[name] is not None}
        return cls(**values | several)

    def within(self, group: UUID | None) -> "Acting":
        """The viewer as far as this group is concerned: of groups they hold no other, and so they know no more."""
        if group is None:
            return self
        narrowed = {
            name: (group,) if group in held else None for name in OF_GROUPS if (held := getattr(self, name))
        }
        return replace(self, **narrowed) if narrowed else self  # type: ignore[arg-type]  # each is named above

    def topics(self) -> tuple[str, ...]:
        """The topics this viewer may have to hear of. They narrow; ``readable`` decides."""
        found = ["public", *(topic for flag, topic in _TOPICS_OF_FLAGS.items() if getattr(self, flag))]
        accounts = (getattr(self, name) for name in _ACCOUNTS_HEARD)
        found += [f"account:{account.hex}" for account in accounts if account]
        found += [f"room:{room.hex}" for room in self.rooms or ()]
        return tuple(found)
