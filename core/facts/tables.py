"""Records of what happened: customers, what they did, who may become one, and the imports all of it came by."""

from __future__ import annotations

from core.facts.records.activity import (
    BehaviourEvent,
    Interaction,
    Order,
    OrderLine,
    ProductUsage,
    Satisfaction,
)
from core.facts.records.customers import Customer
from core.facts.records.exchange import ImportBatch, ImportChange, OwnField, SavedMapping
from core.facts.records.leads import Campaign, ChannelCost, Lead
from core.facts.records.outlets import DisplayFeedback, Outlet
from core.facts.records.quality import CustomerMerge, DuplicatePair, QualityCount
from core.facts.records.trade import Contract, Payment, Product

__all__ = [
    "BehaviourEvent",
    "Campaign",
    "ChannelCost",
    "Contract",
    "Customer",
    "CustomerMerge",
    "DisplayFeedback",
    "DuplicatePair",
    "ImportBatch",
    "ImportChange",
    "Interaction",
    "Lead",
    "Order",
    "OrderLine",
    "Outlet",
    "OwnField",
    "Payment",
    "Product",
    "ProductUsage",
    "QualityCount",
    "Satisfaction",
    "SavedMapping",
]
