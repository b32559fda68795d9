"""Keys one at a time: what is typed ahead waits for what the key before it brings up."""

from __future__ import annotations

from asyncio import TimerHandle, get_running_loop
from collections import deque

from textual import events
from textual.app import App
from textual.message import Message
from textual.widget import Widget

_LONGEST_SECONDS = 0.5
_ROUNDS = 3
"""A key may set messages going (a line is entered, heard, cleared); each round lets one arrive."""


class KeyDone(Message):
    """A key has gone its way; this follows it through the same widgets, up to the app."""

    def __init__(self, number: int, target: Widget, rounds: int = _ROUNDS) -> None:
        """Keep which key it was, counted from the start, who got it, and the rounds to come."""
        super().__init__()
        self.number = number
        self.target = target
        self.rounds = rounds

    def send(self) -> bool:
        """Begin the way at who got the key; False where that is gone."""
        return self.rounds > 0 and self.target.post_message(self)


class TypedAhead(App[int]):
    """Hands a key out once the one before it was acted upon, wherever the keyboard is by then.

    The library hands all keys at once to the widget that has the keyboard. Of "n" and a sentence in
    one burst, as over a slow line, the sentence would come to act as keys.
    """

    def __init__(self) -> None:
        """Begin with no key under way."""
        self._ahead: deque[events.Key | events.Paste] = deque()
        self._number = 0
        self._under_way = False
        self._field: Widget | None = None
        self._late: TimerHandle | None = None
        super().__init__()

    async def on_event(self, event: events.Event) -> None:
        """Let a key wait for its turn; everything else goes on as ever."""
        if not isinstance(event, events.Key | events.Paste) or event.is_forwarded:
            await super().on_event(event)
        elif self._under_way:
            self._ahead.append(event)
        else:
            await self._take(event)

    async def _take(self, event: events.Key | events.Paste) -> None:
        """Hand out a key; any but a letter first waits for the letters before it."""
        field, self._field = self._field, None
        if self._is_letter(event):
            self._field = self.focused
            await super().on_event(event)
        elif field is not None:
            self._ahead.appendleft(event)
            self._wait_for(field)
        else:
            target = self.focused or self.screen
            self._under_way = True
            await super().on_event(event)
            self._wait_for(target)

    def _is_letter(self, event: events.Key | events.Paste) -> bool:
        """Say whether a key only puts a letter into a field, where the next letter goes as well.

        Letters stay in their order without waiting, and there are hundreds for any other key.
        """
        field = self.focused
        return (
            isinstance(event, events.Key)
            and field is not None
            and field.check_consume_key(event.key, event.character)
        )

    def _wait_for(self, target: Widget) -> None:
        """Hand out nothing until all is done that the last key has set going at `target`."""
        self._under_way = True
        self._number += 1
        # A widget that is taken away with the key in its hands answers no more.
        wait = get_running_loop().call_later
        self._late = wait(_LONGEST_SECONDS, self._end_wait, self._number)
        if not KeyDone(self._number, target).send():
            self._end_wait(self._number)

    def on_key_done(self, message: KeyDone) -> None:
        """Hand out the next key after all that this one has set going."""
        if not KeyDone(message.number, message.target, message.rounds - 1).send():
            self._end_wait(message.number)

    def _end_wait(self, number: int) -> None:
        self.call_later(self._next_keys, number)

    async def _next_keys(self, number: int) -> None:
        if number != self._number or not self._under_way:
            return
        if self._late is not None:
            self._late.cancel()
        self._under_way = False
        while self._ahead and not self._under_way:
            await self._take(self._ahead.popleft())
