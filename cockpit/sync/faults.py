"""What can go wrong on the way to a server: which of it passes by itself, which needs a person."""

from __future__ import annotations

from cockpit.errors import SyncError

MAX_RETRY_AFTER_S = 600.0
"""The longest pause that a server may ask for."""


class StoppedError(SyncError):
    """The call was given up because the cockpit stops."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("The exchange was stopped.")


class UnreachableError(SyncError):
    """No server of ours answered: no network, no such name, TLS failed, a sign-in page."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        """Keep the code: "offline", "timeout", "tls", "portal" or "too_long"."""
        super().__init__(message, hint)
        self.code = code


class TroubledError(SyncError):
    """The server answered, but could not do it now.

    retry_after_s: how long it asks to wait, 0 where it does not say.
    """

    def __init__(self, message: str, retry_after_s: float = 0.0) -> None:
        """Keep the wait, cut to what is sensible."""
        super().__init__(message, "It is tried again by itself.")
        self.retry_after_s = min(max(0.0, retry_after_s), MAX_RETRY_AFTER_S)


class RefusedError(SyncError):
    """The server will not have us: a person has to act; `code` is the protocol's."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        """Keep the code."""
        super().__init__(message, hint)
        self.code = code


class RewoundError(SyncError):
    """The server's history is another one than the one that is here."""

    def __init__(self) -> None:
        """Say what follows."""
        super().__init__(
            "The server lost a part of its history.", "It gets back what is here; nothing is lost."
        )


class TooLargeError(SyncError):
    """A push was larger than the server takes at once."""


class MalformedError(SyncError):
    """The server cannot read what was sent; `code` is the protocol's."""

    def __init__(self, code: str, message: str) -> None:
        """Keep the code."""
        super().__init__(message)
        self.code = code
