"""What happens before the first request: schema, policy, key; and what the terminal says."""

from __future__ import annotations

from core.access.queries import somebody_can_sign_in
from core.access.service import first_link
from core.access.sessions import LINK_LIFE
from core.access.vault import key_file, open_vault
from core.clock import now
from core.language import Message, language_of_terminal, mark, translate
from core.policy.service import record_default_policy
from core.store.engine import Store
from core.store.migrate import migrate


def prepare(store: Store) -> None:
    """Bring the database to the newest schema, record the first policy, make the encryption key."""
    migrate(store)
    record_default_policy(store, now=now())
    open_vault(store)


def greeting(store: Store, address: str) -> list[Message]:
    """What to tell on the terminal: where the key lies and, while nobody can sign in, the first link."""
    lines = [
        Message(
            mark(
                "Encryption key: {path}. Keep a copy elsewhere: without it phones and e-mails are lost for good."
            ),
            {"path": str(key_file(store))},
        )
    ]
    if not somebody_can_sign_in(store):
        lines.append(link_line(address, first_link(store, now=now())))
    return lines


def link_line(address: str, token: str) -> Message:
    """The sentence that hands out a sign-in link at `address` (scheme and host, without a slash at the end)."""
    return Message(
        mark("Sign in as the first administrator within {minutes} minutes: {link}"),
        {"minutes": int(LINK_LIFE.total_seconds() // 60), "link": f"{address}/link/{token}"},
    )


def say(lines: list[Message]) -> None:
    """Print the lines in the language of the terminal."""
    language = language_of_terminal()
    for line in lines:
        print(translate(line, language), flush=True)
