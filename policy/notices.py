"""Who may hear of a notice: those it was told to at the time, who may still know what it is about."""

from models.notices import KINDS
from policy import delegations, events, mayors
from policy.viewer import Acting

_SUBJECTS = {
    "event": ("events", events.READABLE),
    "delegation": ("delegations", delegations.READABLE),
    "mayor": ("terms", mayors.READABLE),
}

_TOLD = """(
    'public' = ANY ({row}.topics)
    OR ({viewer.member} AND 'members' = ANY ({row}.topics))
    OR ({viewer.secretariat} AND 'secretariat' = ANY ({row}.topics))
    OR 'account:' || replace({viewer.account_id}::text, '-', '') = ANY ({row}.topics)
    OR 'account:' || replace({viewer.host_id}::text, '-', '') = ANY ({row}.topics)
)"""


def _still_known() -> str:
    kinds: dict[str, list[str]] = {noun: [] for noun in _SUBJECTS}
    for name, notice in KINDS.items():
        if hasattr(notice, "noun"):
            kinds[notice.noun].append(f"'{name}'")
    cases = (
        f"{{row}}.kind IN ({', '.join(sorted(kinds[noun]))}) AND EXISTS (SELECT FROM {table} subject "
        f"WHERE subject.id = {{row}}.subject AND {clause.replace('{row}', 'subject')})"
        for noun, (table, clause) in _SUBJECTS.items()
    )
    return "(" + " OR ".join(cases) + ")"


READABLE = f"({_TOLD} AND {_still_known()})"


def may_hear(acting: Acting, topics: frozenset[str]) -> bool:
    """Whether a notice told to ``topics`` could concern this viewer at all."""
    return not topics.isdisjoint(acting.topics())
