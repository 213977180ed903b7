"""Writes the sample company that `twostroke demo` brings in: a maker of coffee machines, as its tools would export it.

Run by hand when the sample should change: ``python tools/make_sample.py``. Same seed, same bytes. Dates end at ANCHOR;
``twostroke demo`` shifts them so that the company's last day is today.
"""

from __future__ import annotations

import csv
import datetime as dt
import random
from pathlib import Path
from typing import Any

ANCHOR = dt.date(2026, 1, 30)
OUT = Path(__file__).resolve().parent.parent / "src" / "twostroke" / "cli" / "sample"
luck = random.Random(20260130)

SEGMENTS = {  # industry → (share, employees, products, how they come)
    "Hotel": (0.2, (60, 420), ("BR-900", "BR-600"), "push"),
    "Small office": (0.35, (6, 45), ("BR-150", "BR-150", "BR-300"), "pull"),
    "Office 50-250": (0.35, (50, 250), ("BR-300", "BR-600"), "both"),
    "Café": (0.1, (4, 25), ("BR-600", "BR-900"), "both"),
}
PRODUCTS = [
    ("BR-150", "Brisa 150", "Brisa", "890"),
    ("BR-300", "Brisa 300", "Brisa", "2450"),
    ("BR-600", "Brisa 600 Duo", "Brisa", "6900"),
    ("BR-900", "Brisa 900 Grande", "Brisa", "12800"),
    ("SV-4H", "Service in 4 hours, yearly", "Service", "640"),
]
FIRMS = {
    "Hotel": ["Hotel Seeblick", "Grand Palais Linz", "Alpenhof Kaprun", "Hotel Zur Post", "Parkhotel Moser", "Marina Bay Rijeka",
              "Casa Azul Hotels", "Hotel Kronberg", "Stadthotel Anker", "Lindner & Sohn Hotels", "Hotel Mirabell West", "Villa Sorrento"],
    "Small office": ["Kanzlei Berger", "Studio Nord", "Praxis Dr. Haas", "Bright & Co", "Atelier Wenzel", "Fuchs Steuerberatung",
                     "Pixelwerk", "Notariat Gruber", "Physio am Park", "Ridge Architects", "Lumen Design", "Baumann Immobilien",
                     "Codewerft", "Delta Translations", "Hofer Versicherungen", "Optik Sand", "Kleinhaus Media", "Zahnarzt Dr. Egger",
                     "Ostwind Reisen", "Kern & Partner", "Tanzschule Rot"],
    "Office 50-250": ["Nordlicht Energie", "Meridian Logistics", "Haberl Maschinenbau", "Clinic Group Süd", "Terra Insurance",
                      "Aigner Software", "Helvion Pharma", "Stahlwerk Traun", "Fjord Analytics", "Quantis Consulting", "Wiener Druckhaus",
                      "Sólheimar Foods", "Optima Leasing", "Radwerk Graz", "Blue Harbour Shipping", "Kornfeld Bank", "Vitalis Labor",
                      "Greenline Bau", "Datenhaus Nord", "Ofek Systems", "Marchetti Tessuti"],
    "Café": ["Café Morgenrot", "Kaffeehaus Sperling", "Third Wave Brno", "Bohne & Blatt", "Café Lisboa", "Röstraum"],
}  # fmt: skip
FIRST = ["Anna", "Jonas", "Mira", "Paul", "Leyla", "Tomáš", "Sofia", "Émile", "Zeynep", "Lukas", "Ines", "Marek", "Chiara", "David",
         "Hannah", "Yusuf", "Greta", "Nikola", "Aoife", "Samuel", "Katarina", "Ivo", "Theresa", "Omar", "Bianca", "Felix", "Renée", "Björn"]  # fmt: skip
LAST = ["Huber", "Steiner", "Novák", "Moreau", "Demir", "Lang", "Kovač", "Rossi", "Brandt", "Weiss", "Ó Briain", "Fischer", "Horvat",
        "Sørensen", "Pichler", "Schneider", "Costa", "Bauer", "Yilmaz", "Winkler", "Marek", "Keller", "Dubois", "Eder", "Nagy"]  # fmt: skip
