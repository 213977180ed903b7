"""What each person shows to tools: cookie, user id, e-mail, context — kept as JSON pieces, and when it is shown."""

from __future__ import annotations

import numpy as np

from worlds.arrays import Ints
from worlds.dirt.identities import Identities, moved
from worlds.luck import BIRTH
from worlds.outputs.segment import quoted
from worlds.texts.names import TITLES
from worlds.truth.record import Record
from worlds.world import World

DESKTOP = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.4 Safari/605.1.15",
    "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0",
)
MOBILE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.5 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36",
)
NETS = ("192.0.2", "198.51.100", "203.0.113")
"""Addresses kept for documentation (RFC 5737)."""

LOCALES = {
    "DE": "de-DE",
    "AT": "de-AT",
    "NL": "nl-NL",
    "FR": "fr-FR",
    "GB": "en-GB",
    "IE": "en-IE",
    "ES": "es-ES",
    "PL": "pl-PL",
    "SE": "sv-SE",
    "IT": "it-IT",
}
NEVER = 2**62


class Pieces:
    """The pieces of every person, and since when the site knows who it is."""

    def __init__(self, world: World, dirt: Identities) -> None:
        self.world, self.dirt = world, dirt
        people = world.people
        count = len(people)
        self.user = [f"u{value >> 20:011x}" for value in world.luck.whole("birth.user", BIRTH, count).tolist()]
        self.device = list(people.device)
        self.known_since = np.full(count, NEVER, dtype=np.int64)
        self.anonymous = [f'"anonymousId":"{device}"' for device in self.device]
        self.named = [f'"anonymousId":"{d}","userId":"{u}"' for d, u in zip(self.device, self.user, strict=True)]
        self.context = self._contexts()
        self._second = [f"{a:016x}" for a in world.luck.whole("birth.device.second", BIRTH, count).tolist()]

    def _contexts(self) -> list[str]:
        world = self.world
        luck = world.luck.uniform("birth.agent", BIRTH, len(world.people)).tolist()
        numbers = (world.luck.uniform("birth.ip", BIRTH, len(world.companies)) * 250).astype(np.int64).tolist()
        library = '"library":{"name":"analytics.js","version":"2.1.0"}'
        result = []
        for index, (company, region, mobile) in enumerate(
            zip(world.people.company.tolist(), world.people.region.tolist(), world.people.mobile.tolist(), strict=True)
        ):
            agents = MOBILE if mobile else DESKTOP
            place = world.profile.regions[region]
            ip = f"{NETS[company % 3]}.{numbers[company] + 1}"
            result.append(
                f'{library},"ip":"{ip}","locale":"{LOCALES.get(place.country, "en-GB")}","timezone":"{place.zone}",'
                f'"userAgent":{quoted(agents[int(luck[index] * len(agents))])}'
            )
        return result

    def turn(self, week: int, record: Record) -> None:
        """New devices of this week: the site no longer knows who it is."""
        for person in np.flatnonzero(self.dirt.new_device & (self.dirt.device_week == week)).tolist():
            record.speck("segment/web.jsonl", self._second[person], "new_device", person, self.device[person])
            self.device[person] = self._second[person]
            self.anonymous[person] = f'"anonymousId":"{self.device[person]}"'
            self.named[person] = f'"anonymousId":"{self.device[person]}","userId":"{self.user[person]}"'
            self.known_since[person] = NEVER

    def email(self, person: int, week: int) -> str:
        """The address the person gives the site in that week."""
        people = self.world.people
        if self.dirt.changed[person] and week >= self.dirt.changed_week[person]:
            return moved(people.first[person], people.last[person], people.email[person])
        return people.email[person]

    def title(self, person: int) -> str:
        """The job title; empty for a household."""
        world = self.world
        style = world.profile.segments[int(world.people.segment[person])].style
        titles = TITLES[style][int(world.people.role[person])]
        return titles[person % len(titles)]

    def traits(self, person: int, week: int) -> str:
        """The traits of an identify call, as JSON."""
        world = self.world
        company = int(world.people.company[person])
        found: dict[str, object] = {
            "email": self.email(person, week),
            "firstName": world.people.first[person],
            "lastName": world.people.last[person],
        }
        if world.companies.name[company]:
            found["company"] = {"name": world.companies.name[company], "employees": int(world.companies.desks[company])}
            found["title"] = self.title(person)
        if world.people.phone[person] and person % 3 == 0:
            found["phone"] = world.people.phone[person]
        return quoted(found)

    def identified(self, person: Ints, at: Ints) -> None:
        """From these instants on the site knows these persons."""
        np.minimum.at(self.known_since, person, at)
