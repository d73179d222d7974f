"""The tables whose records have a name of their own: what names them, and where each field is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.facts.tables import Campaign, ChannelCost, Contract, Outlet, Payment, Product
from core.language import mark


@dataclass(frozen=True)
class RecordKind:
    """How the records of one table are stored.

    `key` and `values`: field code -> column. A blank in a key is part of the name, and stored as an empty text.
    """

    record: Any
    key: Mapping[str, str]
    values: Mapping[str, str]
    customer: bool = False
    """Whether rows name a customer."""
    contract: bool = False
    """Whether rows may name a contract."""
    owner: bool = False
    """Whether rows name a person in the field `owner`."""
    span: tuple[str, str] | None = None
    """The fields of a first and a last day."""
    sentences: Mapping[str, str] = field(default_factory=dict)
    """Why a row is refused -> the sentence, where the usual one does not fit; its places are the key's fields."""

    @property
    def ids(self) -> tuple[str, ...]:
        """The columns with ids of other records."""
        named = {"customer_id": self.customer, "contract_id": self.contract, "owner_id": self.owner}
        return tuple(column for column, wanted in named.items() if wanted)

    @property
    def has_own(self) -> bool:
        """Whether the company may add fields."""
        return hasattr(self.record, "own")


def _same(*codes: str) -> dict[str, str]:
    return {code: code for code in codes}


RECORD_KINDS = {
    "campaigns": RecordKind(
        Campaign,
        {"campaign_code": "code"},
        {"campaign_name": "name", **_same("channel", "starts_on", "ends_on", "budget")},
        span=("starts_on", "ends_on"),
    ),
    "channel_costs": RecordKind(
        ChannelCost,
        _same("month", "channel", "campaign"),
        {"cost": "amount"},
        sentences={
            "not_stored": mark(
                "No cost of channel {channel} in {month} is stored yet. Import it in a mode that adds what is new."
            ),
            "differs": mark(
                "Another cost of channel {channel} in {month} is stored already. If the file is right, import it in "
                "a mode that replaces what is stored."
            ),
        },
    ),
    "contracts": RecordKind(
        Contract,
        {"contract_code": "code"},
        _same("title", "signed_on", "starts_on", "ends_on", "amount"),
        customer=True,
        owner=True,
        span=("starts_on", "ends_on"),
    ),
    "payments": RecordKind(
        Payment,
        {"payment_code": "code"},
        _same("due_on", "amount", "paid_on", "paid_amount"),
        customer=True,
        contract=True,
    ),
    "products": RecordKind(
        Product,
        {"product_code": "code"},
        {"product_name": "name", **_same("category", "unit_price", "stock_quantity", "stocked_on")},
    ),
    "outlets": RecordKind(
        Outlet,
        {"outlet_code": "code"},
        {"outlet_name": "name", **_same("kind", "region", "province", "city", "address", "opened_on")},
        customer=True,
    ),
}
"""Table code -> how its records are stored."""