CITIES = [("Vienna", "Austria"), ("Linz", "Austria"), ("Graz", "Austria"), ("Munich", "Germany"), ("Hamburg", "Germany"),
          ("Zürich", "Switzerland"), ("Brno", "Czechia"), ("Trieste", "Italy"), ("Kiel", "Germany")]  # fmt: skip
TITLES = {"Hotel": ["F&B manager", "Purchasing manager", "General manager"], "Small office": ["Office manager", "Owner", "Partner"],
          "Office 50-250": ["Facility lead", "Office manager", "Head of purchasing", "CFO"], "Café": ["Owner", "Barista lead"]}  # fmt: skip
SALES = [("Ruth Adler", "North", "Viktor Hahn"), ("Milan Petrov", "South", "Viktor Hahn"), ("Clara Weber", "Hotels", "Viktor Hahn"),
         ("Deniz Aydin", "North", "Viktor Hahn")]  # fmt: skip
MARKETING = [("Nora Fink", "Demand", "Eva Lindqvist"), ("Jakob Reiter", "Content", "Eva Lindqvist")]
CHANNELS = {"pull": ["Organic search", "Paid search", "Organic search", "Newsletter"], "push": ["Outbound", "Referral", "Outbound"],
            "both": ["Trade fair", "Paid search", "Webinar", "Organic search", "Referral"]}  # fmt: skip
HEARD = ["A colleague", "Search engine", "Trade fair", "Saw it at a friend's office", "Newsletter", "", "", ""]
PAGES = ["/", "/machines", "/pricing", "/pricing", "/service", "/machines/brisa-300", "/stories/clinic-group", "/lease"]
CALL_NOTES = ["Asked what happens when the machine stands still on a Monday.", "Wants a price for two machines and a lease over 36 months.",
              "Likes how quiet it is. Open point: who comes when it breaks, and how fast in the north?", "No answer, left a message.",
              "Compares with a leased rival; ours is dearer per month, theirs needs a plumber.", "Descaling unclear, asked for a short film.",
              "Needs the works council to agree, decision in about three weeks.", "Happy with the trial. Wants the warranty in writing."]  # fmt: skip
MEETING_NOTES = ["Tasting with twelve people, the Duo won nine to three.", "Walked through total cost over five years; service was the long part.",
                 "Met purchasing and facilities; purchasing asks for a second quote.", "Showed the heating of one cup, not a tank: half the power."]  # fmt: skip
LOST = ["Price", "Price", "Price", "Chose a rival", "No budget", "Bad timing"]


def main() -> None:
    """Write all files."""
    OUT.mkdir(parents=True, exist_ok=True)
    firms = companies()
    people = contacts(firms)
    sold = deals(firms, people)
    acts, touches = activities(sold, people), responses(people)
    write("companies.csv", "Company ID,Company,Industry,Employees,City,Country,Website", [f["row"] for f in firms])
    write("contacts.csv", "Contact ID,First name,Last name,Email,Phone,Job title,Company ID,Lead source,"
          "How did you hear about us,Created,Lifecycle stage,Contact owner,Do not email", [p["row"] for p in people])  # fmt: skip
    write("deals.csv", "Deal ID,Deal name,Company ID,Contact ID,Deal owner,Product code,Deal stage,Created,Closed,Amount,Currency,"
          "Lost reason", [d["row"] for d in sold])  # fmt: skip
    write(
        "activities.csv",
        "Activity ID,Activity type,Activity date,Owner,Contact ID,Deal ID,Subject,Outcome,Minutes,Notes",
        acts,
    )
    write(
        "campaign_responses.csv", "Response ID,Contact email,Campaign,Channel,Response,Response date,Content", touches
    )
    write("ad_spend.csv", "Date,Channel,Campaign,Impressions,Clicks,Cost,Currency", spend())
    write("products.csv", "Product code,Product,Product line,List price,Currency", [(*p, "EUR") for p in PRODUCTS])
    staff = [(n, "Sales", r, m) for n, r, m in SALES] + [(n, "Marketing", r, m) for n, r, m in MARKETING]
    write("team.csv", "Name,Team,Region,Manager", staff)


def write(name: str, header: str, rows: list[tuple[Any, ...]]) -> None:
    with (OUT / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header.split(","))
        writer.writerows(rows)


def day(back: float) -> dt.date:
    return ANCHOR - dt.timedelta(days=int(back))


