"""``segment/web.jsonl``: page, identify, track and group calls of the site; bots among them; one tablet at fairs."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

from worlds.arrays import Ints
from worlds.book import Book
from worlds.dirt import machines
from worlds.dirt.identities import FORWARD_AFTER, forwarded
from worlds.luck import BIRTH
from worlds.mechanisms import market
from worlds.mechanisms.pull import ORGANIC, touches
from worlds.mechanisms.visits import ASKED, BOUGHT, LEFT_ADDRESS
from worlds.outputs.pieces import Pieces
from worlds.outputs.segment import Stream, quoted
from worlds.texts import site
from worlds.truth.record import Record
from worlds.world import World

HOW = 3
FORMS = {ASKED: "Ask for a price", BOUGHT: "Order a machine", LEFT_ADDRESS: "Paper: care and cleaning"}
LIBRARY = '"library":{"name":"analytics.js","version":"2.1.0"}'


class Batch(NamedTuple):
    """Messages of one kind, ready but for their stamps."""

    at: Ints
    person: Ints
    heads: list[str]
    kind: str
    channel: list[str]
    added: str | None


class Web:
    """Writes the site's messages."""

    def __init__(self, world: World, root: Path, record: Record, pieces: Pieces) -> None:
        self._world, self._record, self._pieces = world, record, pieces
        self._stream = Stream(world, root, "web", record)
        self._names = [*touches(world), "direct"]
        self._base = f"https://www.{world.profile.firm.domain}"
        self._pages = [self._page(name, path) for name, path, _, _ in site.PAGES]
        self._tablets = [f"{number:016x}" for number in world.luck.whole("dirt.tablet", BIRTH, 20).tolist()]
        self._bots_devices = [f"{number:016x}" for number in world.luck.whole("dirt.bots.device", BIRTH, 7).tolist()]

    def _page(self, name: str, path: str) -> str:
        title = quoted(f"{name} | {self._world.profile.firm.name}")
        return f'"name":{quoted(name)},"properties":{{"path":"{path}","title":{title},"url":"{self._base}{path}'

    def _campaigns(self, week: int) -> list[tuple[str, str]]:
        """By touch: the query of the landing page, and the campaign piece of the context."""
        result = []
        for channel in self._world.profile.channels:
            campaign = channel.campaigns[week % len(channel.campaigns)] if channel.campaigns else channel.name
            slug = campaign.lower().replace(" ", "-").replace(",", "")
            query = f"?utm_source={channel.platform}&utm_medium={channel.medium}&utm_campaign={slug}"
            piece = quoted({"name": slug, "source": channel.platform, "medium": channel.medium})
            result.append((query, f',"campaign":{piece}'))
        mail = (
            "?utm_source=newsletter&utm_medium=email",
            ',"campaign":{"name":"newsletter","source":"newsletter","medium":"email"}',
        )
        return [*result, ("", ""), mail, ("", ""), ("", "")]

    def write(self, book: Book) -> None:
        """Write this week's messages."""
        if market.claim_published(self._world, book.week):
            self._pages[HOW] = self._page(*site.CLAIM_PAGE)
        self._pieces.turn(book.week, self._record)
        batches = [*self._forms(book), *self._tablet(book), *self._forwarded(book)]
        pages = book.of("page")
        if pages:
            batches.append(self._views(book.week, pages))
        batches += self._bots(book.week, len(pages["at"]) if pages else 0)
        if not batches:
            return
        at = np.concatenate([batch.at for batch in batches])
        person = np.concatenate([batch.person for batch in batches])
        keys = self._stream.ids(book.week, len(at))
        heads: list[str] = []
        added: list[str | None] = []
        place = 0
        while batches:
            batch = batches.pop(0)
            mine = keys[place : place + len(batch.heads)]
            heads += [head % key for head, key in zip(batch.heads, mine, strict=True)]
            added += [batch.added] * len(batch.heads)
            place += len(batch.heads)
            if batch.added is None:
                company = self._world.people.company[batch.person]
                self._record.clean(
                    self._stream.name, batch.kind, batch.at, batch.person, company, mine, channel=batch.channel
                )
        self._stream.write(book.week, at, person, keys, heads, added)

    def _views(self, week: int, rows: dict[str, Ints]) -> Batch:
        pieces, campaigns = self._pieces, self._campaigns(week)
        person, at, source = rows["person"], rows["at"], rows["source"]
        named = (at >= pieces.known_since[person]).tolist()
        landing = rows["first"].tolist()
        heads = []
        for who, page, touch, first, known in zip(
            person.tolist(), rows["page"].tolist(), source.tolist(), landing, named, strict=True
        ):
            query, campaign = campaigns[touch] if first else ("", "")
            referrer = "https://websearch.example/" if first and self._names[touch] == ORGANIC else ""
            heads.append(
                f'{{"type":"page","messageId":"%s",{pieces.named[who] if known else pieces.anonymous[who]},'
                f'{self._pages[page]}{query}",'
                f'"referrer":"{referrer}","search":"{query}"}},"context":{{{pieces.context[who]}{campaign}}}'
            )
        return Batch(at, person, heads, "page.viewed", [self._names[touch] for touch in source.tolist()], None)

    def _forms(self, book: Book) -> list[Batch]:
        rows = book.of("form")
        mails = book.of("mail")
        pieces, week = self._pieces, book.week
        found: list[Batch] = []
        if rows:
            person, at, goal = rows["person"], rows["at"], rows["goal"]
            pieces.identified(person, at)
            found.append(self._identify(week, person, at))
            asked = [FORMS[number] for number in goal.tolist()]
            heads = [
                f'{{"type":"track","messageId":"%s",{pieces.named[who]},"event":"Form Submitted",'
                f'"properties":{{"form":{quoted(form)},'
                f'"consent":true}},"context":{{{pieces.context[who]}}}'
                for who, form in zip(person.tolist(), asked, strict=True)
            ]
            found.append(Batch(at + 400, person, heads, "form.submitted", ["direct"] * len(heads), None))
            group = goal == ASKED
            found.append(self._group(person[group], at[group] + 700))
        if mails:
            pressed = (mails["what"] == "clicked") & (pieces.known_since[mails["person"]] == 2**62)
            person, at = mails["person"][pressed], mails["at"][pressed] + 1_600
            pieces.identified(person, at)
            inside = at < self._world.calendar.end
            found.append(self._identify(week, person[inside], at[inside]))
        return found

    def _identify(self, week: int, person: Ints, at: Ints) -> Batch:
        pieces = self._pieces
        heads = [
            f'{{"type":"identify","messageId":"%s",{pieces.named[who]},'
            f'"traits":{pieces.traits(who, week).replace("%", "%%")},'
            f'"context":{{{pieces.context[who]}}}'
            for who in person.tolist()
        ]
        for who in person[pieces.dirt.changed[person]].tolist():
            if pieces.email(who, week) != self._world.people.email[who]:
                self._record.speck(
                    self._stream.name, pieces.email(who, week), "changed", who, self._world.people.email[who]
                )
        return Batch(at, person, heads, "person.identified", ["direct"] * len(heads), None)

    def _group(self, person: Ints, at: Ints) -> Batch:
        world, pieces = self._world, self._pieces
        heads = []
        for who in person.tolist():
            company = int(world.people.company[who])
            traits = quoted(
                {
                    "name": world.companies.name[company],
                    "website": world.companies.domain[company],
                    "employees": int(world.companies.desks[company]),
                }
            ).replace("%", "%%")
            heads.append(
                f'{{"type":"group","messageId":"%s",{pieces.named[who]},"groupId":"{world.companies.domain[company]}","traits":{traits},'
                f'"context":{{{pieces.context[who]}}}'
            )
        return Batch(at, person, heads, "company.described", ["direct"] * len(heads), None)

    def _bots(self, week: int, human: int) -> list[Batch]:
        at, bot, page = machines.bot_views(self._world, week, human)
        heads = [
            f'{{"type":"page","messageId":"%s","anonymousId":"{self._bots_devices[who]}",{self._pages[where]}","referrer":"","search":""}},'
            f'"context":{{{LIBRARY},"ip":"203.0.113.{who + 1}",'
            f'"userAgent":{quoted(machines.AGENTS[who % len(machines.AGENTS)])}}}'
            for who, where in zip(bot.tolist(), page.tolist(), strict=True)
        ]
        return [Batch(at, np.full(len(at), -1, dtype=np.int64), heads, "", [], "bots")] if heads else []

    def _forwarded(self, book: Book) -> list[Batch]:
        """A colleague opens a forwarded mail: the link names the first reader, the cookie is the colleague's."""
        mails = book.of("mail")
        if not mails:
            return []
        clicked = mails["what"] == "clicked"
        person, at = mails["person"][clicked], mails["at"][clicked] + FORWARD_AFTER + 1_200
        again, colleague = forwarded(self._world, book.week, person)
        again &= at < self._world.calendar.end
        person, at, colleague = person[again], at[again], colleague[again]
        pieces = self._pieces
        heads = [
            f'{{"type":"identify","messageId":"%s","anonymousId":"{pieces.device[other]}","userId":"{pieces.user[who]}",'
            f'"traits":{{"email":"{pieces.email(who, book.week)}"}},"context":{{{pieces.context[other]}}}'
            for who, other in zip(person.tolist(), colleague.tolist(), strict=True)
        ]
        return [Batch(at, colleague, heads, "", [], "forwarded")] if heads else []

    def _tablet(self, book: Book) -> list[Batch]:
        """Visitors of a stand type their address on one tablet: one cookie, many persons."""
        rows = book.of("card")
        if not rows or not self._world.profile.dirt.tablet:
            return []
        fair = int(rows["fair"][0])
        tablet, pieces = self._tablets[fair], self._pieces
        person = rows["person"]
        heads = [
            f'{{"type":"identify","messageId":"%s","anonymousId":"{tablet}","userId":"{pieces.user[who]}",'
            f'"traits":{pieces.traits(who, book.week).replace("%", "%%")},"context":{{{LIBRARY},"ip":"203.0.113.200"}}'
            for who in person.tolist()
        ]
        for who in person.tolist():
            self._record.speck(self._stream.name, tablet, "shared_tablet", who, self._world.profile.fairs[fair].name)
        return [Batch(rows["at"] + 60_000, person, heads, "person.identified", ["fair"] * len(heads), None)]

    def close(self) -> None:
        """Write what is still on its way."""
        self._stream.close()
