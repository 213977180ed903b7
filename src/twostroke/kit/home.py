"""The home of an installation: one folder with its database, lake, keys and files. Nothing is kept elsewhere."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

import platformdirs

_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Home:
    """Paths within a home. ``create`` makes what is missing; keys are written once, readable by their owner only."""

    path: Path

    @classmethod
    def chosen(cls) -> Home:
        """The home named by ``TWOSTROKE_HOME``, else the user's data folder for this program."""
        named = os.environ.get("TWOSTROKE_HOME", "")
        return cls(Path(named).expanduser().resolve() if named else platformdirs.user_data_path("twostroke"))

    @property
    def database(self) -> Path:
        return self.path / "twostroke.db"

    @property
    def lake(self) -> Path:
        return self.path / "lake"

    @property
    def heads(self) -> Path:
        return self.path / "heads"

    @property
    def uploads(self) -> Path:
        return self.path / "uploads"

    @property
    def mappings(self) -> Path:
        return self.path / "mappings"

    @property
    def scratch(self) -> Path:
        return self.path / "scratch"

    def free_bytes(self) -> int:
        """How much the disk it lies on has left for this user."""
        disk = os.statvfs(self.path)
        return disk.f_bavail * disk.f_frsize

    def exists(self) -> bool:
        """Whether an installation was made here."""
        return self._key_file("installation").is_file()

    def create(self, installation_key: bytes | None = None) -> None:
        """Make folders and keys that are missing; an existing installation is left as it is.

        ``installation_key``: 32 bytes to use for a new one, where its log comes from elsewhere.
        """
        for folder in (self.path, self.path / "keys", self.lake, self.heads, self.uploads, self.mappings, self.scratch):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._write_key("installation", installation_key)
        self._write_key("web")

    def key(self, name: str) -> bytes:
        """The 32 bytes of a key ("installation" for opaque ids and the chain, "web" for sessions)."""
        return bytes.fromhex(self._key_file(name).read_text("ascii").strip())

    def _key_file(self, name: str) -> Path:
        return self.path / "keys" / f"{name}.key"

    def _write_key(self, name: str, given: bytes | None = None) -> None:
        if self._key_file(name).exists():
            return
        # Not named by the process: in a container every process has the number of the one that was killed before it.
        draft = self._key_file(name).with_suffix(f".{secrets.token_hex(8)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write((secrets.token_bytes(_KEY_BYTES) if given is None else given).hex() + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, self._key_file(name))
        except FileExistsError:
            pass
        finally:
            draft.unlink()
