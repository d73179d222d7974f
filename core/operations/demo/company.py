"""The demo company: a food maker with four departments, invented from a seed. Pure apart from its word lists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from core.operations.demo import words
from core.operations.demo.channels import draw_channel_costs
from core.operations.demo.contacts import draw_interactions, draw_satisfaction
from core.operations.demo.customers import draw_customers
from core.operations.demo.dealings import draw_dealings
from core.operations.demo.flaws import entered_carelessly
from core.operations.demo.habits import draw_habits
from core.operations.demo.leads import draw_leads
from core.operations.demo.trade import draw_transactions

SEED = 20_240_618


@dataclass(frozen=True)
class DemoCompany:
    """Frames whose columns are the field codes of their tables, and who works there.

    Amounts are in yuan with two decimals, times in business-local time without a zone, as in a file.
    """

    customers: pd.DataFrame
    transactions: pd.DataFrame
    interactions: pd.DataFrame
    satisfaction: pd.DataFrame
    leads: pd.DataFrame
    channel_costs: pd.DataFrame
    dealings: dict[str, pd.DataFrame]
    """Table code -> frame: products, stores, campaigns, contracts, payments, usage, behaviour, display feedback."""
    departments: tuple[words.DemoDepartment, ...]

    def frames(self) -> dict[str, pd.DataFrame]:
        """Table code -> frame, in the order in which they can be imported."""
        return {
            "customers": self.customers,
            "transactions": self.transactions,
            "interactions": self.interactions,
            "satisfaction": self.satisfaction,
            "leads": self.leads,
            "channel_costs": self.channel_costs,
            **self.dealings,
        }

    def people(self) -> dict[str, str]:
        """Name -> department of everybody who works there."""
        return {person: d.name for d in self.departments for person in d.people}


def demo_company(as_of: date, seed: int = SEED) -> DemoCompany:
    """The company with 18 months of facts, the last on `as_of`. The same arguments give the same company."""
    seeds = np.random.SeedSequence(seed).spawn(9)
    habits_seed, customers_seed, trade_seed, contact_seed, answer_seed, lead_seed, cost_seed, flaw_seed = (
        seeds[:8]
    )
    habits = draw_habits(np.random.default_rng(habits_seed), as_of)
    customers = draw_customers(np.random.default_rng(customers_seed), habits, as_of)
    codes = customers["customer_code"]
    leads = draw_leads(np.random.default_rng(lead_seed), habits, customers, as_of)
    return DemoCompany(
        customers=entered_carelessly(np.random.default_rng(flaw_seed), customers),
        transactions=draw_transactions(
            np.random.default_rng(trade_seed), habits, codes, customers["channel"], as_of
        ),
        interactions=draw_interactions(np.random.default_rng(contact_seed), habits, codes, as_of),
        satisfaction=draw_satisfaction(np.random.default_rng(answer_seed), habits, codes, as_of),
        leads=leads,
        channel_costs=draw_channel_costs(np.random.default_rng(cost_seed), leads, as_of),
        dealings=draw_dealings(np.random.default_rng(seeds[8]), habits, customers, as_of),
        departments=words.departments(),
    )
