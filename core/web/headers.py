"""Security headers, added to every answer that does not set them itself."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Send

APP_POLICY = "; ".join(
    (
        "default-src 'self'",
        # Streamlit starts from an inline script, and its components are loaded from blobs.
        "script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline' blob:",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "media-src 'self' data: blob:",
        "worker-src 'self' blob:",
        "connect-src 'self' blob: data:",
        "frame-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
"""What Streamlit and its components need, and nothing from elsewhere."""

OWN_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
"""Our own pages before sign-in: no scripts at all."""

_HEADERS = {
    "content-security-policy": APP_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # Links hold tokens, so no address goes to another site. "no-referrer" would also blank the Origin of
    # our own forms, by which forged ones are told apart.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}


def with_headers(send: Send) -> Send:
    """`send`, adding the headers that are missing to the start of an answer."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sending
