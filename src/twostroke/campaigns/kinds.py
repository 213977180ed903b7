"""Marketing's kinds of lines: what buyers do on the web and in the app, and what reaches many of them at once.

A customer's act carries the stroke it answers: a page view is the buyer moving, so it is pull. An answer to one
person's own mail says push in its draft.
"""

from __future__ import annotations

from twostroke.intake.facts import HIT
from twostroke.ledger.facts import Kind, Place, Property, Stroke, Team, Type

_WHO = ("person", "company")
_MAIL = ("mail", "person")

_PATH = Property(Type.TEXT, "Path of the page, without query and fragment.")
_HOST = Property(Type.TEXT, "Host name of the site.")
_REFERRER = Property(Type.TEXT, "Host name the visitor came from.")
_TITLE = Property(Type.TEXT, "Name of the asset as published, not of a person.")
_LINK = Property(Type.TEXT, "Where the link leads, without query and fragment.")
_SECONDS = Property(Type.INTEGER, "How long it lasted.", "seconds")
_HUMAN = Property(Type.TEXT, "Who did it: human, machine (a scanner or a privacy proxy) or unsure.")
_OWN = Property(Type.BOOLEAN, "Whether one person wrote it to one buyer, rather than one to many.")
_PLAN = Property(Type.TEXT, "Name of the plan.")

_MAIL_HIT = {"own": _OWN, "by": _HUMAN, "agent": HIT["agent"]}

_MAIL_PERSONAL = ("address", "subject", "ip", "user_agent")

VISITING: tuple[Kind, ...] = (
    Kind(
        "page.viewed",
        "Somebody looked at a page of a site; the buyer moved, which is what pull is for.",
        Team.CUSTOMER,
        Stroke.PULL,
        _WHO,
        300,
        properties={
            **HIT,
            "path": _PATH,
            "host": _HOST,
            "referrer": _REFERRER,
            "category": Property(Type.TEXT, "Category of the page."),
            "seconds": _SECONDS,
        },
        personal=("url", "search", "title", "ip", "user_agent"),
        comes_from=("Segment page", "Segment Page Viewed"),
    ),
    Kind(
        "screen.viewed",
        "Somebody looked at a screen of an app.",
        Team.CUSTOMER,
        Stroke.PULL,
        _WHO,
        310,
        properties={
            **HIT,
            "name": Property(Type.TEXT, "Name of the screen."),
            "category": Property(Type.TEXT, "Category of the screen."),
        },
        personal=("ip", "user_agent"),
        comes_from=("Segment screen",),
    ),
    Kind(
        "form.submitted",
        "Somebody sent a form: raised a hand, asked, registered.",
        Team.CUSTOMER,
        Stroke.PULL,
        _WHO,
        320,
        properties={
            **HIT,
            "form": Property(Type.TEXT, "Id or name of the form."),
            "purpose": Property(Type.TEXT, "What for: contact, demo, price, download, newsletter or other."),
            "path": _PATH,
        },
        personal=("fields", "message", "ip"),
        comes_from=("Segment Form Submitted", "HubSpot form submission", "Salesforce Lead (web-to-lead)"),
    ),
    Kind(
        "content.viewed",
        "Somebody opened a piece of content, such as an article or a case study.",
        Team.CUSTOMER,
        Stroke.PULL,
        _WHO,
        330,
        properties={**HIT, "title": _TITLE, "format": Property(Type.TEXT, "Article, case study, price list, tool …")},
        comes_from=("Segment Content Viewed", "Marketo Visit Webpage"),
    ),
    Kind(
        "content.downloaded",
        "Somebody took a file away, such as a white paper or a data sheet.",
        Team.CUSTOMER,
        Stroke.PULL,
        _WHO,
        340,
        properties={
            **HIT,
            "title": _TITLE,
            "format": Property(Type.TEXT, "White paper, data sheet, price list, app …"),
        },
        comes_from=("Segment Content Downloaded", "HubSpot file download"),
    ),
    Kind(
        "video.watched",
        "Somebody watched a video, up to the share that is given.",
        Team.CUSTOMER,
        Stroke.PULL,
        _WHO,
        350,
        properties={
            **HIT,
            "title": _TITLE,
            "share": Property(Type.DECIMAL, "How much of it was seen, from 0 to 1."),
            "seconds": _SECONDS,
        },
        comes_from=("Segment Video Content Completed", "Segment Video Playback Completed"),
    ),
    Kind(
        "promotion.viewed",
        "Somebody saw a promotion inside the shop.",
        Team.CUSTOMER,
        Stroke.PULL,
        _WHO,
        360,
        properties={**HIT, "promotion": Property(Type.TEXT, "Id or name of the promotion.")},
        comes_from=("Segment Promotion Viewed",),
    ),
    Kind(
        "promotion.clicked",
        "Somebody followed a promotion inside the shop.",
        Team.CUSTOMER,
        Stroke.PULL,
        _WHO,
        370,
        properties={**HIT, "promotion": Property(Type.TEXT, "Id or name of the promotion.")},
        comes_from=("Segment Promotion Clicked",),
    ),
    Kind(
        "signup.completed",
        "Somebody opened an account of their own in the product or the shop.",
        Team.CUSTOMER,
        Stroke.PULL,
        _WHO,
        380,
        properties={
            **HIT,
            "plan": _PLAN,
            "method": Property(Type.TEXT, "How they signed up: password, single sign-on …"),
        },
        personal=("user_name",),
        comes_from=("Segment Signed Up", "Segment Account Created"),
    ),
    Kind(
        "trial.started",
        "A trial of the product began.",
        Team.CUSTOMER,
        Stroke.PULL,
        _WHO,
        390,
        place=Place.FIRST,
        properties={"plan": _PLAN, "days": Property(Type.INTEGER, "How long it is to run.", "days")},
        comes_from=("Segment Trial Started",),
    ),
    Kind(
        "trial.ended",
        "A trial of the product came to its end, bought or not.",
        Team.CUSTOMER,
        Stroke.NONE,
        _WHO,
        400,
        place=Place.LAST,
        properties={"plan": _PLAN, "converted": Property(Type.BOOLEAN, "Whether it became a subscription.")},
        comes_from=("Segment Trial Ended",),
    ),
)

