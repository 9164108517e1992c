"""The act upon looks: what changed up to here has been seen."""

from sqlalchemy import case, func, text
from sqlalchemy.dialects.postgresql import insert

from models.looks import Look
from models.positions import BadCursor, opened
from models.problems import BadField, Invalid, WrongMoment
from policy import looks as policy
from resolvers.act import Act

_EXTENT = "SELECT log_epoch() AS epoch, log_head() AS head"


async def mark_seen(act: Act, through: str) -> Look:
    """Move the mark of the last look up to a cursor, or leave it where it is when it lies further already.

    Two open pages may mark in either order. It is nobody else's business: neither log nor audit has it, for how far
    somebody has read is no deed, and the mark itself says whose it is, for whom and when.
    """
    act.must(policy.mark, None)
    position = await _position(act, through)
    wanted = insert(Look).values(
        account_id=act.acting.account_id, capacity_id=act.acting.capacity_id, pos=position
    )
    further = wanted.excluded.pos > Look.pos
    moved = wanted.on_conflict_do_update(
        index_elements=["account_id", "capacity_id"],
        set_={
            "pos": func.greatest(Look.pos, wanted.excluded.pos),
            "at": case((further, func.clock_timestamp()), else_=Look.at),
        },
    ).returning(Look)
    found = await act.session.execute(moved, execution_options={"populate_existing": True})
    return found.scalar_one()


async def _position(act: Act, through: str) -> int:
    try:
        position, epoch = opened(through)
    except BadCursor:
        raise Invalid(
            BadField("through", "This is no cursor of the log, or a damaged one; take `head`, or a notice's.")
        ) from None
    extent = (await act.session.execute(text(_EXTENT))).mappings().one()
    if epoch != extent["epoch"] or position > extent["head"]:
        raise WrongMoment(
            "This cursor is another log's, or ahead of this one. Read what changed once more, and mark that."
        )
    return position
