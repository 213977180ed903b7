"""Users, roles, policies (who may see and do what), sign-in links, API keys.

Knows who asks; refuses to know what is asked about.
"""
