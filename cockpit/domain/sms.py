"""How long a text is as an SMS: the basic alphabet, or UCS-2 when one character needs it."""

from __future__ import annotations

# The basic alphabet of SMS (GSM 03.38); those of its second table take two places.
_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_DOUBLE = frozenset("^{}\\[~]|€\f")
_GSM_ROOM, _GSM_ROOM_JOINED = 160, 153
_UCS_ROOM, _UCS_ROOM_JOINED = 70, 67
_LOOK_ALIKES = str.maketrans(
    {
        "‐": "-",
        "‑": "-",
        "–": "-",
        "—": "-",
        "‘": "'",
        "’": "'",
        "“": '"',
        "”": '"',
        "„": '"',
        "…": "...",
        "\u00a0": " ",
        "\u202f": " ",
    }
)


def sms_length(text: str) -> int:
    """Return the places that a text takes: of the basic alphabet, or of UCS-2 if it must be."""
    return sum(_sizes(text)[0])


def sms_segments(text: str) -> int:
    """Return how many SMS a text takes; one is the least.

    A character of two places is never cut in half, so that a segment may stay one place short.
    """
    sizes, room, joined = _sizes(text)
    if sum(sizes) <= room:
        return 1
    segments, used = 1, 0
    for size in sizes:
        if used + size > joined:
            segments, used = segments + 1, 0
        used += size
    return segments


def first_outside_gsm(text: str) -> str:
    """Return the first character that makes an SMS short of room, empty when there is none."""
    return next((char for char in text if char not in _GSM and char not in _GSM_DOUBLE), "")


def plain_marks(text: str) -> str:
    """Return a text whose printers' dashes, quotes and spaces are those of the basic alphabet.

    A single dash of another kind would turn an SMS of 160 characters into one of 70.
    """
    return text.translate(_LOOK_ALIKES)


def _sizes(text: str) -> tuple[list[int], int, int]:
    """Return each character's places, and the places of a lone and of a joined segment."""
    if not first_outside_gsm(text):
        sizes = [2 if char in _GSM_DOUBLE else 1 for char in text]
        return sizes, _GSM_ROOM, _GSM_ROOM_JOINED
    return [2 if ord(char) > 0xFFFF else 1 for char in text], _UCS_ROOM, _UCS_ROOM_JOINED
