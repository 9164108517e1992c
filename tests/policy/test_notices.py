"""Who may hear of notices: every kind of them has its clause."""

from policy.notices import READABLE
from schema.notices import ALL


def test_no_kind_of_notice_is_left_without_a_clause() -> None:
    without = [kind.__name__ for kind in ALL if f"'{kind.__name__}'" not in READABLE]

    assert without == []
