"""Runs one Patroni node that may lose its leader sooner than Patroni's own lower limit of 20 s.

Usage: python -m tests.engines.patroni_node CONFIG. The limit protects busy production machines;
a test that waits for a failover has no use for it.
"""

from __future__ import annotations

import sys

from patroni import config
from patroni.__main__ import main

if __name__ == "__main__":
    assert hasattr(config.Config, "_validate_and_adjust_timeouts"), "Patroni's limit has moved."
    config.Config._validate_and_adjust_timeouts = lambda self, values: None
    sys.exit(main())
