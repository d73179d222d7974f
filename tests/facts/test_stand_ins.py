"""Who stands for whom when a record is put back."""

from __future__ import annotations

from core.access.tables import Department, StaffMember
from core.facts.stand_ins import StandIns
from core.facts.tables import Customer


def test_the_department_of_who_took_over_counts_also_where_the_former_one_is_no_more() -> None:
    took_over = StaffMember(id=6, department_id=2)
    now = StandIns({5: took_over}, {}, {(Department.__tablename__, 9)})
    values, why = now.stand_in(Customer.__table__, {"account_manager_id": 5, "department_id": 9})
    assert values == {"account_manager_id": 6, "department_id": 2}
    assert why is not None
