"""Pure decisions about who is who: what an address is, which identifier leads, what joins and what is refused.

Other rooms reach the normal forms through ``identity.facts``, which hands them on.
"""

from twostroke.identity.rules.addresses import (
    company_domain,
    is_free_mail,
    is_illegal,
    is_role_address,
    normal_domain,
    normal_email,
    normal_phone,
    registered_domain,
)
from twostroke.identity.rules.namespaces import exclusive, is_device, leads, precedence

__all__ = [
    "company_domain",
    "exclusive",
    "is_device",
    "is_free_mail",
    "is_illegal",
    "is_role_address",
    "leads",
    "normal_domain",
    "normal_email",
    "normal_phone",
    "precedence",
    "registered_domain",
]
