"""What one file may cost before it is refused."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Limits of reading one file. A 25 MB workbook of 541,000 rows x 8 columns needs about a fifth of each."""

    file_bytes: int = 100 * MIB
    """Size of the file as uploaded."""
    members: int = 2_000
    """Parts inside an .xlsx archive."""
    inflated_bytes: int = 1024 * MIB
    """All parts of an .xlsx together once unpacked, as declared and as counted."""
    ratio: int = 200
    """Unpacked bytes per packed byte, once above `ratio_from`; real sheets stay under 60."""
    ratio_from: int = 64 * MIB
    columns: int = 500
    cells: int = 20_000_000
    """Rows x columns of the used area."""
    error_cells: int = 200_000
    """Cells that show an error, or a formula without a saved result."""
    memory_bytes: int = 2048 * MIB
    """Address space of the child process."""
    seconds: int = 300
    """Wall clock time of the child process; 25 MB take some 10 seconds, on a busy machine 30."""


DEFAULT_LIMITS = Limits()
