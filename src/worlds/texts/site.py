"""The firm's site: pages with name and path, and how often each is looked at by people early and late on their way."""

from __future__ import annotations

PAGES: tuple[tuple[str, str, float, float], ...] = (
    ("Home", "/", 5.0, 1.5),
    ("Products", "/products", 4.0, 2.5),
    ("Find what fits", "/finder", 3.0, 1.0),
    ("How it works", "/how-it-works", 3.0, 1.0),
    ("What it really costs", "/what-it-costs", 2.0, 2.5),
    ("Pricing", "/pricing", 1.5, 4.0),
    ("Service", "/service", 0.8, 2.0),
    ("Lease, buy or rent", "/lease", 0.7, 1.5),
    ("Stories of customers", "/stories", 1.5, 1.8),
    ("Care and cleaning", "/care", 0.8, 0.8),
    ("Shop", "/shop", 1.0, 1.0),
    ("About us", "/about", 0.8, 0.8),
    ("Contact", "/contact", 0.4, 1.0),
)
"""Name, path, weight early (visitor), weight late (from a raised hand on)."""

PRICING = 5
SERVICE = 6
CONTACT = 12
CARE = 9
SHOP = 10
CLAIM_PAGE = ("One cup, not a tank", "/one-cup")
"""What the fourth page becomes when a claim is out."""

EARLY = [page[2] for page in PAGES]
LATE = [page[3] for page in PAGES]
