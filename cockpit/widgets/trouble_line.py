"""The line that stands on a screen for as long as nothing can be recorded."""

from __future__ import annotations

from cockpit.widgets.quiet_line import QuietLine


def trouble_words(sentence: str) -> str:
    """Return what a screen says while nothing can be recorded, `sentence` being the reason."""
    kept = "" if "kept" in sentence else " What you typed is kept."
    return f"! Not recording: {sentence}{kept}"


class TroubleLine(QuietLine):
    """Takes no room while all is well."""

    DEFAULT_CSS = """
    TroubleLine { height: 1; padding: 0 1; display: none; }
    TroubleLine.-says { display: block; }
    """

    def say(self, sentence: str) -> None:
        """Say why nothing can be recorded; an empty sentence says nothing."""
        self.show(trouble_words(sentence) if sentence else "", "late")
        self.set_class(bool(sentence), "-says")
