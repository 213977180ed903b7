# ruff: noqa: SIM905 - a line of names reads better than a column of quotes
"""Names of persons from several countries, as parts that are combined; job titles by role in the committee."""

from __future__ import annotations

import unicodedata

FIRST: dict[str, tuple[str, ...]] = {
    "DE": tuple(
        "Ilse Anke Jonas Matthias Katharina Lukas Sabine Tobias Franziska Henrik Birgit Moritz Greta Uwe Nele Stefan "
        "Jürgen Heike Thorsten Annika Björn Sönke Käthe Volker".split()
    ),
    "AT": tuple(
        "Leopold Resi Johannes Valentina Florian Magdalena Xaver Theresa Georg Lisbeth Severin Viktoria".split()
    ),
    "NL": tuple(
        "Joost Femke Sander Marijke Bram Liesbeth Daan Anouk Pieter Roos Wouter Sanne Thijs Mirjam Jeroen Fleur".split()
    ),
    "FR": tuple(
        "Élodie Mathieu Camille Thibault Margaux Antoine Solène Baptiste Clémence Rémi Aurélie Yannick Maëlle "
        "Olivier Noémie Gaëtan".split()
    ),
    "GB": tuple(
        "Harriet Callum Imogen Rhys Priya Alastair Bronwen Desmond Fiona Gareth Nadia Rupert Siobhan Tariq Winifred "
        "Euan".split()
    ),
    "IE": tuple("Aoife Cormac Niamh Declan Róisín Eoin Gráinne Padraig".split()),
    "ES": tuple(
        "Lucía Álvaro Inés Gonzalo Marta Íñigo Pilar Rodrigo Nuria Ignacio Rocío Xavier Begoña Mateo "
        "Carmen Joaquín".split()
    ),
    "PL": tuple(
        "Agnieszka Paweł Małgorzata Krzysztof Zuzanna Łukasz Barbara Wojciech Kinga Tomasz Dorota Grzegorz".split()
    ),
    "SE": tuple("Astrid Lars Ingrid Mårten Linnéa Torbjörn Åsa Viktor Malin Håkan Saga Gunnar".split()),
    "IT": tuple("Chiara Lorenzo Giulia Matteo Ornella Fabrizio Serena Davide Lucrezia Enzo Marisa Tiziano".split()),
    "TR": tuple("Elif Murat Zeynep Emre Ayşe Kerem Defne Orhan Nazlı Tarık".split()),
    "IN": tuple("Ananya Rohan Meera Vikram Kavya Arjun Lakshmi Sanjay Divya Farhan".split()),
}

LAST: dict[str, tuple[str, ...]] = {
    "DE": tuple(
        "Brandt Hollmann Seiffert Krahn Lohse Diekmann Vossberg Rautenberg Tiedge Oelrich Pfannstiel Wendland Harms "
        "Kühnel Möllers Grünewald Stößer Jahnke Behrens Schöttler Ahlers Quandel Zöllner Ihde".split()
    ),
    "AT": tuple(
        "Hinterleitner Moosbrugger Pichlmaier Strasser Gruberl Oberkofler Wallnöfer Rainerl Kienzer Edlbauer".split()
    ),
    "NL": (
        "van der Meulen",
        "de Ridder",
        "Hoekstra",
        "Terpstra",
        "van Loon",
        "Dijkman",
        "Bouwhuis",
        "ten Brink",
        "Visscher",
        "Kuipers",
        "Schouten",
        "van Aalst",
        "Zijlstra",
        "Roelofs",
    ),
    "FR": tuple(
        "Lavergne Morvan Chastain Delacroze Pelletin Rousselot Beaufils Guichard Tessandier Marchalot Vauclair "
        "Lemesle Fontanel Quéré".split()
    ),
    "GB": tuple(
        "Ashworth Pemberley Okafor Trevanion Hallam Whitlock Mackinley Ellsworth Chaudhry Penhale Garrick Oldroyd "
        "Stanmore Bexley".split()
    ),
    "IE": tuple(
        "Kilbride Ó Faoláin MacGowran Tierney Mulcahey Brannock Devane Lenihan".replace(
            "Ó Faoláin", "Ó-Faoláin"
        ).split()
    ),
    "ES": tuple(
        "Arrizabalaga Quintanar Montalvo Espejo Valdivieso Carranza Olmedo Santolaya Bustamar Lariza Perelló "
        "Villacampa".split()
    ),
    "PL": tuple(
        "Wiśniakowski Zielonka Dąbrowicz Kowalewicz Majchrzyk Sobieraj Gawrońska Piechota Łaskawiec Borowiak".split()
    ),
    "SE": tuple("Lindqvister Ekdahl Sjögård Nyblom Hallsten Bergvall Åkerlind Strandell Forsmark Norrgård".split()),
    "IT": tuple(
        "Bellandi Fiorentola Castellazzo Marchesin Ravasio Tosetti Vignola Corradin Pellegrinotti Zanardo".split()
    ),
    "TR": tuple("Yıldızhan Karaosman Demirsoy Aksungur Tekinalp Özdemirel Çelikbaş Şahinler".split()),
    "IN": tuple("Raghavendra Krishnaswamy Bhattarai Deshmukhe Kulkarnia Menonath Chatterjea Iyengaran".split()),
}

ELSEWHERE = ("TR", "IN", "GB", "PL", "IT", "FR", "DE")
"""Where a colleague from another country comes from."""

ROLES = ("decider", "user", "influencer", "procurement")
INFLUENCE = (1.0, 0.45, 0.6, 0.35)

TITLES: dict[str, tuple[tuple[str, ...], ...]] = {
    "hotel": (
        ("Operations director", "Managing director", "Head of hotel operations"),
        ("Breakfast manager", "Bar manager"),
        ("Food and beverage manager", "Sustainability officer"),
        ("Purchasing manager", "Group buyer"),
    ),
    "office": (
        ("Office manager", "Head of facilities", "Managing partner"),
        ("Front desk lead", "Team assistant"),
        ("People and culture lead", "Sustainability lead"),
        ("Buyer", "Procurement officer"),
    ),
    "cafe": (("Owner", "Founder", "Practice owner"), ("Studio manager", "Assistant"), ("Partner",), ("Bookkeeper",)),
    "plant": (
        ("Plant manager", "Technical director"),
        ("Process operator", "Shift lead"),
        ("Process engineer", "Quality lead"),
        ("Technical buyer", "Purchasing manager"),
    ),
    "household": (("",), ("",), ("",), ("",)),
}

_PLAIN = str.maketrans({"ß": "ss", "ł": "l", "Ł": "L", "ø": "o", "ı": "i", "æ": "ae", "ä": "ae", "ö": "oe", "ü": "ue"})


def plain(text: str) -> str:
    """The text as people type it into an e-mail address: lower case, a to z and digits, hyphens for the rest."""
    lowered = unicodedata.normalize("NFC", text).lower().translate(_PLAIN)
    ascii_only = unicodedata.normalize("NFD", lowered).encode("ascii", "ignore").decode()
    return "-".join("".join(c if c.isalnum() else " " for c in ascii_only).split())
