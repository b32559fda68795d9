"""Work beside a screen ends with it: what comes back after it was left is dropped."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Generator
from functools import partial
from types import coroutine
from typing import Any, TypeVar
from weakref import finalize

from textual.worker import Worker

T = TypeVar("T")


def close_after(worker: Worker[T], work: Coroutine[Any, Any, Any]) -> Worker[T]:
    """Close `work` with its worker: one that is replaced before it begins would never be."""
    finalize(worker, work.close).atexit = False
    return worker


@coroutine
def while_live(work: Coroutine[Any, Any, T], is_live: Callable[[], bool]) -> Generator[Any, Any, T]:
    """Do `work`, and end it as if cancelled at the first result that comes when `is_live` is over.

    A screen's workers are cancelled only after its widgets are gone: whatever is awaited may come
    back in between, to a screen that has nothing left to show it in.
    """
    go_on: Callable[[], Any] = partial(work.send, None)
    while True:
        if not is_live():
            work.close()
            raise asyncio.CancelledError("the screen was left")
        try:
            awaited = go_on()
        except StopIteration as end:
            result: T = end.value
            return result
        go_on = partial(work.send, None)
        try:
            yield awaited
        except GeneratorExit:
            work.close()
            raise
        except BaseException as error:
            go_on = partial(work.throw, error)
