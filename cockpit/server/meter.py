"""What the server counts of itself, as Prometheus reads it."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping

_BOUNDS = (0.01, 0.05, 0.25, 1.0, 5.0)
_HELP = "# HELP cockpit_calls_total Calls that this one process answered since it started."


class Meter:
    """Counts calls and how long they took."""

    def __init__(self, process: str = "") -> None:
        """Begin at zero; process: named with every figure where several share one address."""
        self._process = process
        self._calls: Counter[tuple[str, int]] = Counter()
        self._seconds: Counter[str] = Counter()
        self._within: Counter[tuple[str, int]] = Counter()

    def note(self, call: str, status: int, seconds: float) -> None:
        """Count a call that was answered."""
        self._calls[call, status] += 1
        self._seconds[call] += seconds  # type: ignore[assignment]
        self._within[call, bisect_left(_BOUNDS, seconds)] += 1

    def write(self, gauges: Mapping[str, float]) -> str:
        """Return everything as text, with `gauges` beside it."""
        own = f'process="{self._process}"' if self._process else ""
        alone, also = (f"{{{own}}}", f",{own}") if own else ("", "")
        lines = [_HELP, "# TYPE cockpit_calls_total counter"]
        lines += [
            f'cockpit_calls_total{{call="{call}",status="{status}"{also}}} {count}'
            for (call, status), count in sorted(self._calls.items())
        ]
        lines.append("# TYPE cockpit_call_seconds histogram")
        for call, seconds in sorted(self._seconds.items()):
            count = sum(n for (name, _), n in self._calls.items() if name == call)
            lines += [
                f'cockpit_call_seconds_bucket{{call="{call}",le="{bound}"{also}}} '
                f"{sum(self._within[call, each] for each in range(place + 1))}"
                for place, bound in enumerate(_BOUNDS)
            ]
            lines += [
                f'cockpit_call_seconds_bucket{{call="{call}",le="+Inf"{also}}} {count}',
                f'cockpit_call_seconds_sum{{call="{call}"{also}}} {seconds:.6f}',
                f'cockpit_call_seconds_count{{call="{call}"{also}}} {count}',
            ]
        for name, value in gauges.items():
            lines += [f"# TYPE cockpit_{name} gauge", f"cockpit_{name}{alone} {value}"]
        return "\n".join(lines) + "\n"
