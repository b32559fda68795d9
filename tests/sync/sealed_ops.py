"""Events and keys that the tests of encryption share."""

from __future__ import annotations

from cockpit.domain.envelope import Op

KEY = bytes(range(32))
OTHER_KEY = bytes(range(32, 64))
NONCE = bytes(range(12))
INC = "1" * 32
ENTRY = "2" * 32

ADDED = Op(
    ENTRY,
    INC,
    "entry.add",
    "019a2f3c4d5e-0003-ab12cd34",
    "ab12cd34",
    "ana",
    '{"at":"2026-03-04T12:00:00Z","text":"pool exhausted – 12 % left"}',
    -12,
)


def fixed_nonce(count: int) -> bytes:
    """Return the same bytes every time, which only a test may do."""
    return NONCE[:count]
