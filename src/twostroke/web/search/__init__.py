"""Search: one field that finds people, companies and deals."""
