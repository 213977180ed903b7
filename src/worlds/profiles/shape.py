"""What a profile may say: every key, its unit and its default. ``docs/reference/worlds-profiles.md`` is checked
against it."""

from __future__ import annotations

from dataclasses import dataclass, field

HOLIDAYS = ("01-01", "easter-2", "easter+1", "05-01", "easter+39", "easter+50", "12-25", "12-26")


@dataclass(frozen=True)
class Rates:
    """The terms of the hazard equation for one move, in moves per week (see ``worlds.hazard``)."""

    base: float = 0.0  # without any help
    pull: float = 0.0  # at full pull level
    push: float = 0.0  # at full push level
    both: float = 0.0  # at full level of both: what neither does alone


@dataclass(frozen=True)
class Firm:
    """The company whose life it is."""

    name: str  # its name
    domain: str  # its domain, best under .example
    what: str = "goods"  # what it sells
    zone: str = "Europe/Berlin"  # its time zone; worlds end at 08:00 there
    currency: str = "EUR"  # ISO 4217
    opens: str = "08:30"  # when work begins, local
    closes: str = "17:30"  # when work ends, local
    holidays: list[str] = field(default_factory=lambda: list(HOLIDAYS))  # `05-01`, or days from Easter: `easter+39`
    crm: list[str] = field(default_factory=lambda: ["hubspot", "salesforce"])  # exports; either alone tells all


@dataclass(frozen=True)
class Region:
    """A part of the market: ads and sellers are given by region."""

    name: str  # its name
    country: str  # two letters; chooses names and phones
    zone: str = "Europe/Berlin"  # its time zone
    share: float = 1.0  # of firms, relative


@dataclass(frozen=True)
class Segment:
    """A kind of buyer: an engine of its own."""

    name: str  # its name in the profile
    label: str  # its name in the CRM
    share: float = 1.0  # of firms, relative
    style: str = "office"  # how firms are named: office, hotel, cafe, plant, household
    route: str = "sales"  # sales: sellers carry it; self_serve: the webshop does
    outbound: bool = False  # sellers also call strangers
    committee: list[int] = field(default_factory=lambda: [1, 1])  # persons in a buying firm, from … to
    desks: list[int] = field(default_factory=lambda: [1, 10])  # size, from … to
    amount: float = 1000.0  # a deal's median, major units
    amount_spread: float = 0.4  # standard deviation of its logarithm
    intent_spread: float = 0.5  # standard deviation of the logarithm of intent
    organic: float = 0.15  # visits a week of an average person who has heard of us
    mobile: float = 0.3  # share who come by phone
    ways: dict[str, float] = field(default_factory=lambda: {"search": 1.0})  # how they shop, relative
    season: list[float] = field(default_factory=lambda: [1.0] * 12)  # multiplier by month
    start: dict[str, float] = field(default_factory=dict)  # share of firms already visitor, lead, proposal, won …
    at_once: float = 0.35  # share in the market from the first week; the rest enter evenly
    visit: Rates = field(default_factory=Rates)  # from stranger to visitor
    known: Rates = field(default_factory=Rates)  # from visitor to lead: we have an address
    hand: Rates = field(default_factory=Rates)  # from lead to MQL: a hand is raised
    open: Rates = field(default_factory=Rates)  # from SAL to a deal
    taste: Rates = field(default_factory=Rates)  # from deal to tasting
    propose: Rates = field(default_factory=Rates)  # from tasting to proposal
    win: Rates = field(default_factory=Rates)  # from proposal to won
    cold: dict[str, float] = field(default_factory=dict)  # persons who leave before a deal, per week, by true cause
    lost: dict[str, float] = field(default_factory=dict)  # deals lost, per week, by true cause
    orders: float = 0.0  # a customer's orders per week
    order_amount: float = 100.0  # an order's median, major units


@dataclass(frozen=True)
class Pull:
    """How advertising is remembered."""

    carry: float = 0.85  # of the stock kept from week to week
    half: float = 1.0  # the stock at which the level is one half


@dataclass(frozen=True)
class Channel:
    """One way of reaching many."""

    name: str  # its name in the truth
    platform: str  # utm_source
    medium: str  # utm_medium
    campaigns: list[str] = field(default_factory=list)  # names; they take turns week by week
    reach: float = 0.05  # share of people in the market reached in a week
    weight: float = 1.0  # what a contact adds to the pull stock; 0: does nothing
    click: float = 0.02  # of contacts that click
    retarget: float = 1.0  # how many times likelier for who came of own will in three weeks
    late: float = 1.0  # how many times likelier for people with a hand raised or a deal open
    segments: list[str] = field(default_factory=list)  # only these; empty: all
    ways: list[str] = field(default_factory=list)  # only people who shop so; empty: all
    impressions: float = 6.0  # seen by a person reached, per week
    waste: float = 25.0  # people paid for, per person reached who could ever buy
    cost_per_click: float = 0.0  # paid per click
    cost_per_thousand: float = 8.0  # paid per thousand impressions
    judged: bool = False  # whether a world without it is lived, too


