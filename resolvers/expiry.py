"""What the calendar does by itself: grants whose last day has passed are noted as expired, and told."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlmodel import col, select

from models.accounts import Account
from models.delegations import (
    Delegation,
    DelegationExpired,
    DelegationNotice,
    DelegationStatus,
    DelegationTermEnded,
)
from models.notices import NoticeRow
from policy.delegations import STATUS

_AT_ONCE = 200
_OVER = f"""
    SELECT d.id, {STATUS.format(row="d")} AS standing FROM delegations d
    WHERE d.status IN ('invited', 'active') AND upper(d.during) <= current_date + 1
    ORDER BY d.id LIMIT {_AT_ONCE} FOR UPDATE OF d SKIP LOCKED
""".replace("::", r"\:\:")


async def expire(engine: AsyncEngine) -> int:
    """Note the grants that are over, in one transaction; how many there were.

    Nothing depends on it but the telling: a grant's dates already judge it wherever it is used. No actor is
    recorded, for nobody acted.
    """
    async with AsyncSession(engine) as session, session.begin():
        over = [row for row in (await session.execute(text(_OVER))).all() if row.standing in _ENDINGS]
        for row in over:
            await _end(session, await session.get_one(Delegation, row.id), DelegationStatus(row.standing))
    return len(over)


_ENDINGS: dict[str, tuple[str, type[DelegationNotice]]] = {
    DelegationStatus.EXPIRED: ("expire", DelegationExpired),
    DelegationStatus.TERM_ENDED: ("end_with_term", DelegationTermEnded),
}


async def _end(session: AsyncSession, delegation: Delegation, standing: DelegationStatus) -> None:
    verb, notice = _ENDINGS[standing]
    delegation.move(verb)
    mayor = await session.execute(select(Account.id).where(col(Account.person_id) == delegation.person_id))
    session.add(NoticeRow.of(notice.of(delegation, mayor=mayor.scalar()), actor_id=None, term_id=None))
