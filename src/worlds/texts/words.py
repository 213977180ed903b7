"""What is said and written: sentences put together from parts, so that no two notes need be alike.

Every text is chosen by a whole number; its remainders choose the parts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

SAID: Mapping[str, Sequence[str]] = {
    "service": (
        "Who comes when it stands still on a Monday morning?",
        "Is there somebody up here for repairs, or do they drive from far?",
        "How long do we wait for a technician, honestly?",
        "We had a machine before that stood broken for nine days. How is that with you?",
        "Your page says service, but not how fast and for what money.",
        "What does the service contract cover? The sheet does not say.",
        "Do we get a loan machine meanwhile?",
        "Does somebody descale it for us or is that our job?",
        "I did not find anything about service in the north.",
        "Is the four-hour promise only for big cities?",
    ),
    "slow": (
        "40 seconds for a cup is slow, at nine there is a queue.",
        "It takes ages until the first cup comes.",
        "Colleagues say: nice coffee, but the waiting!",
        "Why does it heat up again for each cup?",
        "Forty seconds feels long when ten people stand behind you.",
        "The old one was faster, to be fair it was also always on.",
        "Can it be made quicker in the settings? 40 s is a lot.",
        "Slow in the mornings. Otherwise fine.",
    ),
    "noise": (
        "You hardly hear the grinder, our meeting room is next door.",
        "So quiet that people ask if it is on.",
        "Finally a grinder one can phone beside.",
        "The quiet one was worth the extra money.",
    ),
    "lease": (
        "Can we lease it over 36 months?",
        "What is it per month with beans included?",
        "Our finance people want rent, not buy.",
        "Is there a lease with service in it?",
        "What happens at the end of the lease?",
        "Lease possible for a company two years old?",
    ),
    "descaling": (
        "The lamp for descaling stays on after descaling.",
        "Descaling is unclear, which of the two tablets first?",
        "Ninety seconds? It took us half an hour.",
        "Where does the descaler go, the picture shows another model.",
        "It asks for descaling every week, water here is soft.",
        "The manual contradicts the video about descaling.",
    ),
    "milk": (
        "Would love oat milk without clogging.",
        "Any plans for cold milk foam?",
        "Please make the milk hose easier to clean.",
        "A second milk container would help us.",
        "Half the team drinks oat milk now.",
    ),
    "app": (
        "An app that says when beans run out would be great.",
        "Can I see how many cups were drawn per week?",
        "Export of the counters as a file, please.",
        "A reminder on the phone before it needs water?",
    ),
    "delivery": (
        "Where is my parcel? It said Tuesday.",
        "The box arrived with a dent.",
        "Could you deliver before ten?",
        "Third time the driver did not find us.",
        "Delivery took eleven days.",
    ),
}
_OTHER = ("I have a question about the offer.", "Could somebody call me back?", "Is there a newer leaflet?")

_HELLO = ("Hello,", "Hi there,", "Dear team,", "Good morning,", "Hi,", "", "", "Dear Sir or Madam,", "Hey,", "Moin,")
_MIDDLE = (
    "",
    "",
    "We have had the machine since spring.",
    "I am asking for our whole floor.",
    "My colleague told me to write to you.",
    "Your colleague at the fair said to write.",
    "Sorry if I overlooked it on your page.",
    "No hurry.",
    "It is a bit urgent.",
    "I tried to call but nobody picked up.",
    "We are {desks} people here.",
    "This is the second time I ask.",
)
_BYE = (
    "Thanks, {first}",
    "Best, {first}",
    "Kind regards, {first} {last}",
    "Thank you",
    "{first}",
    "Regards\n{first} {last}\n{firm}",
    "",
)

_OPEN_NOTE = (
    "Spoke with {first}",
    "Call w/ {first} {last}",
    "{first} rang back",
    "Long call with {first}",
    "Short call, {first} between two meetings",
    "Reached {first} at last",
    "Talked to {first} ({title})",
    "{first} {last} on the phone",
    "Good talk with {first}",
)
_OPEN_MEETING = (
    "Met {first} {last}",
    "Meeting with {first} ({title})",
    "On site with {first}",
    "Good meeting, {first} and a colleague",
    "An hour with {first}",
    "Met at their place, {first} showed us the kitchen",
    "Coffee and numbers with {first}",
)
_STATE_EARLY = (
    "just looking so far, nothing decided",
    "they compare three makers",
    "current machine is old and loud",
    "moving office in the autumn",
    "contract with the vending firm runs out",
    "boss wants something better for people coming back to the office",
    "not their topic this quarter but happy to get papers",
    "had a look at prices online",
)
_STATE_DEAL = (
    "wants a tasting on site",
    "two floors, maybe three machines",
    "budget is there, needs sign-off",
    "buyer will join the next meeting",
    "they liked the tasting, esp. the quiet grinder",
    "asks for a reference in the same trade",
    "kitchen plan sent, water line is fine",
    "{desks} desks, counts on 300 cups a day",
)
_STATE_PROPOSAL = (
    "has the proposal, reads it this week",
    "proposal is with the managing partner",
    "went through the proposal line by line",
    "no decision before the end of month",
    "says it is more than they thought",
    "wants it shorter, for the board",
    "asked again what happens when it stands still",
    "compares five years of cost",
    "quiet on their side, will ping again",
)
_ASKS = ("Asked: {said}", 'In their words: "{said}"', "Q: {said}", "They said: {said}", "Main point: {said}")
_NEXT = (
    "Next: call again in two weeks.",
    "Will send the price list.",
    "To do: reference call.",
    "Sent papers by mail.",
    "Follow up Thu.",
    "Meeting next week.",
    "Nothing to do for now.",
    "Send kitchen sheet.",
    "",
    "Ask service colleague to call.",
)
_MISSED = (
    "No answer, left a message.",
    "Voicemail.",
    "Not at desk, try Thursday.",
    "Engaged twice.",
    "On holiday until next week.",
    "n/a",
)
_MAILED = (
    "Sent a short mail after no answer on the phone.",
    "Mailed the two stories and the care sheet.",
    "Mail: asked for a good time to talk.",
    "Sent numbers for five years, as promised.",
    "Mailed price list again.",
)
_CARD = (
    "interested, no project yet",
    "wants prices by mail",
    "took leaflet, likes espresso",
    "has old machine, 6 yrs",
    "only came for the coffee :)",
    "budget next year",
    "asks for service area",
    "boss decides",
    "saw the quiet one, impressed",
    "maybe two machines, spring",
    "noise!",
    "call in Q3?",
    "student, hotel school",
)


def said(theme: str, number: int) -> str:
    """A sentence somebody says about a theme."""
    sentences = SAID.get(theme, _OTHER)
    return sentences[number % len(sentences)]


def support_message(theme: str, number: int, facts: Mapping[str, object]) -> str:
    """A message to support. ``facts``: first, last, firm, desks."""
    parts = [
        _HELLO[number % len(_HELLO)],
        said(theme, number // 11),
        _MIDDLE[number // 101 % len(_MIDDLE)].format(**facts),
        _BYE[number // 1013 % len(_BYE)].format(**facts),
    ]
    return " ".join(part for part in parts if part)


def talk_note(kind: str, stage: str, number: int, facts: Mapping[str, object], asks: str) -> str:
    """A seller's note of a talk. ``kind``: call, meeting or visit. ``stage``: early, deal or proposal. ``facts``:
    first, last, title, desks. ``asks``: a sentence of theirs, or empty."""
    states = {"early": _STATE_EARLY, "deal": _STATE_DEAL}.get(stage, _STATE_PROPOSAL)
    openings = _OPEN_NOTE if kind == "call" else _OPEN_MEETING
    begin = openings[number % len(openings)].format(**facts)
    state = states[number // 13 % len(states)].format(**facts)
    joint = (": ", " - ", ", ", ". ")[number // 127 % 4]
    note = f"{begin}{joint}{state[:1].upper() + state[1:] if joint == '. ' else state}."
    if asks:
        note += " " + _ASKS[number // 1009 % len(_ASKS)].format(said=asks)
    ending = _NEXT[number // 10007 % len(_NEXT)]
    return f"{note} {ending}".strip()


def short_note(kind: str, number: int) -> str:
    """The note of a missed call, an own mail, or a card at a fair."""
    notes = {"call_missed": _MISSED, "mail": _MAILED, "card": _CARD}[kind]
    return notes[number % len(notes)]