@dataclass(frozen=True)
class Mail:
    """Mail to segments: pull."""

    every_weeks: int = 2  # a mail every so many weeks; 0: none
    weight: float = 0.4  # what a mail read adds to the pull stock
    reads: float = 0.35  # share of mails read
    clicks: float = 0.15  # of mails read
    leaves: float = 0.003  # unsubscribes, of mails read
    bounces: float = 0.008  # share that bounces
    subjects: list[str] = field(default_factory=lambda: ["News from us"])  # they take turns


@dataclass(frozen=True)
class Team:
    """Sellers with a territory and habits."""

    name: str  # its name
    zone: str = "Europe/Berlin"  # its time zone
    regions: list[str] = field(default_factory=list)  # its territory; empty: all
    segments: list[str] = field(default_factory=list)  # whom it sells to; empty: all that sellers carry
    people_per_seller: int = 250  # people in the territory for each seller
    hours: float = 22.0  # selling hours of a seller in a full week
    answer_hours: float = 3.0  # median time to answer a hand-raise
    answer_spread: float = 0.7  # standard deviation of its logarithm
    monday_hours: float = 0.0  # if above 0: how long Monday's hand-raises wait (a planted story)
    forgets: float = 0.04  # of handoffs never answered
    rejects: float = 0.18  # of handoffs sent back
    careless: float = 0.25  # of those sent back: without having looked
    habit: float = 0.3  # how much a seller's own liking moves the order of calls
    leaver_at: float = 0.0  # if above 0: when its first seller leaves, as a share of the world's length
    gap_weeks: int = 5  # until a successor


@dataclass(frozen=True)
class Push:
    """How sellers' work is remembered, and what it costs."""

    carry: float = 0.75  # of the stock kept from week to week
    half: float = 1.0  # the stock at which the level is one half
    everyone: bool = False  # each buyer has one contact every week (only for worlds computed by hand)
    call: float = 1.0  # weight of a call that is answered
    call_missed: float = 0.1  # weight of one that is not
    mail: float = 0.3  # weight of an own mail
    meeting: float = 1.6  # weight of a meeting
    visit: float = 2.0  # weight of a visit
    call_hours: float = 0.4  # hours a call takes
    meeting_hours: float = 1.5  # hours a meeting takes
    visit_hours: float = 4.0  # hours a visit takes
    connects: float = 0.5  # of calls
    lateness_half_hours: float = 24.0  # waiting that halves the chance of a deal
    lateness_floor: float = 0.25  # what waiting leaves at least


@dataclass(frozen=True)
class Fair:
    """A trade show: cards are scanned with a note."""

    name: str  # its name
    at: float  # when, as a share of the world's length
    city: str = ""  # where
    share: float = 0.05  # of people in the market who come by
    segments: list[str] = field(default_factory=list)  # who goes; empty: all
    weight: float = 1.0  # what the talk adds to the push stock
    ripens_weeks: int = 0  # if above 0: nothing for so long, then need (a planted story)
    ripe_lift: float = 1.0  # multiplier of the hazard then
    ripe_weeks: int = 12  # for so long
    cost: float = 15000.0  # stand and travel


@dataclass(frozen=True)
class Theme:
    """Something people say."""

    name: str  # its name
    sentiment: str = "question"  # question, complaint, praise, wish
    weekly: float = 0.01  # utterances per person in the market and known, per week
    segments: list[str] = field(default_factory=list)  # who may care; empty: all
    holders: float = 0.3  # share of people who care
    concern: float = 1.0  # multiplier of the hazard from SAL on for those who care
    claim: str = ""  # the selling point made of it
    claim_at: float = 0.0  # when, as a share of the world's length
    claim_lift: float = 1.0  # multiplier in place of ``concern`` for those who care and have met the claim
    meets: float = 0.35  # chance to meet the claim in a visit or a mail read


@dataclass(frozen=True)
class Stall:
    """A segment stalls at a stage because of something nobody explains (a planted story)."""

    segment: str = ""  # whose; empty: no stall
    stage: str = "proposal"  # deal, tasting or proposal
    cause: str = "not_understood"  # the true cause
    recorded: str = "Price"  # what sellers write
    at: float = 0.35  # from when
    times: float = 1.0  # how many times likelier the cause becomes
    recorded_share: float = 0.75  # of those, how often the seller writes ``recorded``
    page: str = "/service"  # where they look afterwards
    page_share: float = 0.64  # of those, how many look at the page afterwards


