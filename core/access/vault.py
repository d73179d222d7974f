"""The house key: identifying fields are encrypted with it (AES-256-GCM bound to their place), equal values found by
keyed digests, and records signed.

Without the key file nobody can read phones and e-mails again or verify what was signed; back it up apart from the
database.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.errors import Refused
from core.language import mark
from core.store.engine import Store

_KEY_ID = b"\x01"  # first byte of everything sealed: which key opens it, for a later rotation
_NONCE_BYTES = 12


@dataclass(frozen=True)
class Vault:
    """Seals and opens single fields, and signs."""

    key_file: Path
    _key: bytes = field(repr=False)

    def seal(self, value: str, place: str) -> bytes:
        """Encrypt `value`; `place` (table, column and the record's key) must be the same when it is opened."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, value.encode(), place.encode())
        return _KEY_ID + nonce + sealed

    def open(self, sealed: bytes, place: str) -> str:
        """Decrypt what `seal` gave for the same place; refused when either was altered or the key is another."""
        nonce, body = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        try:
            return self._cipher.decrypt(nonce, body, place.encode()).decode()
        except InvalidTag as error:
            raise Refused(
                mark(
                    "A phone or e-mail cannot be opened with the key in {path}. "
                    "Put back the key file that this database was used with."
                ),
                path=self.key_file,
            ) from error

    def index(self, value: str, column: str) -> bytes:
        """A keyed digest of a normalised value: equal values of one column have equal digests."""
        key = self._derived("index:" + column)
        return hmac.new(key, value.encode(), hashlib.sha256).digest()[:16]

    def sign(self, content: bytes, purpose: str) -> str:
        """The HMAC-SHA256 of `content` in hexadecimal, by a key for this purpose alone."""
        return hmac.new(self._derived("sign:" + purpose), content, hashlib.sha256).hexdigest()

    def verify(self, content: bytes, purpose: str, signature: str) -> bool:
        """Whether `sign` gave this signature of the same content for the same purpose."""
        return hmac.compare_digest(self.sign(content, purpose).encode(), signature.encode())

    @cached_property
    def _cipher(self) -> AESGCM:
        return AESGCM(self._derived("seal"))

    def _derived(self, purpose: str) -> bytes:
        return hmac.new(self._key, purpose.encode(), hashlib.sha256).digest()


def key_file(store: Store) -> Path:
    """Where the encryption key lies."""
    return store.data_dir / "keys" / "field.key"


def open_vault(store: Store) -> Vault:
    """The vault of this store. The key is made when none exists; a damaged key file is refused."""
    return _open(key_file(store))


@cache
def _open(path: Path) -> Vault:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        # Exclusive creation: of two processes that start at once only one makes the key.
        with open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(base64.b64encode(os.urandom(32)) + b"\n")
    except FileExistsError:
        pass
    key = base64.b64decode(path.read_bytes())
    if len(key) != 32:
        raise Refused(mark("The encryption key file {path} is damaged."), path=path)
    return Vault(path, key)
