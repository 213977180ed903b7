"""Users, roles, policies (who may see and do what), sign-in links.

Knows who asks; refuses to know what is asked about.
"""
