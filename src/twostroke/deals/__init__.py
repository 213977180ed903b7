"""Sales' room: deals, meetings, calls, proposals, products, orders, lost reasons. Never imports the other team's
rooms.
"""
