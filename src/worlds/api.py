"""The door: make a world."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from worlds import life, profiles
from worlds.outputs.public import Public
from worlds.profiles.shape import Profile
from worlds.truth.record import Record
from worlds.truth.story import Truth
from worlds.world import Switches, World

Progress = Callable[[int, int], None]


class NotEmptyError(ValueError):
    """The folder holds something that no world has written."""


@dataclass(frozen=True)
class Made:
    """What was made. ``lines`` counts records in public files, by file; ``until`` is the world's last instant, UTC."""

    out: Path
    profile: str
    seed: int
    people: int
    weeks: int
    until: datetime
    lines: dict[str, int]

    @property
    def total(self) -> int:
        """Lines in all public files together."""
        return sum(self.lines.values())


def make(
    *,
    seed: int,
    people: int | None = None,
    months: int | None = None,
    until: str | date = "now",
    profile: str | Profile = "coffee",
    out: str | Path,
    beyond: int = 0,
    truth: bool = True,
    progress: Progress | None = None,
) -> Made:
    """Live a world and write ``out/public`` and, unless ``truth`` is False, ``out/truth``.

    ``people`` and ``months`` default to the profile's own. ``until`` is a date, an ISO date as text, or ``"now"``;
    the world ends at 08:00 in the firm's zone of that day, or of the working day before it (for ``"now"``: the latest
    such moment that has passed). ``profile`` is a name, the path of a TOML file, or a loaded profile. ``progress`` is
    called with (weeks done, weeks in all). With ``beyond`` the same company lives as many days on after ``until``. The
    same arguments give the same bytes on the same minor versions of Python and numpy.

    A folder that holds an earlier world is overwritten; another that is not empty raises ``NotEmptyError``. Raises
    ``profiles.ProfileError`` and ``ValueError`` with a sentence that says what to write instead.
    """
    plan = profile if isinstance(profile, Profile) else profiles.load(profile)
    folder = Path(out)
    _ready(folder)
    world = life.begin(
        plan,
        seed=seed,
        count=plan.people if people is None else people,
        months=plan.months if months is None else months,
        until=_day(until, plan.firm.zone),
        beyond=beyond,
    )
    record = Record(folder / "truth")
    public = Public(world, folder / "public", record)
    variants = life.variants(plan) if truth else [Switches()]
    hidden = Truth(world, folder / "truth", variants) if truth else None
    for book, states in life.lived(world, variants):
        public.write(book)
        if hidden is not None:
            hidden.write(book, states)
        if progress is not None:
            progress(book.week + 1, world.calendar.weeks)
    closed = public.close(states[0])
    record.close()
    if hidden is None:
        shutil.rmtree(folder / "truth")
    else:
        hidden.close(states, public, closed)
    return _made(folder, world, record)


def _made(folder: Path, world: World, record: Record) -> Made:
    lines = {
        file: sum(n for kind, n in account.items() if not kind.startswith(("of_which_", "never_")))
        for file, account in sorted(record.accounts.items())
    }
    return Made(
        out=folder,
        profile=world.profile.name,
        seed=world.seed,
        people=len(world.people),
        weeks=world.calendar.weeks,
        until=datetime.fromtimestamp(world.calendar.end / 1000, UTC),
        lines=lines,
    )


def _ready(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()):
        if not (folder / "truth" / "world.json").is_file():
            raise NotEmptyError(f"{folder} is not empty and holds no world; name an empty folder")
        shutil.rmtree(folder / "truth")
        shutil.rmtree(folder / "public", ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)


def _day(until: str | date, zone: str) -> date:
    """The last day. ``now`` before 08:00 local means yesterday."""
    if isinstance(until, date):
        return until
    if until != "now":
        try:
            return date.fromisoformat(until)
        except ValueError as error:
            raise ValueError(f'until is "now" or a date such as 2026-03-02, not {until!r}') from error
    here = datetime.now(ZoneInfo(zone))
    return here.date() if here.hour >= 8 else date.fromordinal(here.date().toordinal() - 1)
