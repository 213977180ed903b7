"""How much each source may send, so that a noisy one cannot starve the others. Pure: the clock is given."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Bucket:
    """Tokens that come back at ``rate`` a second, up to ``burst``."""

    rate: float
    burst: float
    tokens: float
    at: float

    def take(self, wanted: float, now: float) -> float:
        """Take tokens; 0 where there were enough, else the seconds to wait, and nothing is taken.

        More than the whole burst is given to a full bucket, which then owes: else it could never be had.
        """
        self.tokens = min(self.burst, self.tokens + (now - self.at) * self.rate)
        self.at = now
        needed = min(wanted, self.burst)
        if self.tokens >= needed:
            self.tokens -= wanted
            return 0.0
        return (needed - self.tokens) / self.rate


@dataclass(slots=True)
class Budgets:
    """A bucket for each source."""

    rate: float
    burst: float
    _buckets: dict[str, Bucket] = field(default_factory=dict)

    def take(self, source: str, wanted: float, now: float) -> float:
        """Seconds this source must wait before it may send as much; 0 where it may now."""
        bucket = self._buckets.get(source)
        if bucket is None:
            bucket = self._buckets[source] = Bucket(self.rate, self.burst, self.burst, now)
        return bucket.take(wanted, now)
