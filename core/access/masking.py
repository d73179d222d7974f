"""Masking of identifying values the way it is usual in China: enough to recognise, too little to use."""

from __future__ import annotations


def mask_name(name: str) -> str:
    """`张伟` becomes `张*`, `欧阳娜娜` `欧***`, `Alice` `A****`."""
    return name[:1] + "*" * (len(name) - 1) if name else name


def mask_phone(phone: str) -> str:
    """`13812345678` becomes `138****5678`; a short number keeps only its last two digits."""
    return f"{phone[:-8]}****{phone[-4:]}" if len(phone) >= 11 else "****" + phone[-2:]


def mask_email(email: str) -> str:
    """`zhangwei@example.com` becomes `z***@example.com`."""
    local, at, domain = email.partition("@")
    return f"{local[:1]}***{at}{domain}"


def mask_text(text: str) -> str:
    """`wx_zhang` becomes `w***`: of a text whose kind is not known only the first character is shown."""
    return f"{text[:1]}***" if text else text
