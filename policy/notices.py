"""Who may hear of a notice: those it was told to at the time, who may still know what it is about."""

import models.readings
import models.secretariat  # noqa: F401 - both bring notices into KINDS, and no policy imports their rows
from models.notices import KINDS
from policy import delegations, discussions, events, groups, keys, mayors, readings, resolutions, secretariat
from policy.viewer import TOPICS

_SUBJECTS = {
    "event": ("events", events.READABLE),
    "delegation": ("delegations", delegations.READABLE),
    "mayor": ("terms", mayors.READABLE),
    "account": ("accounts", secretariat.READABLE),
    "group": ("groups", groups.READABLE),
    "membership": ("memberships", groups.MEMBERS_READABLE),
    "thread": ("threads", discussions.READABLE),
    "post": ("posts", discussions.READABLE),
    "report": ("reports", discussions.REPORTS),
    "reading": ("readings", readings.READABLE),
    "call": ("resolution_calls", resolutions.CALLS),
    "resolution": ("resolutions", resolutions.READABLE),
    "session": ("tokens", keys.BROWSER),
    "token": ("tokens", keys.PROGRAM),
    "passkey": ("passkeys", keys.OWN),
}


def about(kind: str) -> str:
    """The clause for notices of one kind: whoever may still know what it is about."""
    return f"EXISTS ({_subject(KINDS[kind].noun)})"


def _subject(noun: str) -> str:
    table, clause = _SUBJECTS[noun]
    subject = clause.replace("{row}", "subject")
    return f"SELECT true FROM {table} subject WHERE subject.id = {{row}}.subject AND {subject}"


def _any_kind() -> str:
    """One case a noun: its kinds are judged alike.

    Each asks for the subject's one row, and not whether it EXISTS: for that PostgreSQL would rather read all events
    through and remember them than look up those of a page.
    """
    kinds: dict[str, list[str]] = {}
    for name, kind in KINDS.items():
        if hasattr(kind, "noun"):
            kinds.setdefault(kind.noun, []).append(f"'{name}'")
    cases = (
        f"({{row}}.kind IN ({', '.join(names)}) AND ({_subject(noun)}))" for noun, names in kinds.items()
    )
    return "(" + " OR ".join(cases) + ")"


#: Notices are read by place, for streams; ``topics`` say who was told, this clause who may still know.
READABLE = _any_kind()

#: What a list of changes leaves out, though streams carry it: the comings and goings of one's own keys.
_NO_NEWS = ", ".join(f"'{name}'" for name, kind in KINDS.items() if not kind.news)

#: What was told to the viewer, of ``{child}``: for lists over the log. ``READABLE`` still decides.
TOLD = f"{{child}}.topics && {TOPICS} AND {{child}}.kind NOT IN ({_NO_NEWS})"