REACHING_OUT: tuple[Kind, ...] = (
    Kind(
        "spend.recorded",
        "Money was spent on a campaign or a channel on a day, as the platform or the invoice says.",
        Team.MARKETING,
        Stroke.NONE,
        ("spend", "campaign"),
        410,
        properties={
            "impressions": Property(Type.INTEGER, "How often it was shown for that money.", "times"),
            "clicks": Property(Type.INTEGER, "How often it was clicked for that money.", "times"),
            "days": Property(Type.INTEGER, "How many days the amount covers, its own the first.", "days"),
            "platform": Property(Type.TEXT, "Where it was spent: the advertising platform or the supplier."),
            "cost_of": Property(Type.TEXT, "What was bought: media, event, agency, tool, people."),
        },
        comes_from=("Google Ads campaign report", "Meta Ads insights", "LinkedIn Ads analytics", "a cost list"),
        money=True,
    ),
    Kind(
        "campaign.launched",
        "A campaign, a product or a promotion went out; numbers around that day can be read against it.",
        Team.MARKETING,
        Stroke.NONE,
        ("campaign",),
        405,
        place=Place.FIRST,
        properties={"name": Property(Type.TEXT, "What was launched; it is not a person.")},
        personal=("description",),
        comes_from=("a list of launches",),
    ),
    Kind(
        "experiment.assigned",
        "Somebody, or a whole region or branch of trade, was drawn for an arm of an experiment: to be reached, or to "
        "be left out for comparison. It is as of its time that the arms differ.",
        Team.MARKETING,
        Stroke.NONE,
        ("person", "company", "experiment"),
        415,
        place=Place.FIRST,
        properties={
            "experiment": Property(Type.TEXT, "Name of the experiment."),
            "arm": Property(
                Type.TEXT, "Arm in the words of the list; of several factors each level: 'Mail: no; Call: yes'."
            ),
            "until": Property(Type.DATE, "The last day of the experiment; absent while it runs."),
            "region": Property(Type.TEXT, "The region that was drawn as a whole."),
            "sector": Property(Type.TEXT, "The branch of trade that was drawn as a whole."),
        },
        comes_from=("a list of an experiment's arms",),
    ),
    Kind(
        "ad.shown",
        "An ad was shown to somebody who is known at least as a device.",
        Team.MARKETING,
        Stroke.PULL,
        _WHO,
        420,
        properties={
            **HIT,
            "platform": Property(Type.TEXT, "Where the ad ran."),
            "format": Property(Type.TEXT, "Its form."),
        },
        comes_from=("Segment Ad Impression", "an ad server's log"),
    ),
    Kind(
        "ad.clicked",
        "Somebody clicked an ad.",
        Team.CUSTOMER,
        Stroke.PULL,
        _WHO,
        430,
        properties={
            **HIT,
            "platform": Property(Type.TEXT, "Where the ad ran."),
            "term": Property(Type.TEXT, "Bought term."),
        },
        personal=("click_id", "ip", "user_agent"),
        comes_from=("Segment Ad Clicked", "Segment page with campaign"),
    ),
    Kind(
        "mail.sent",
        "A mail went out: to a segment unless its draft says sales and push, for a seller's own mail.",
        Team.MARKETING,
        Stroke.PULL,
        _MAIL,
        440,
        place=Place.FIRST,
        properties={"own": _OWN},
        personal=(*_MAIL_PERSONAL, "body"),
        comes_from=(
            "Segment Email Sent",
            "HubSpot email event SENT",
            "HubSpot engagement EMAIL",
            "Salesforce EmailMessage",
            "Salesforce Task (email)",
        ),
    ),
    Kind(
        "mail.delivered",
        "The receiving server took the mail.",
        Team.MARKETING,
        Stroke.PULL,
        _MAIL,
        450,
        properties={"own": _OWN},
        personal=_MAIL_PERSONAL,
        comes_from=("Segment Email Delivered", "HubSpot email event DELIVERED"),
    ),
    Kind(
        "mail.bounced",
        "The mail came back.",
        Team.SYSTEM,
        Stroke.NONE,
        _MAIL,
        460,
        properties={
            "lasting": Property(Type.BOOLEAN, "Whether the address will never take mail (a hard bounce)."),
            "code": Property(Type.TEXT, "Enhanced status code (RFC 3463), such as 5.1.1."),
        },
        personal=(*_MAIL_PERSONAL, "response"),
        comes_from=("Segment Email Bounced", "HubSpot email event BOUNCE"),
    ),
    Kind(
        "mail.opened",
        "A mail was opened, or a machine fetched its picture.",
        Team.CUSTOMER,
        Stroke.PULL,
        _MAIL,
        470,
        properties=_MAIL_HIT,
        personal=_MAIL_PERSONAL,
        comes_from=("Segment Email Opened", "HubSpot email event OPEN"),
    ),
    Kind(
        "mail.clicked",
        "A link in a mail was followed.",
        Team.CUSTOMER,
        Stroke.PULL,
        _MAIL,
        480,
        properties={**_MAIL_HIT, "link": _LINK},
        personal=_MAIL_PERSONAL,
        comes_from=("Segment Email Link Clicked", "HubSpot email event CLICK"),
    ),
    Kind(
        "mail.replied",
        "A buyer answered a mail.",
        Team.CUSTOMER,
        Stroke.PULL,
        _MAIL,
        490,
        properties={
            "own": _OWN,
            "automatic": Property(Type.BOOLEAN, "Whether a machine answered (RFC 3834): out of office."),
        },
        personal=(*_MAIL_PERSONAL, "body"),
        comes_from=("HubSpot engagement INCOMING_EMAIL", "Salesforce EmailMessage (incoming)"),
    ),
    Kind(
        "mail.complained",
        "A buyer marked a mail as spam.",
        Team.CUSTOMER,
        Stroke.NONE,
        _MAIL,
        500,
        properties={"own": _OWN},
        personal=_MAIL_PERSONAL,
        comes_from=("Segment Email Marked as Spam", "HubSpot email event SPAMREPORT"),
    ),
    Kind(
        "mail.unsubscribed",
        "A buyer left a mailing list by a mail's link; the lasting wish stands in consent.withdrawn.",
        Team.CUSTOMER,
        Stroke.NONE,
        _MAIL,
        510,
        place=Place.LAST,
        properties={"list": Property(Type.TEXT, "Which list, where it is not all of them.")},
        personal=_MAIL_PERSONAL,
        comes_from=("Segment Unsubscribed", "HubSpot email event STATUSCHANGE"),
    ),
    Kind(
        "event.invited",
        "Somebody was invited to a webinar, a fair or an evening.",
        Team.MARKETING,
        Stroke.PULL,
        _WHO,
        520,
        place=Place.FIRST,
        properties={"event": Property(Type.TEXT, "Name of the event."), "form": Property(Type.TEXT, "Webinar, fair …")},
        comes_from=("Salesforce CampaignMember (Sent)",),
    ),
    Kind(
        "event.attended",
        "Somebody came to a webinar, a fair or an evening.",
        Team.CUSTOMER,
        Stroke.PULL,
        _WHO,
        530,
        properties={
            "event": Property(Type.TEXT, "Name of the event."),
            "form": Property(Type.TEXT, "Webinar, fair …"),
            "minutes": Property(Type.INTEGER, "How long they stayed.", "minutes"),
        },
        comes_from=("Salesforce CampaignMember (Responded)", "HubSpot marketing event ATTENDED"),
    ),
    Kind(
        "card.taken",
        "Somebody at our stand talked with one visitor and took the card: one person's effort, so push; the visit to "
        "the fair is event.attended and pull.",
        Team.MARKETING,
        Stroke.PUSH,
        _WHO,
        540,
        properties={
            "event": Property(Type.TEXT, "Name of the event."),
            "warmth": Property(Type.TEXT, "How warm the talk was: hot, warm or cold."),
        },
        personal=("note",),
        comes_from=("a badge scanner's list", "a trade-show lead list"),
    ),
)
