"""Run by Alembic: batch mode for SQLite, on the connection that `core.store.migrate` hands over."""

from typing import Any, Literal

from alembic import context

from core.store.records import Base, UtcDateTime


def _render(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write instants as plain SQL types: a migration must not change when the product's types do."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    render_item=_render,
)
context.run_migrations()
