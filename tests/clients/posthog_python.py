"""What a Python server sends with posthog: ``posthog_python.py HOST KEY``."""

import sys

from posthog import Posthog

client = Posthog(sys.argv[2], host=sys.argv[1], gzip=True, on_error=lambda error, items: sys.exit(f"{error}"))
client.capture("$pageview", distinct_id="u-1", properties={"$current_url": "https://www.example.com/pricing"})
client.capture("$screen", distinct_id="u-1", properties={"$screen_name": "Basket"})
client.set(distinct_id="u-1", properties={"email": "bo.lind@nordwind.example", "name": "Bo Lind"})
client.capture("Trial Extended", distinct_id="u-1", properties={"days": 7})
client.capture("Order Completed", distinct_id="u-1", properties={"order_id": "o-1", "revenue": 12.5, "currency": "EUR"})
client.group_identify("company", "g-1", properties={"name": "Nordwind"})
client.alias(previous_id="a-0", distinct_id="u-1")
client.flush()
client.shutdown()
