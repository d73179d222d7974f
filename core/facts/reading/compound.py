"""Streams of a compound file, the container of .xls workbooks. Tolerates nothing: damage raises ValueError."""

from __future__ import annotations

import struct

_FREE = 0xFFFFFFFA
"""Sector numbers from here on are marks, not places."""
_IN_HEADER = 109
"""Places of sectors of the allocation table that stand in the header itself."""


class CompoundFile:
    """The content of a compound file, by the names of its streams."""

    def __init__(self, content: bytes) -> None:
        """Read the allocation tables and the directory."""
        try:
            self._content = content
            self._size = 1 << struct.unpack_from("<H", content, 30)[0]
            first_directory, cutoff, first_mini = struct.unpack_from("<I4xII", content, 48)
            self._cutoff = cutoff
            self._table = self._numbers(self._table_sectors())
            directory = b"".join(map(self._sector, self._chain(first_directory, self._table)))
            self._entries = [directory[at : at + 128] for at in range(0, len(directory) - 127, 128)]
            self._mini = self._numbers(self._chain(first_mini, self._table))
            start, size = struct.unpack_from("<IQ", self._entries[0], 116)
            whole = b"".join(map(self._sector, self._chain(start, self._table)))
            self._mini_stream = whole[: size & 0xFFFFFFFF]
        except (struct.error, IndexError, OverflowError) as error:
            raise ValueError("not a whole compound file") from error

    def stream(self, *names: str) -> bytes:
        """The content of the first stream that has one of the names."""
        for entry in self._entries:
            length = int.from_bytes(entry[64:66], "little")
            name = entry[: max(length - 2, 0)].decode("utf-16-le", "replace")
            if entry[66] == 2 and name in names:
                start, size = struct.unpack_from("<II", entry, 116)
                return self._read(start, size)
        raise ValueError("no such stream")

    def _read(self, start: int, size: int) -> bytes:
        if size >= self._cutoff:
            return b"".join(map(self._sector, self._chain(start, self._table)))[:size]
        places = self._chain(start, self._mini)
        return b"".join(self._mini_stream[place * 64 : place * 64 + 64] for place in places)[:size]

    def _sector(self, number: int) -> bytes:
        at = (number + 1) * self._size
        if at >= len(self._content):
            raise ValueError("a sector lies outside the file")
        return self._content[at : at + self._size]

    def _chain(self, start: int, table: list[int]) -> list[int]:
        places: list[int] = []
        while start < _FREE:
            if start >= len(table) or len(places) > len(table):
                raise ValueError("a chain of sectors has no end")
            places.append(start)
            start = table[start]
        return places

    def _numbers(self, sectors: list[int]) -> list[int]:
        content = b"".join(map(self._sector, sectors))
        return list(struct.unpack(f"<{len(content) // 4}I", content[: len(content) // 4 * 4]))

    def _table_sectors(self) -> list[int]:
        """The sectors of the allocation table: some stand in the header, the rest in sectors of their own."""
        (count,) = struct.unpack_from("<I", self._content, 44)
        more, _ = struct.unpack_from("<II", self._content, 68)
        places = list(struct.unpack_from(f"<{_IN_HEADER}I", self._content, 76))
        while more < _FREE and len(places) < count:
            *further, more = self._numbers([more])
            places += further
        return [place for place in places[:count] if place < _FREE]