def moment(back: float) -> str:
    at = dt.datetime.combine(day(back), dt.time(luck.randint(8, 17), luck.choice((0, 5, 12, 20, 30, 41, 55))))
    return at.strftime("%Y-%m-%d %H:%M")


def later(text: str) -> str:
    """Some minutes to some hours after a moment."""
    at = dt.datetime.fromisoformat(text) + dt.timedelta(minutes=luck.randint(2, 400))
    return at.strftime("%Y-%m-%d %H:%M")


def companies() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for segment, names in FIRMS.items():
        _, (low, high), products, stroke = SEGMENTS[segment]
        for name in names:
            number = 1001 + len(found)
            city, country = luck.choice(CITIES)
            plain = name.lower().translate(str.maketrans("éüöäóí", "euoaoi"))
            site = "".join(c for c in plain if c.isascii() and c.isalnum())
            row = (f"C{number}", name, segment, luck.randint(low, high), city, country, f"https://{site}.example")
            found.append({"row": row, "segment": segment, "products": products, "stroke": stroke, "site": site})
    return found


def contacts(firms: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for firm in firms:
        for _ in range(luck.choice((1, 1, 2, 2, 3)) + (firm["segment"] == "Office 50-250")):
            first, last = luck.choice(FIRST), luck.choice(LAST)
            plain = (
                f"{first}.{last}".lower().translate(str.maketrans("éüöäóášžčćøıý", "euoaoaszccoiy")).replace(" ", "")
            )
            mail = "".join(c for c in plain if c.isascii() and (c.isalnum() or c == ".")) + f"@{firm['site']}.example"
            back = luck.triangular(2, 420, 120)
            channel = luck.choice(CHANNELS[firm["stroke"]])
            row = [f"P{20001 + len(found)}", first, last, mail, f"+43 1 555 {luck.randint(1000, 9999)}", luck.choice(TITLES[firm["segment"]]),
                   firm["row"][0], channel, luck.choice(HEARD), day(back).isoformat(), "Lead", "", luck.choice(("No",) * 14 + ("Yes",))]  # fmt: skip
            found.append({"row": row, "firm": firm, "back": back, "channel": channel, "mail": mail})
    return found


def deals(firms: list[dict[str, Any]], people: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    sellers = {"Hotel": ["Clara Weber"], "Small office": ["Deniz Aydin", "Milan Petrov"], "Café": ["Milan Petrov"],
               "Office 50-250": ["Ruth Adler", "Milan Petrov", "Deniz Aydin"]}  # fmt: skip
    for firm in firms:
        who = [p for p in people if p["firm"] is firm]
        for _ in range(luck.choice((1, 1, 1, 2))):
            person = luck.choice(who)
            code = luck.choice(firm["products"])
            price = next(float(p[3]) for p in PRODUCTS if p[0] == code) * luck.choice(
                (1, 1, 2, 3) if code != "BR-150" else (1,)
            )
            opened = max(1.0, person["back"] - luck.uniform(5, 40))
            took = luck.uniform(12, 35) if firm["stroke"] == "pull" else luck.uniform(30, 110)
            chance = {"Hotel": 0.55, "Small office": 0.6, "Office 50-250": 0.3, "Café": 0.5}[firm["segment"]]
            open_still = opened <= took
            won = not open_still and luck.random() < chance
            stage = (luck.choice(("Qualified", "Meeting held", "Proposal sent", "Proposal sent")) if open_still
                     else "Closed won" if won else "Closed lost")  # fmt: skip
            row = (f"D{5001 + len(found)}", f"{firm['row'][1]}: {code}", firm["row"][0], person["row"][0],
                   luck.choice(sellers[firm["segment"]]), code, stage, day(opened).isoformat(),
                   "" if open_still else day(opened - took).isoformat(), f"{price * luck.choice((1, 1, 0.95, 0.9)):.2f}", "EUR",
                   "" if open_still or won else luck.choice(LOST))  # fmt: skip
            person["row"][10], person["row"][11] = "Customer" if won else "Opportunity", row[4]
            found.append({"row": row, "person": person, "opened": opened, "took": took, "open": open_still})
    for person in people:
        if person["row"][10] == "Lead" and luck.random() < 0.35:
            person["row"][10] = luck.choice(("Marketing qualified lead", "Sales qualified lead"))
    return found


def activities(sold: list[dict[str, Any]], people: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = []

    def add(
        kind: str,
        back: float,
        who: str,
        person: dict[str, Any],
        deal: str,
        subject: str,
        outcome: str,
        minutes: object,
        notes: str,
    ) -> None:
        found.append(
            (
                f"A{70001 + len(found)}",
                kind,
                moment(back),
                who,
                person["row"][0],
                deal,
                subject,
                outcome,
                minutes,
                notes,
            )
        )

    for deal in sold:
        row, person, span = deal["row"], deal["person"], min(deal["took"], deal["opened"])
        for _ in range(luck.randint(1, 4)):
            add("Call", deal["opened"] - luck.uniform(0, span), row[4], person, row[0], "Follow-up",
                luck.choice(("Connected", "Connected", "No answer")), luck.randint(2, 25), luck.choice(CALL_NOTES))  # fmt: skip
        for _ in range(luck.randint(0, 2)):
            add("Meeting", deal["opened"] - luck.uniform(0, span), row[4], person, row[0], luck.choice(("Tasting", "Walk-through")),
                "Completed", luck.choice((30, 45, 60)), luck.choice(MEETING_NOTES))  # fmt: skip
        if luck.random() < 0.7:
            add("Email", deal["opened"] - luck.uniform(0, span), row[4], person, row[0], f"Our proposal for {row[1].split(':')[0]}",
                "", "", "Sent the proposal with five-year cost and service terms.")  # fmt: skip
    for person in luck.sample(people, 18):
        add(
            "Note",
            luck.uniform(1, 60),
            luck.choice(SALES)[0],
            person,
            "",
            "Heard at the machine",
            "",
            "",
            luck.choice(CALL_NOTES),
        )
    return sorted(found, key=lambda row: row[2])


def responses(people: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = []

    def add(person: dict[str, Any], campaign: str, channel: str, what: str, back: float, content: str) -> None:
        found.append(
            (f"R{90001 + len(found)}", person["mail"], campaign, channel, what, moment(max(0.4, back)), content)
        )

    for person in people:
        back = person["back"]
        if person["firm"]["stroke"] != "push":
            for _ in range(luck.randint(2, 9)):
                add(person, "", person["channel"], "Page viewed", back + luck.uniform(-30, 45), luck.choice(PAGES))
        if person["channel"] == "Trade fair":
            add(person, "Gast Fair Salzburg", "Trade fair", "Card taken", back, "Stand 4B")
        if person["channel"] == "Webinar":
            add(person, "Coffee at work, counted", "Webinar", "Attended", back, "Total cost of a cup")
        if person["firm"]["stroke"] == "pull" or luck.random() < 0.4:
            add(person, "", person["channel"], "Form submitted", back, "Ask for a price")
        for mail, subject in (
            ("Newsletter autumn", "Half the power per cup"),
            ("Service in 4 hours", "Who comes on Monday?"),
        ):
            if person["row"][12] == "No" and luck.random() < 0.6:
                back = luck.uniform(4, min(100, person["back"] + 3))
                add(person, mail, "E-mail", "Email sent", back, subject)
                sent = found[-1][5]
                for what, chance in (("Email opened", 0.45), ("Email clicked", 0.15)):
                    if luck.random() < chance:
                        add(person, mail, "E-mail", what, back, subject)
                        found[-1] = (*found[-1][:5], later(sent), subject)
        if luck.random() < 0.2:
            add(
                person,
                "Guide: coffee for 100 people",
                person["channel"],
                "Downloaded",
                back - luck.uniform(0, 20),
                "Guide: coffee for 100 people",
            )
    return sorted(found, key=lambda row: row[5])


def spend() -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = []
    for back in range(364, -1, -7):
        for channel, campaign, cost in (
            ("Paid search", "Brand search", 140),
            ("Paid search", "Office coffee machine", 310),
        ):
            clicks = luck.randint(30, 90)
            found.append((day(back).isoformat(), channel, campaign, clicks * luck.randint(18, 40), clicks,
                          f"{cost * luck.uniform(0.8, 1.25):.2f}", "EUR"))  # fmt: skip
    found.append((day(120).isoformat(), "Trade fair", "Gast Fair Salzburg", "", "", "8400.00", "EUR"))
    return found


if __name__ == "__main__":
    main()
