"""What travels between voice and the other rooms. Kinds of lines stand in ``KINDS``."""

from __future__ import annotations

from twostroke.ledger.facts import Kind, Place, Property, Stroke, Team, Type

_ABOUT = ("person", "company", "deal", "product")
_TOPIC = Property(Type.TEXT, "Theme it belongs to, from the firm's list.")
_LANGUAGE = Property(Type.TEXT, "Language of the words (BCP 47).")
_PRODUCT = Property(Type.ID, "The product it is about.")
_DEAL = Property(Type.ID, "The deal it came up in.")
_PRIORITY = Property(Type.TEXT, "How urgent, as the source says.")
_RATING = Property(Type.DECIMAL, "The mark that was given.")
_SCALE = Property(Type.INTEGER, "The best mark there is.")

KINDS: tuple[Kind, ...] = (
    Kind(
        "feedback.heard",
        "A buyer asked, complained, liked, disliked or wanted something, and somebody heard it; words are personal.",
        Team.CUSTOMER,
        Stroke.NONE,
        ("feedback", *_ABOUT),
        800,
        properties={
            "sort": Property(Type.TEXT, "question, complaint, like, dislike, wish, objection or fact."),
            "topic": _TOPIC,
            "where": Property(Type.TEXT, "Where it was heard: call, fair, mail, chat, survey …"),
            "language": _LANGUAGE,
            "product": _PRODUCT,
            "deal": _DEAL,
        },
        personal=("verbatim", "heard_by"),
        comes_from=("HubSpot feedback submission", "a seller's entry", "Segment Live Chat Message Sent"),
    ),
    Kind(
        "feedback.answered",
        "The question or complaint has an answer: published for many (pull), or told to one (push in its draft).",
        Team.MARKETING,
        Stroke.PULL,
        ("feedback", *_ABOUT),
        810,
        place=Place.LAST,
        properties={"topic": _TOPIC, "how": Property(Type.TEXT, "Page, mail, call, product change …")},
        personal=("answer",),
        comes_from=("a person's act",),
    ),
    Kind(
        "survey.answered",
        "Somebody answered a survey.",
        Team.CUSTOMER,
        Stroke.NONE,
        ("survey", "person", "company"),
        820,
        properties={
            "survey": Property(Type.TEXT, "Name of the survey."),
            "score": Property(Type.DECIMAL, "The score, such as 0 to 10."),
            "scale": _SCALE,
            "topic": _TOPIC,
        },
        personal=("answers", "comment"),
        comes_from=("HubSpot feedback submission (NPS, CSAT, CES)", "Salesforce SurveyResponse"),
    ),
    Kind(
        "review.posted",
        "Somebody reviewed us or a product where others read it.",
        Team.CUSTOMER,
        Stroke.NONE,
        ("review", "product", "person", "company"),
        830,
        properties={
            "rating": _RATING,
            "scale": _SCALE,
            "site": Property(Type.TEXT, "Where it stands."),
            "product": _PRODUCT,
            "language": _LANGUAGE,
        },
        personal=("title", "text", "name", "url"),
        comes_from=("Segment Product Reviewed", "a review site's export"),
    ),
    Kind(
        "ticket.opened",
        "Somebody needs help, and it is written down.",
        Team.CUSTOMER,
        Stroke.NONE,
        ("ticket",),
        840,
        place=Place.FIRST,
        properties={
            "category": Property(Type.TEXT, "Category, as the source says."),
            "priority": _PRIORITY,
            "stage": Property(Type.TEXT, "Stage of the ticket, as the source names it."),
            "product": _PRODUCT,
        },
        personal=("subject", "content"),
        comes_from=("HubSpot ticket", "Salesforce Case", "Zendesk ticket"),
    ),
    Kind(
        "ticket.answered",
        "Service answered the ticket.",
        Team.SERVICE,
        Stroke.NONE,
        ("ticket",),
        850,
        properties={"first": Property(Type.BOOLEAN, "Whether it is the first answer.")},
        personal=("content",),
        comes_from=("HubSpot ticket first_agent_reply_date", "Salesforce CaseComment", "Zendesk comment"),
    ),
    Kind(
        "ticket.changed",
        "Something about a ticket changed: its stage, its priority, who has it.",
        Team.SERVICE,
        Stroke.NONE,
        ("ticket",),
        855,
        properties={
            "category": Property(Type.TEXT, "Category, as the source says."),
            "priority": _PRIORITY,
            "stage": Property(Type.TEXT, "Stage of the ticket, as the source names it."),
        },
        personal=("subject", "content"),
        comes_from=("HubSpot history of ticket properties", "Salesforce CaseHistory"),
    ),
    Kind(
        "ticket.closed",
        "The ticket is closed.",
        Team.SERVICE,
        Stroke.NONE,
        ("ticket",),
        860,
        place=Place.LAST,
        properties={"solved": Property(Type.BOOLEAN, "Whether the matter was solved.")},
        personal=("resolution",),
        comes_from=("HubSpot ticket closed_date", "Salesforce Case (IsClosed)", "Zendesk ticket (solved)"),
    ),
)