@dataclass(frozen=True)
class Promotion:
    """A price promotion on orders (a planted story)."""

    at: float = 0.0  # when, as a share of the world's length; 0: none
    weeks: int = 4  # how long
    discount: float = 0.15  # off the price
    lift: float = 0.0  # of orders while it lasts
    dip: float = 0.0  # of orders in as many weeks after it


@dataclass(frozen=True)
class Rival:
    """Another firm's launch."""

    name: str = ""  # its name
    at: float = 0.0  # when it launches; 0: never
    multiplier: float = 1.0  # of all hazards from SAL on
    times: float = 1.0  # how many times likelier to leave for a competitor


@dataclass(frozen=True)
class Experiments:
    """Randomised holdouts that the firm itself runs."""

    mail_holdout: float = 0.0  # share of firms never mailed
    ads_at: float = 0.0  # when ads pause in half the regions; 0: never
    ads_weeks: int = 0  # for how long
    ads_channels: list[str] = field(default_factory=list)  # which ads pause; none named: all
    follow_up_at: float = 0.0  # when the 2 × 2 (mail and ads × call) begins for firms without a deal; 0: never
    follow_up_weeks: int = 0  # for how long
    follow_up_channels: list[str] = field(default_factory=list)  # whose ads it holds out of; none named: all
    claim_weeks: int = 0  # for how long the claim is told to half of those who complained, and kept from the others


@dataclass(frozen=True)
class Dirt:
    """Rates of dirt: shares of messages, rows or persons. Each speck is written to the truth."""

    late: float = 0.0  # messages that arrive hours or days later
    out_of_order: float = 0.0  # messages a few lines too early in the file
    repeated: float = 0.0  # messages sent again
    altered: float = 0.0  # messages sent again with other content under the same id
    damaged: float = 0.0  # lines cut off
    skewed: float = 0.0  # devices whose clock is wrong
    bots: float = 0.0  # page views by machines, per page view by people
    scanners: float = 0.0  # persons whose mail is opened and clicked by a scanner
    forwarded: float = 0.0  # mail clicks by a colleague to whom the mail was forwarded
    typos: float = 0.0  # CRM contacts whose e-mail has a typing error
    changed: float = 0.0  # persons whose e-mail changes half way
    duplicates: float = 0.0  # CRM contacts entered twice
    skipped: float = 0.0  # deals whose history lacks a stage
    bad_rows: float = 0.0  # rows of CSV files that are broken
    shared_mailbox: int = 0  # persons who write from one reception mailbox (a planted story)
    tablet: bool = False  # fair visitors who type on one tablet


@dataclass(frozen=True)
class Strength:
    """One dial on everything: 0 switches off, 1 leaves as written. How ``no-effect`` and ``pull-only`` are made."""

    pull: float = 1.0  # on all pull terms
    push: float = 1.0  # on all push terms
    both: float = 1.0  # on all both terms
    stories: float = 1.0  # on all planted stories


@dataclass(frozen=True)
class Price:
    """A line of the price list."""

    product: str  # its name
    sku: str  # its number
    price: float  # major units
    kind: str = "machine"  # machine, beans, part, service
    launched_at: float = 0.0  # as a share of the world's length; 0: always there


@dataclass(frozen=True)
class Profile:
    """A whole company, ready to live."""

    name: str  # the file's name where left out
    about: str  # one sentence
    firm: Firm  # the company
    regions: list[Region]  # its market
    segments: list[Segment]  # its buyers
    teams: list[Team] = field(default_factory=list)  # its sellers
    channels: list[Channel] = field(default_factory=list)  # its advertising
    themes: list[Theme] = field(default_factory=list)  # what people say
    fairs: list[Fair] = field(default_factory=list)  # its fairs
    prices: list[Price] = field(default_factory=list)  # its price list
    pull: Pull = field(default_factory=Pull)  # how ads are remembered
    push: Push = field(default_factory=Push)  # how sellers' work is remembered
    mail: Mail = field(default_factory=Mail)  # mail to segments
    stall: Stall = field(default_factory=Stall)  # a planted story
    promotion: Promotion = field(default_factory=Promotion)  # a planted story
    rival: Rival = field(default_factory=Rival)  # another firm
    experiments: Experiments = field(default_factory=Experiments)  # holdouts
    dirt: Dirt = field(default_factory=Dirt)  # rates of dirt
    strength: Strength = field(default_factory=Strength)  # one dial on everything
    people: int = 2000  # used where the caller names no number
    months: int = 18  # used where the caller names no number
