"""Exports of tools without a reference of their own: of sales, shops, billing, advertising, in any language."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.unit.files.helpers import Brought, bring, write
from twostroke.connectors.files.vocabulary import outcome_of
from twostroke.intake.facts import RejectedRow
from twostroke.ledger.facts import Draft


def said(brought: Brought, kind: str) -> list[Draft]:
    return [draft for draft in brought.drafts() if draft.kind == kind]


def roles(brought: Brought) -> dict[str, str]:
    return {column.header: column.role for column in brought.proposal.mapping.tables[0].columns}


@pytest.mark.parametrize(
    ("stage", "outcome"),
    [
        ("Closed-Lost to Competition", "lost"),
        ("Closed Won - Onboarding", "won"),
        ("Lost - no budget", "lost"),
        ("Lost to competitor", "lost"),
        ("Won: renewal", "won"),
        ("Fechado ganho", "won"),
        ("Lost contact", "open"),
        ("Winback", "open"),
        ("Won over champion", "open"),
    ],
)
def test_an_outcome_is_told_by_how_a_stage_begins_and_not_by_any_word_of_it(stage: str, outcome: str) -> None:
    assert outcome_of(stage) == outcome


def test_a_wide_export_with_a_name_and_a_value_is_one_of_deals(tmp_path: Path) -> None:
    header = ("Copper ID", "Name", "Primary Contact", "Company", "Pipeline", "Stage", "Owner", "Status", "Close Date",
              "Value", "Created At", "Loss Reason")  # fmt: skip
    row = ("30001", "Firm project", "Ann Berg", "Firm", "Sales", "Meeting", "Ada", "Won", "2024-03-13", "$5,500.00",
           "2024-01-13", "")  # fmt: skip
    other = ("30002", *row[1:7], "Lost", *row[8:])
    brought = bring([write(tmp_path / "opportunities.csv", header, [row, other])])
    (won,) = said(brought, "deal.won")
    assert (won.amount_minor, won.currency) == (550_000, "USD")
    assert brought.odd("“$” in “Value” was taken for USD").rows == 2


def test_each_amount_is_of_the_currency_its_cell_names(tmp_path: Path) -> None:
    header = ("Opportunity Name", "Account Name", "Stage", "Amount", "Close Date")
    amounts = ("USD 1,234.00", "EUR 500.00", "GBP 1,500.50")
    rows = [(f"Deal {n}", f"Firm {n}", "Closed Won", amount, "2024-03-01") for n, amount in enumerate(amounts)]
    brought = bring([write(tmp_path / "report.csv", header, rows)])
    money = [(line.amount_minor, line.currency) for line in said(brought, "deal.won")]
    assert money == [(123_400, "USD"), (50_000, "EUR"), (150_050, "GBP")]


def test_a_currency_in_words_keeps_no_row_out(tmp_path: Path) -> None:
    header = ("Topic", "Potential Customer", "Status", "Est. Revenue", "Actual Close Date", "Currency")
    brought = bring([write(tmp_path / "o.csv", header, [("Deal", "Firm", "Won", "$99.00", "2024-03-01", "US Dollar")])])
    assert [(line.amount_minor, line.currency) for line in said(brought, "deal.won")] == [(9_900, "USD")]


def test_further_positions_of_a_shops_order_are_of_the_same_order(tmp_path: Path) -> None:
    header = ("Name", "Email", "Financial Status", "Currency", "Total", "Created at", "Lineitem quantity",
              "Lineitem name", "Id")  # fmt: skip
    rows = [
        ("#1001", "ann@example.org", "paid", "EUR", "55.00", "2024-03-01 10:00:00 +0100", "1", "Beans", "5001"),
        ("#1001", "ann@example.org", "", "", "", "2024-03-01 10:00:00 +0100", "2", "Cup", ""),
        ("#1002", "bo@example.org", "paid", "EUR", "25.00", "2024-03-02 10:00:00 +0100", "1", "Cup", "5002"),
    ]
    brought = bring([write(tmp_path / "orders_export.csv", header, rows)])
    placed = said(brought, "order.placed")
    assert [line.amount_minor for line in placed] == [5_500, None, 2_500]
    assert placed[0].subject == placed[1].subject != placed[2].subject
    keys = [row.record for row in brought.rows["orders_export"] if not isinstance(row, RejectedRow)]
    assert len(set(keys)) == len(keys)


PAYMENTS = (
    "id",
    "Created date (UTC)",
    "Amount",
    "Currency",
    "Status",
    "PaymentIntent ID",
    "Customer Email",
    "Invoice ID",
)
INVOICES = ("id", "Customer Email", "Number", "Status", "Date (UTC)", "Due Date (UTC)", "Currency", "Tax", "Total")


def test_payments_and_the_invoices_they_pay_are_no_deals(tmp_path: Path) -> None:
    paid = ("ch_1", "2024-03-01 10:00", "119.00", "eur", "Paid", "pi_1", "ann@example.org", "in_1")
    failed = ("ch_2", "2024-03-01 11:00", "9.00", "eur", "Failed", "pi_2", "bo@example.org", "in_2")
    write(tmp_path / "payments.csv", PAYMENTS, [paid, failed])
    invoice = (
        "in_1",
        "ann@example.org",
        "A-0001",
        "paid",
        "2024-02-20 10:00",
        "2024-03-05 10:00",
        "eur",
        "19.00",
        "119.00",
    )
    write(tmp_path / "invoices.csv", INVOICES, [invoice])
    brought = bring([tmp_path])
    (received,), (issued,) = said(brought, "payment.received"), said(brought, "invoice.issued")
    assert (received.amount_minor, issued.amount_minor) == (11_900, 11_900)
    assert received.properties["invoice"] == issued.subject
    (refused,) = [row for row in brought.rows["payments"] if isinstance(row, RejectedRow)]
    assert refused.code == "not-paid"


SPEND = ("Day", "Campaign", "Cost", "Clicks")


def test_reports_of_two_platforms_with_one_campaign_name_are_two_costs(tmp_path: Path) -> None:
    for name in ("google ads.csv", "bing ads.csv"):
        write(tmp_path / name, SPEND, [("2024-03-01", "Brand", "10.50", "3")])
    brought = bring([tmp_path])
    costs = said(brought, "spend.recorded")
    assert len({line.subject for line in costs}) == len(costs) == 2
    assert {line.channel for line in costs} == {"google-ads", "microsoft-ads"}


def test_a_restated_report_under_another_name_still_replaces_the_first(tmp_path: Path) -> None:
    first = bring([write(tmp_path / "google 1.csv", SPEND, [("2024-03-01", "Brand", "10.50", "3")])])
    later = bring([write(tmp_path / "google 2.csv", SPEND, [("2024-03-01", "Brand", "9.50", "3")])])
    assert said(first, "spend.recorded")[0].subject == said(later, "spend.recorded")[0].subject


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (("OPTIN_TIME", "CONFIRM_TIME"), "CONFIRM_TIME"),
        (("CONFIRM_TIME", "OPTIN_TIME"), "OPTIN_TIME"),
    ],
)
def test_of_two_dates_of_one_meaning_the_one_that_is_filled_counts(
    tmp_path: Path, header: Sequence[str], expected: str
) -> None:
    rows = [(f"m{n}@example.org", "Ann", "Berg", "", f"2024-03-{n:02d} 10:00:00") for n in range(1, 4)]
    brought = bring([write(tmp_path / "audience.csv", ("Email Address", "First Name", "Last Name", *header), rows)])
    assert {name: role for name, role in roles(brought).items() if role == "created_at"} == {expected: "created_at"}


LEADS = (
    "company_name",
    "first_name",
    "last_name",
    "email",
    "phone",
    "city",
    "created_at",
    "source",
    "owner",
    "job_title",
)


@pytest.mark.parametrize(
    "header",
    [
        "Bedrijfsnaam;Voornaam;Achternaam;E-mailadres;Telefoonnummer;Plaats;Aanmaakdatum;Herkomst;Accountmanager;Functie",
        "Azienda;Nome;Cognome;E-mail;Telefono;Città;Data creazione;Fonte;Proprietario;Ruolo",
        "Empresa;Nome;Sobrenome;E-mail;Telefone;Cidade;Data de criação;Origem;Proprietário;Cargo",
        "Empresa;Nombre;Apellidos;Correo electrónico;Teléfono;Ciudad;Fecha de creación;Origen;Propietario;Cargo",
        "Entreprise;Prénom;Nom de famille;Courriel;Téléphone;Ville;Date du premier contact;Origine;Commercial;Fonction",
        "Firma;Vorname;Nachname;E-Mail-Adresse;Telefon;Ort;Erstkontakt;Herkunft;Zuständig;Funktion",
    ],
)
def test_lists_of_leads_in_other_languages_need_no_hand(tmp_path: Path, header: str) -> None:
    row = ("Firm", "Ann", "Berg", "ann@example.org", "+49 30 123456", "Town", "24.03.2024", "Fair", "Ada", "Head")
    brought = bring([write(tmp_path / "list.csv", header.split(";"), [row], ";")])
    assert tuple(roles(brought).values()) == LEADS


@pytest.mark.parametrize(
    ("people", "won"),
    [
        (("visitor", "first_seen", "medium"), ("visitor", "consultant", "sealed", "gmv")),
        (("Lead", "Came in", "Source"), ("Lead", "Seller", "Signed", "Net")),
        (("Nr", "Datum", "Weg"), ("Interessent", "Vertreter", "Unterschrift", "Summe")),
        (("Lead No", "Date received", "Channel"), ("Enquiry", "Closer", "Signing date", "Net amount")),
    ],
)
def test_a_funnel_of_leads_and_won_deals_needs_no_hand(
    tmp_path: Path, people: Sequence[str], won: Sequence[str]
) -> None:
    leads = [(str(n), f"{n % 28 + 1:02d}.03.2024", "fair" if n % 3 else "web") for n in range(1, 41)]
    write(tmp_path / "interessenten.csv", people, leads)
    signed = [(str(n), "Ada" if n % 2 else "Bo", f"2024-05-{n:02d}", f"1.{n:03d},50") for n in range(1, 21)]
    write(tmp_path / "won.csv", won, signed, ";")
    brought = bring([tmp_path])
    assert brought.records() == {"interessenten": "person", "won": "deal"}
    wins, claims = said(brought, "deal.won"), said(brought, "identity.claimed")
    assert [line.amount_minor for line in wins[:2]] == [100_150, 100_250]
    assert {line.identifier for line in wins} <= {line.subject for line in claims}
    assert len({line.actor for line in wins}) == 2
    assert all(line.happened_at for line in (*wins, *claims))


ORDERS = ("Order ID", "Order Date", "Customer ID", "Product ID", "Sales", "Quantity")
TILL = ("InvoiceNo", "StockCode", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID")


@pytest.mark.parametrize(
    ("header", "rows", "worth"),
    [
        (ORDERS, [("A1", "2024-03-01", "C1", "mill", "100.10", "1"), ("A1", "2024-03-01", "C1", "cup", "9.90", "2"),
                  ("A2", "2024-03-02", "C2", "cup", "5.00", "1")], {"A1": 11_000, "A2": 500}),
        (ORDERS, [("A1", "2024-03-01", "C1", "mill", "110.00", "1"), ("A1", "2024-03-01", "C1", "cup", "110.00", "2"),
                  ("A2", "2024-03-02", "C2", "cup", "5.00", "1")], {"A1": 11_000, "A2": 500}),
        (TILL, [("A1", "mill", "2", "2024-03-01 08:26", "2.555", "C1"),
                ("A1", "cup", "3", "2024-03-01 08:26", "1.5", "C1"),
                ("A2", "cup", "-1", "2024-03-02 08:26", "1.5", "C1")], {"A1": 961, "A2": -150}),
    ],
    ids=["positions are added up", "a total that each row repeats is one", "price times quantity where none says it"],
)  # fmt: skip
def test_an_order_is_worth_what_its_positions_make(
    tmp_path: Path, header: Sequence[str], rows: Sequence[Sequence[str]], worth: dict[str, int]
) -> None:
    brought = bring([write(tmp_path / "orders.csv", header, rows)])
    names = {found.id: found.value for found in brought.minter.drain()}
    placed = said(brought, "order.placed")
    assert {names[line.subject]: line.amount_minor for line in placed if line.amount_minor is not None} == worth
    assert len(placed) == len(rows)


def test_a_state_of_an_address_is_no_stage_of_a_deal(tmp_path: Path) -> None:
    header = ("Deal ID", "Deal Name", "Close Date", "Amount", "State")
    rows = [(str(n), f"Deal {n}", "2024-03-01", "5.00", "Kentucky" if n % 2 else "Ohio") for n in range(20)]
    assert "stage" not in roles(bring([write(tmp_path / "deals.csv", header, rows)])).values()
    ended = [(*row[:4], "Won" if n % 2 else "Open") for n, row in enumerate(rows)]
    assert roles(bring([write(tmp_path / "deals.csv", header, ended)]))["State"] == "stage"


def test_dates_whose_header_names_an_offset_are_read_with_it(tmp_path: Path) -> None:
    header = ("Record ID - Contact", "First Name", "Last Name", "Email", "Create Date (GMT+1)", "Record ID - Company")
    row = ("1", "Ann", "Berg", "ann@example.org", "2024-03-01 12:00", "7")
    brought = bring([write(tmp_path / "contacts.csv", header, [row])])
    assert roles(brought)["Record ID - Company"] == "company_key"
    assert {line.happened_at for line in said(brought, "identity.claimed")} == {1_709_290_800_000}


def test_where_the_first_number_or_address_is_empty_the_second_is_taken(tmp_path: Path) -> None:
    header = ("Person - ID", "Person - Name", "Person - Email - Work", "Person - Email - Home", "Person - Phone - Work",
              "Person - Phone - Mobile")  # fmt: skip
    rows = [("1", "Ann Berg", "ann@example.org", "", "", "+49 170 1234567"),
            ("2", "Bo Kahn", "", "bo@example.org", "+49 30 123456", "+49 170 7654321")]  # fmt: skip
    brought = bring([write(tmp_path / "people.csv", header, rows)])
    known = {f"{found.namespace}|{found.value}": found.id for found in brought.minter.drain()}
    ann, bo = (set(line.properties["ids"]) for line in said(brought, "identity.claimed"))
    assert {known["email|ann@example.org"], known["phone|+491701234567"]} < ann
    assert {known["email|bo@example.org"], known["phone|+4930123456"]} < bo
    assert "phone|+491707654321" not in known
    described = said(brought, "person.described")[1].personal
    assert (described["phone"], described["Person - Phone - Mobile"]) == ("+49 30 123456", "+49 170 7654321")


def test_a_deal_lost_ends_when_it_was_lost(tmp_path: Path) -> None:
    header = ("Deal - ID", "Deal - Title", "Deal - Status", "Deal - Stage", "Deal - Deal created", "Deal - Won time",
              "Deal - Lost time")  # fmt: skip
    rows = [("1", "One", "Won", "Offer", "2024-01-02 10:00:00", "2024-02-02 10:00:00", ""),
            ("2", "Two", "Lost", "Offer", "2024-01-02 10:00:00", "", "2024-03-02 10:00:00")]  # fmt: skip
    brought = bring([write(tmp_path / "deals.csv", header, rows)])
    assert [line.happened_at for line in said(brought, "deal.won")] == [1_706_868_000_000]
    assert [line.happened_at for line in said(brought, "deal.lost")] == [1_709_373_600_000]
