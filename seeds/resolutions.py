"""Two calls for resolutions, one past and one open, and what mayors put before each other. Reads `resolutions.txt`.

A line's first word says what it is: `#` a call (name, days until its deadline, its hour and zone, sponsors needed),
`##` a resolution (title, lead, status, sponsors, of which `^` named an earlier text and `~` withdrew; ` || ` why it was
withdrawn), `W` a WHEREAS and `R` a RESOLVED; ` || ` is how the clause read before it was edited.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from models.resolutions import (
    Clause,
    ClauseKind,
    Resolution,
    ResolutionCall,
    ResolutionStatus,
    ResolutionVersion,
    Sponsorship,
)
from seeds.discussions import Speaker
from seeds.rows import House, Ids

_TEXT: Final = Path(__file__).with_name("resolutions.txt")
_KINDS: Final = {"W": ClauseKind.WHEREAS, "R": ClauseKind.RESOLVED}
_CALLED: Final = timedelta(days=70)  # every mayor planted was in office by then
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Said:
    """A clause: what it does, how it reads, and how it read before."""

    kind: ClauseKind
    text: str
    before: str


@dataclass
class Proposal:
    """A resolution as it is written down."""

    title: str
    lead: str
    status: ResolutionStatus
    sponsors: list[str]
    because: str | None
    clauses: list[Said] = field(default_factory=list)

    @property
    def edited(self) -> bool:
        """Whether it ever read otherwise."""
        return any(one.before != one.text for one in self.clauses)


@dataclass
class Called:
    """A call as it is written down."""

    name: str
    days: int
    hour: time
    time_zone: str
    needed: int
    proposals: list[Proposal] = field(default_factory=list)


def call_for_resolutions(house: House, speakers: dict[str, Speaker], *, ids: Ids, now: datetime) -> None:
    """Add every call with its resolutions, their texts and sponsors."""
    for called in _read():
        call = ResolutionCall(
            id=next(ids),
            name=called.name,
            time_zone=called.time_zone,
            due_wall=datetime.combine((now + called.days * _DAY).date(), called.hour),
            sponsors_needed=called.needed,
            called_at=now - _CALLED if called.days < 0 else now - 20 * _DAY,
        )
        house.calls.append(call)
        for place, proposal in enumerate(called.proposals):
            drafted = call.called_at + (3 + 1.6 * place) * _DAY
            _Put(house, ids, speakers, call, proposal, drafted).in_place()


@dataclass
class _Put:
    """One resolution on its way into the house."""

    house: House
    ids: Ids
    speakers: dict[str, Speaker]
    call: ResolutionCall
    proposal: Proposal
    drafted: datetime

    def in_place(self) -> None:
        row = self._resolution()
        self.house.resolutions.append(row)
        clause_ids = [next(self.ids) for _ in self.proposal.clauses]
        for version in range(1, row.version + 1):
            self._text(row, version, clause_ids)
        if row.opened_at:
            self._sponsors(row, row.opened_at)

    def _resolution(self) -> Resolution:
        proposal, lead = self.proposal, self.speakers[self.proposal.lead]
        opened = None if proposal.status is ResolutionStatus.DRAFT else self.drafted + _DAY
        submitted = proposal.status is ResolutionStatus.SUBMITTED
        return Resolution(
            id=next(self.ids),
            call_id=self.call.id,
            term_id=lead.term.id,
            author_id=lead.account.id,
            number=self._number() if submitted else None,
            title=proposal.title,
            words="\n".join(one.text for one in proposal.clauses),
            status=proposal.status,
            version=2 if proposal.edited else 1,
            opened_version=1 if opened else None,
            sponsor_count=1 + sum(name[0] not in "^~" for name in proposal.sponsors) if opened else 0,
            drafted_at=self.drafted,
            opened_at=opened,
            submitted_at=opened + 6 * _DAY if opened and submitted else None,
            withdrawn_at=opened + 9 * _DAY if opened and proposal.because else None,
            withdrawn_because=proposal.because,
            revision=1 + 2 * len(proposal.sponsors),
        )

    def _number(self) -> int:
        return 1 + sum(
            one.call_id == self.call.id and one.number is not None for one in self.house.resolutions
        )

    def _text(self, row: Resolution, version: int, clause_ids: list[UUID]) -> None:
        stands = version == row.version
        at = self.drafted if version == 1 else self.drafted + 4 * _DAY
        self.house.resolution_versions.append(
            ResolutionVersion(resolution_id=row.id, version=version, title=row.title, at=at)
        )
        for position, (clause_id, one) in enumerate(
            zip(clause_ids, self.proposal.clauses, strict=True), start=1
        ):
            self.house.clauses.append(
                Clause(
                    resolution_id=row.id,
                    version=version,
                    position=position,
                    clause_id=clause_id,
                    kind=one.kind,
                    text=one.text if stands else one.before,
                )
            )

    def _sponsors(self, row: Resolution, opened: datetime) -> None:
        for place, name in enumerate([self.proposal.lead, *self.proposal.sponsors]):
            at = opened + place * timedelta(hours=17)
            self.house.sponsorships.append(
                Sponsorship(
                    resolution_id=row.id,
                    term_id=self.speakers[name.lstrip("^~")].term.id,
                    lead=place == 0,
                    version=1 if name[0] == "^" else row.version,
                    at=at,
                    withdrawn_at=at + 2 * _DAY if name[0] == "~" else None,
                )
            )


def _read() -> list[Called]:
    found: list[Called] = []
    for mark, rest in _lines():
        text, _, beside = rest.partition(" || ")
        if mark == "#":
            name, days, hour, zone, needed = text.split(" | ")
            found.append(Called(name, int(days), time.fromisoformat(hour), zone, int(needed)))
        elif mark == "##":
            title, lead, status, *sponsors = (part.strip(" |") for part in text.split(" | "))
            names = sponsors[0].split() if sponsors else []
            proposal = Proposal(title, lead, ResolutionStatus(status), names, beside or None)
            found[-1].proposals.append(proposal)
        else:
            said = Said(_KINDS[mark], text, beside or text)
            found[-1].proposals[-1].clauses.append(said)
    return found


def _lines() -> Iterator[tuple[str, str]]:
    for line in _TEXT.read_text(encoding="utf-8").splitlines():
        mark, _, rest = line.strip().partition(" ")
        if mark and mark != ";":
            yield mark, rest
