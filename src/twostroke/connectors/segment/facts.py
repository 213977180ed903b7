"""What leaves the Segment connector: who sends, why a message is refused, and the names its specifications give."""

from __future__ import annotations

from dataclasses import dataclass

from twostroke.intake.facts import RefusedError
from twostroke.ledger.facts import Trust

__all__ = [
    "ALSO_CALLED",
    "CONSENT",
    "NOBODY",
    "NOT_A_MESSAGE",
    "NO_AMOUNT",
    "NO_DATE",
    "NO_ID",
    "NO_TYPE",
    "TYPES",
    "UNDER_A_PUBLIC_KEY",
    "RefusedError",
    "Sender",
]

TYPES = ("identify", "track", "page", "screen", "group", "alias")

# Codes of refusals. They are stored with what is held and answered to clients: they never change.
NOT_A_MESSAGE = "not_a_message"
NO_TYPE = "no_type"
NOBODY = "nobody"
NO_DATE = "no_date"
NO_AMOUNT = "no_amount"
NO_ID = "no_id"
UNDER_A_PUBLIC_KEY = "needs_secret_key"

# Names of the first version of the e-commerce specification, and other spellings in use, by the name that counts.
ALSO_CALLED: dict[str, tuple[str, ...]] = {
    "Products Searched": ("Searched Products",),
    "Product List Viewed": ("Viewed Product Category", "Viewed Product List", "Product Category Viewed"),
    "Product Clicked": ("Clicked Product",),
    "Product Viewed": ("Viewed Product",),
    "Product Added": ("Added Product", "Added to Cart"),
    "Product Removed": ("Removed Product", "Removed from Cart"),
    "Cart Viewed": ("Viewed Cart",),
    "Promotion Viewed": ("Viewed Promotion",),
    "Promotion Clicked": ("Clicked Promotion",),
    "Checkout Started": ("Started Checkout",),
    "Checkout Step Viewed": ("Viewed Checkout Step",),
    "Checkout Step Completed": ("Completed Checkout Step",),
    "Order Completed": ("Completed Order",),
    "Order Updated": ("Updated Order",),
    "Order Cancelled": ("Cancelled Order", "Canceled Order", "Order Canceled"),
    "Order Refunded": ("Refunded Order",),
    "Page Viewed": ("Viewed Page", "Loaded a Page"),
    "Signed Up": ("User Signed Up", "Sign Up"),
    "Email Link Clicked": ("Email Clicked",),
    "Email Marked as Spam": ("Email Marked Spam",),
    "Unsubscribed": ("Email Unsubscribed",),
    "Form Submitted": ("Submitted Form",),
    "Video Content Completed": ("Video Ad Completed",),
}
CONSENT = "Segment Consent Preference Updated"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends: the source its ids belong to, how far it is trusted, and what its messages leave unsaid.

    ``trust`` is claimed for a public key: then money and consent are refused and what is claimed is unverified
    (LEDGER §4). ``currency`` (ISO 4217) is of amounts without one; ``region`` (ISO 3166-1) of phones without a country.
    """

    source: str
    trust: Trust = Trust.KNOWN
    currency: str = "EUR"
    region: str | None = None
