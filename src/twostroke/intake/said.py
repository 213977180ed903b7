"""What a file said of each of its records so far, in 16 bytes a record: a file may have millions of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# So many newest ones lie in an ordinary dict, which is quicker; small files never need more.
_NEWEST = 1 << 16


class Said:
    """Maps a record to the version last said of it, both as at most 64 bits.

    The newest lie in a dict. When there are many, they move into two sorted arrays, where a slice of a file is looked
    up at once.
    """

    __slots__ = ("_newest", "_sorted")

    def __init__(self) -> None:
        self._newest: dict[int, int] = {}
        self._sorted: tuple[NDArray[np.uint64], NDArray[np.uint64]] | None = None  # records, versions

    def __contains__(self, record: object) -> bool:
        return isinstance(record, int) and bool(self.of((record,)))

    def of(self, records: Iterable[int]) -> dict[int, int]:
        """What was said last of these records; those nothing was said of are left out."""
        newest, found, older = self._newest, dict[int, int](), list[int]()
        for record in records:
            version = newest.get(record)
            if version is None:
                older.append(record)
            else:
                found[record] = version
        if older and self._sorted is not None:
            found.update(_looked_up(older, *self._sorted))
        return found

    def update(self, said: Mapping[int, int]) -> None:
        """Note what was said now."""
        self._newest.update(said)
        if len(self._newest) >= _NEWEST:
            self._settle()

    def _settle(self) -> None:
        import numpy as np  # loaded only where a file is large: it costs each start of the program a tenth of a second

        records = np.fromiter(self._newest.keys(), np.uint64, len(self._newest))
        versions = np.fromiter(self._newest.values(), np.uint64, len(self._newest))
        if self._sorted is not None:
            kept = ~np.isin(self._sorted[0], records)
            records = np.concatenate((self._sorted[0][kept], records))
            versions = np.concatenate((self._sorted[1][kept], versions))
        order = np.argsort(records)
        self._sorted, self._newest = (records[order], versions[order]), {}


def _looked_up(
    wanted: list[int], records: NDArray[np.uint64], versions: NDArray[np.uint64]
) -> Iterable[tuple[int, int]]:
    import numpy as np

    names = np.array(wanted, dtype=np.uint64)
    places = np.searchsorted(records, names)
    places[places == len(records)] = 0
    here = records[places] == names
    return zip(names[here].tolist(), versions[places[here]].tolist(), strict=True)
