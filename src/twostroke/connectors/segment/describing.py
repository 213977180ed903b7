"""The page ``docs/reference/segment.md``: what each message becomes."""

from __future__ import annotations

from twostroke.connectors.segment.facts import ALSO_CALLED
from twostroke.connectors.segment.kinds import event_names
from twostroke.ledger.catalogue import Catalogue

_HEAD = """# Segment's messages

What a message in the shape of Segment's or RudderStack's clients becomes on the log, from a file of JSON lines
(`twostroke import web.jsonl`) as from a client. Generated from the catalogue.

| call | lines |
|---|---|
| `identify` | `identity.claimed` for its ids; `person.described` for its traits; the company of `traits.company` |
| `group` | the company by `groupId` and its web address; that the user belongs to it |
| `alias` | `identity.claimed`: `previousId` is a device of `userId` (an address where it is one) |
| `page` | `page.viewed`; with a paid `context.campaign` (cpc, paid-social, display …) `ad.clicked`, too |
| `screen` | `screen.viewed` |
| `track` | the kind below that its name means; any other name is `action.taken` with that name |

- **Who**: `userId`, `traits.email` or `context.traits.email`, `traits.phone`, `anonymousId`. A message with two of them
  also claims that they are one person's. A mail goes to an address: it is about the address, and claims nothing.
  Placeholders (`null`, `0`, `undefined`, `anonymous` …) are nobody. A message that names nobody is refused.
- **When**: received just now, its age by the client's own clock (`sentAt` less `originalTimestamp`, else less
  `timestamp`) before the instant it came; from a file its `timestamp`, which Segment has corrected.
- **Id**: `messageId`, kept only as an HMAC. The same id with the same content is a duplicate; `sentAt`, `receivedAt`,
  `writeKey` and fields that begin with `_` do not count as content.
- **Where from**: `context.campaign`: medium is the channel, name the campaign. A campaign name that holds an address is
  left out.
- **How it was done**: of `context.userAgent` the names of the software, `context.webdriver` (true where a program
  steers the browser), and whether only a device was named; [machines](../explanation/machines.md) are told by them.
- **The rest**: fields that the kind does not declare, `context.ip` and the whole `context.userAgent` go to the personal
  part, which erasure empties. `context.library` and `integrations` are not kept.
- **A public key**: what it claims is unverified, what it says of a person changes nothing, the worth of a cart is only
  words, and money or consent is refused (`needs_secret_key`).
- **Consent**: `Segment Consent Preference Updated` gives `consent.given` or `consent.withdrawn` for each purpose in
  `context.consent.categoryPreferences`; `Unsubscribed` also withdraws the consent to marketing mail.

## Refusals

| code | why |
|---|---|
| `not_a_message` | no JSON object, or it holds what JSON cannot say |
| `no_type` | `type` is missing or unknown, or a track call has no event |
| `nobody` | no id, or only placeholders |
| `no_date` | a time that is no instant of ISO 8601, before 1970, or over a day later than when it came |
| `no_amount` | an amount that is no number, or a currency that is none |
| `no_id` | an order without `order_id` |
| `needs_secret_key` | money or consent under a public key |

## Events

Names are compared without case, blanks and underscores: `Order Completed` is `order_completed`.

| event | kind | also called |
|---|---|---|
"""


def segment_page(catalogue: Catalogue) -> str:
    """The page, for a catalogue."""
    rows = [
        f"| {name} | `{kind.name}` | {', '.join(ALSO_CALLED.get(name, ()))} |" for name, kind in event_names(catalogue)
    ]
    return _HEAD + "\n".join(rows) + "\n"
