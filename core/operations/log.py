"""The log of defects: where something broke, never what it was working on."""

from __future__ import annotations

import logging
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path

from sqlalchemy.exc import OperationalError

from core.store.engine import Store

_MEGABYTE = 1_000_000


def log_file(store: Store) -> Path:
    """Where defects are written."""
    return store.data_dir / "logs" / "product.log"


def open_log(store: Store) -> logging.Logger:
    """The logger that writes to `log_file`; the files are turned over, so they never fill a disk."""
    logger = logging.getLogger(f"product.{store.data_dir}")
    if not logger.handlers:
        log_file(store).parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            log_file(store), maxBytes=5 * _MEGABYTE, backupCount=3, encoding="utf-8"
        )
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(process)d %(message)s"))
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
        logger.propagate = False
    return logger


def describe(error: BaseException) -> str:
    """Type and place of an error.

    Its text is left out, since it may quote a cell of somebody's file, except where it comes from the
    operating system or the database's own condition (disk full, connection refused).
    """
    frames = "".join(traceback.format_tb(error.__traceback__))
    text = f": {error}" if isinstance(error, OSError | OperationalError) else ""
    return f"{type(error).__name__}{text}\n{frames}"
