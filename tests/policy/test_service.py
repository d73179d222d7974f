from sqlalchemy import select

from core.policy.queries import policy_version
from core.policy.service import completed, default_policy, record_default_policy
from core.policy.tables import PolicyVersion


def test_a_recorded_version_is_given_the_keys_that_it_lacks_and_keeps_its_own(store, now):
    with store.write() as session:
        recorded = session.scalars(select(PolicyVersion)).one()
        values = {name: dict(keys) for name, keys in recorded.values.items() if name != "funnel"}
        values["lifecycle"]["new_days"] = 45
        del values["lifecycle"]["active_days"]
        recorded.values = values
        session.commit()

    record_default_policy(store, now=now)

    policy = policy_version(store, 1)
    assert policy.lifecycle.new_days == 45
    assert policy.lifecycle.active_days == default_policy().lifecycle.active_days
    assert policy.funnel == default_policy().funnel


def test_completing_what_is_complete_changes_nothing():
    values = default_policy().values()
    assert completed(values, values) == values
