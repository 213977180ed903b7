"""What a Python server sends with rudder-sdk-python: ``rudder_python.py HOST KEY``."""

import sys

import rudderstack.analytics as analytics

analytics.dataPlaneUrl, analytics.write_key = sys.argv[1], sys.argv[2]
analytics.on_error = lambda error, items: sys.exit(f"{error}")

WHO = {"user_id": "u-1", "anonymous_id": "a-1"}
analytics.page(**WHO, name="Pricing", properties={"url": "https://www.example.com/pricing"})
analytics.screen(**WHO, name="Basket")
analytics.identify(**WHO, traits={"email": "bo.lind@nordwind.example", "name": "Bo Lind"})
analytics.track(**WHO, event="Trial Extended", properties={"days": 7})
analytics.track(**WHO, event="Order Completed", properties={"order_id": "o-1", "revenue": 12.5, "currency": "EUR"})
analytics.group(**WHO, group_id="g-1", traits={"name": "Nordwind"})
analytics.alias(previous_id="a-0", user_id="u-1")
analytics.flush()
analytics.shutdown()
