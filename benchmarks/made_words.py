"""Made-up sentences whose words are as unevenly spread as those of people."""

from __future__ import annotations

import random
from itertools import accumulate, product

SERVICES = (
    "Checkout", "Search", "Accounts", "Payments", "Catalogue", "Basket", "Mail", "Delivery",
    "Images", "Prices", "Reports", "Partner interface",
)  # fmt: skip
SYMPTOMS = (
    "answers slowly", "is down", "shows errors", "loses orders", "times out", "shows old prices",
    "sends nothing", "refuses sign-ins", "rejects cards", "returns empty pages",
)  # fmt: skip
CAUSES = (
    "connection pool exhausted", "certificate expired", "disk full", "memory limit reached",
    "bad configuration rolled out", "index missing", "queue blocked by one message",
    "provider unavailable", "name server answered late", "migration locked a table",
    "cache was empty after a restart", "clock ran ahead", "rate limit of a partner reached",
)  # fmt: skip
REMEDIES = (
    "reverted the change", "restarted the service", "raised the limit", "added capacity",
    "renewed the certificate", "moved traffic away", "switched the feature off",
)  # fmt: skip
COMMON = (
    "the", "a", "of", "and", "to", "in", "is", "for", "on", "we", "error", "service", "customers",
    "pods", "timeout", "still", "again", "seen", "log", "looks", "after", "minutes", "requests",
    "deploy", "database", "checked", "normal", "rising", "asked", "team",
)  # fmt: skip
_SYLLABLES = ("ba", "den", "fi", "gor", "hal", "jun", "ke", "lam", "mo", "nis", "par", "ru")


def made_words() -> tuple[str, ...]:
    """Return words that mean nothing: 12 of two syllables' kind each, 1,728 in all."""
    return tuple("".join(parts) for parts in product(_SYLLABLES, repeat=3))


class Writer:
    """Writes sentences from a source of randomness: the same seed, the same sentences."""

    def __init__(self, rng: random.Random) -> None:
        """Take the words in an order of frequency where the n-th comes 1/n as often."""
        self._rng = rng
        words = [*COMMON, *made_words()]
        self._words = words
        self._weights = list(accumulate(1 / place for place in range(1, len(words) + 1)))

    def sentence(self, count: int) -> str:
        """Return a sentence of `count` words."""
        words = self._rng.choices(self._words, cum_weights=self._weights, k=count)
        return f"{' '.join(words).capitalize()}."

    def line(self) -> str:
        """Return what somebody notes during an incident: some words, at times with a machine."""
        rng = self._rng
        text = self.sentence(rng.randint(4, 16))
        if rng.random() < 0.2:
            kind = rng.choice(("db", "web", "cache", "queue"))
            text = f"{kind}-{rng.randint(1, 40):02d}: {text}"
        if rng.random() < 0.05:
            text = f"{text} https://logs.example/{rng.randrange(16**6):06x}"
        return text

    def paragraph(self, about: str) -> str:
        """Return some sentences, with `about` as one of them."""
        return " ".join((self.sentence(9), about, self.sentence(14), self.sentence(11)))
