"""The keys of entries (interactions, answers, ...) that two customers have in the same words, once they are one. Pure.

A key is a digest of all values. The entry that comes to a customer who has it already gets the next free key; so how
often a customer has an entry can be counted from its digest on.
"""

from __future__ import annotations

from collections.abc import Container, Sequence

_KEYS = 1 << 62


def next_key(key: int) -> int:
    """The key that an entry gets whose key is taken: one that no digest is likely to have."""
    return (key + 1) % _KEYS


def fitting(digests: Sequence[int], stored: Container[int]) -> list[int]:
    """The keys of rows that say the same, whose digests these are: those of stored entries that say it too, as far as
    there are any, else digests that are free."""
    known: list[int] = []
    for digest in digests:
        key = digest
        while key in stored:
            known.append(key)
            key = next_key(key)
    free = [digest for digest in digests if digest not in stored]
    return [*known, *free][: len(digests)]
