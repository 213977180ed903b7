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
from twostroke.identity.rules.resolving import (
    About,
    Claim,
    Merge,
    Owner,
    Refused,
    Resolution,
    Split,
    Stamp,
    Unmerge,
    Why,
    can_be_shared,
    device_groups,
    is_shared,
    known_ids,
    owner,
    pairs,
    resolve,
    standing,
)

__all__ = [
    "About",
    "Claim",
    "Merge",
    "Owner",
    "Refused",
    "Resolution",
    "Split",
    "Stamp",
    "Unmerge",
    "Why",
    "can_be_shared",
    "company_domain",
    "device_groups",
    "exclusive",
    "is_device",
    "is_free_mail",
    "is_illegal",
    "is_role_address",
    "is_shared",
    "known_ids",
    "leads",
    "normal_domain",
    "normal_email",
    "normal_phone",
    "owner",
    "pairs",
    "precedence",
    "registered_domain",
    "resolve",
    "standing",
]
