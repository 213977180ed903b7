"""The planted stories: what was planted, when, how large it was made, and how large it came out in this world."""

from __future__ import annotations

from typing import Any

import numpy as np

from worlds.book import Book
from worlds.mechanisms.handoffs import FORGOTTEN
from worlds.truth.effects import won
from worlds.world import SELF, State, World

Story = dict[str, Any]


class Told:
    """Collects from week to week what the stories' sizes are counted from."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._cards: list[tuple[int, int, int]] = []
        self._orders = np.zeros((world.calendar.weeks, 2), dtype=np.int64)
        self._waits: dict[str, list[float]] = {}

    def week(self, book: Book, state: State) -> None:
        """Take in a week."""
        cards = book.of("card")
        if cards:
            self._cards += list(
                zip(cards["person"].tolist(), cards["fair"].tolist(), cards["at"].tolist(), strict=True)
            )
        orders = book.of("order")
        if orders:
            self._orders[book.week] = (len(orders["at"]), int(orders["amount"].sum()))
        hands = book.of("handoff")
        if hands:
            self._wait(hands["person"], hands["asked"], hands["at"], hands["verdict"] != FORGOTTEN)

    def _wait(self, person: Any, asked: Any, answered: Any, counts: Any) -> None:
        world = self._world
        seats = world.seller_of[world.people.company[person]]
        keep = (seats != SELF) & counts
        if not keep.any():
            return
        teams = world.team_of_seat[seats[keep]]
        days = world.calendar.local_day(asked[keep], world.zone_of_team[teams]) % 7
        hours = (answered[keep] - asked[keep]) / 3_600_000
        for team, day, waited in zip(teams.tolist(), days.tolist(), hours.tolist(), strict=True):
            if day < 5:
                name = world.profile.teams[team].name
                self._waits.setdefault(f"{name}/{'monday' if day == 0 else 'other'}", []).append(waited)

    def stories(self, states: list[State], effects: Story, credit: Story, drops: list[Story]) -> list[Story]:
        """``stories.json``. Empty where ``strength.stories`` is 0: then nothing was planted."""
        if self._world.profile.strength.stories == 0:
            return []
        found = [self._engines(effects), self._stall(effects, drops), self._claim(effects), *self._mondays(effects)]
        found += [*self._brands(credit), *self._fairs(states[0], effects), self._promotion(effects), self._mailbox()]
        return [story for story in found if story]

    def _from(self, at: float) -> str:
        return self._world.calendar.day(self._world.week_at(at) * 7).isoformat()

    def _engines(self, effects: Story) -> Story:
        return {
            "name": "engines",
            "what": "each segment is won in its own way",
            "effects_by_segment": effects["effects_by_segment"],
        }

    def _stall(self, effects: Story, drops: list[Story]) -> Story:
        plan = self._world.profile.stall
        if not plan.segment:
            return {}
        names = [s.name for s in self._world.profile.segments]
        firms = self._world.companies.segment
        begin = self._world.calendar.day(self._world.week_at(plan.at) * 7)
        mine = [
            d
            for d in drops
            if d["deal"]
            and d["stage"] == plan.stage
            and firms[d["company"]] == names.index(plan.segment)
            and d["at"].date() >= begin
        ]
        caused = [d for d in mine if d["cause"] == plan.cause]
        return {
            "name": "stall",
            "what": f"{plan.segment} stalls at {plan.stage}: {plan.cause}, recorded as {plan.recorded}",
            "from": self._from(plan.at),
            "times": plan.times,
            "lost_there": len(mine),
            "lost_by_cause": len(caused),
            "recorded_so": sum(d["recorded"] == plan.recorded for d in caused),
            "recorded_share": plan.recorded_share,
            "cost": effects["effect_of"]["story_stall"],
        }

    def _claim(self, effects: Story) -> Story:
        for theme in self._world.profile.themes:
            if theme.claim:
                return {
                    "name": "claim",
                    "what": f"the complaint {theme.name!r} became a selling point",
                    "claim": theme.claim,
                    "from": self._from(theme.claim_at),
                    "multiplier_before": theme.concern,
                    "multiplier_after": theme.claim_lift,
                    "effect": effects["effect_of"]["story_claim"],
                }
        return {}

    def _mondays(self, effects: Story) -> list[Story]:
        found = []
        for team in self._world.profile.teams:
            if team.monday_hours:
                monday, other = self._waits.get(f"{team.name}/monday", []), self._waits.get(f"{team.name}/other", [])
                found.append(
                    {
                        "name": "monday",
                        "what": f"{team.name} answers Monday's raised hands late",
                        "hours": team.monday_hours,
                        "mondays": len(monday),
                        "median_hours_monday": _median(monday),
                        "others": len(other),
                        "median_hours_other_weekdays": _median(other),
                        "effect": effects["effect_of"]["story_monday"],
                    }
                )
        return found

    def _brands(self, credit: Story) -> list[Story]:
        return [
            {
                "name": "brand_ads",
                "what": f"{channel.name} wins last touch and adds about nothing",
                "last_touch_minor": credit["last_touch_minor"][channel.name],
                "true_minor": credit["true_minor"][channel.name],
            }
            for channel in self._world.profile.channels
            if channel.judged and channel.weight == 0
        ]

    def _fairs(self, state: State, effects: Story) -> list[Story]:
        found = []
        for number, fair in enumerate(self._world.profile.fairs):
            if not fair.ripens_weeks:
                continue
            cards = [(person, at) for person, which, at in self._cards if which == number]
            firms = {int(self._world.people.company[person]): at for person, at in cards}
            new = won(state)
            days = [(int(state.won_at[firm]) - at) / 86_400_000 for firm, at in firms.items() if new[firm]]
            early = sum(d < fair.ripens_weeks * 7 for d in days)
            found.append(
                {
                    "name": "fair",
                    "what": f"{fair.name} looks dead and wins months later",
                    "from": self._from(fair.at),
                    "ripens_weeks": fair.ripens_weeks,
                    "cards": len(cards),
                    "firms": len(firms),
                    "won": len(days),
                    "won_before_ripe": early,
                    "median_days_to_win": _median(days),
                    "effect": effects["effect_of"]["story_fair"],
                }
            )
        return found

    def _promotion(self, effects: Story) -> Story:
        plan = self._world.profile.promotion
        if not plan.at:
            return {}
        week, span = self._world.week_at(plan.at), plan.weeks

        def between(first: int, last: int) -> dict[str, int]:
            part = self._orders[max(first, 0) : max(last, 0)].sum(axis=0)
            return {"orders": int(part[0]), "minor": int(part[1])}

        return {
            "name": "promotion",
            "what": "lifts its weeks and empties as many after them",
            "from": self._from(plan.at),
            "weeks": span,
            "lift": plan.lift,
            "dip": plan.dip,
            "before": between(week - span, week),
            "during": between(week, week + span),
            "after": between(week + span, week + 2 * span),
            "effect": effects["effect_of"]["story_promotion"],
        }

    def _mailbox(self) -> Story:
        wanted = self._world.profile.dirt.shared_mailbox
        return (
            {
                "name": "mailbox",
                "what": "one reception mailbox stands in the records of several persons",
                "persons": wanted,
            }
            if wanted
            else {}
        )


def _median(values: list[float]) -> float | None:
    return round(float(np.median(values)), 2) if values else None
