"""Further names of the fields: what other tools call them, and how German, French and Spanish exports do.

Sources: the column headers of exports of Pipedrive, Zoho, Odoo, Dynamics, Mailchimp, Typeform, Calendly, LinkedIn's and
Facebook's lead forms, and of Salesforce and HubSpot in those languages. They stand after all names of ``fields``.
"""

from __future__ import annotations

OTHER_NAMES: dict[str, dict[str, str]] = {
    "company": {
        "key": "organization record id, firmen id, unternehmens id, account name id",
        "name": "accountname, kundenname, nom du compte, nombre de la cuenta, unternehmensname, name des unternehmens",
        "owner": (
            "sales rep, sales agent, salesperson, fuer unternehmen zustaendiger mitarbeiter, accountinhaber, "
            "account inhaber, inhaber, unternehmensinhaber, proprietaire, proprietaire du compte"
        ),
        "country": "rechnungsland, pays de facturation, land region",
        "created_at": "created time, organization created, erstelldatum, date de creation, fecha de creacion",
        "employees": "anzahl der mitarbeiter, anzahl mitarbeiter, nombre d employes, numero de empleados",
        "revenue": "jahrlicher umsatz, chiffre d affaires annuel",
        "domain": "domain name, unternehmensdomain, domainname des unternehmens, nom de domaine",
        "phone": "telefonnummer, telephone, phone work",
    },
    "person": {
        "key": "record no, datensatz id, lead kontakt id, prospect key, euid",
        "email": (
            "email work, email home, your email, what is your email, what s your email, email 1 value, what s "
            "your work email, e mail adresse geschaftlich, adresse e mail, adresse mail, courriel professionnel"
        ),
        "phone": (
            "phone work, phone mobile, phone home, phone 1 value, your phone number, mobiltelefonnummer, numero "
            "de telephone, telephone portable"
        ),
        "name": "your name, what is your name, what s your name, vor und nachname, nom complet, nombre completo",
        "company_name": (
            "accountname, unternehmensname, name des unternehmens, company account, organization name, nom de l "
            "entreprise, what company do you work for, your company, societe compte, potential customer"
        ),
        "job_title": "berufsbezeichnung, position im unternehmen, intitule du poste, your role, titel, fonction",
        "owner": (
            "lead inhaber, leadinhaber, kontaktinhaber, fuer kontakt zustaendiger mitarbeiter, inhaber, "
            "proprietaire, proprietaire de la piste, proprietaire du contact, salesperson, assigned to user"
        ),
        "created_at": (
            "created time, creation time, lead created at, person created, optin time, opt in date, opt in time, "
            "confirm time, subscribed at, subscription date, subscribe date, submit date, submitted at, submitted "
            "on, date submitted, submission date, submission time, submitted time, completed at, erstelldatum, "
            "erstellungsdatum, first touch, first touched, first touched at, first visit, first visited, first "
            "enquiry, first inquiry, first heard from, contacted on, enquired on, erstellt, anlagedatum, eingang, "
            "eingangsdatum"
        ),
        "converted_at": "converted date time, converted time, umwandlungsdatum",
        "lead_status": "leadstatus, lead phase, etat de la piste, statut de la piste, statut",
        "lifecycle_stage": "lifecycle phase, phase im lebenszyklus, phase du cycle de vie",
        "source": (
            "ursprungliche quelle, ursprungliche traffic quelle, came from, comes from, where from, lead "
            "quelle, leadquelle, ursprung, origine de la piste, source de la piste, origen del candidato, how "
            "they came, first source, acquired by, acquired via, referrer"
        ),
        "do_not_email": "e mail deaktivierung, von allen e mails abgemeldet, opted out, email opt out status",
        "unsubscribed_at": (
            "unsub time, unsubscribed at, unsubscribed on, unsubscribe date, unsubscribe time, opted out at, opt "
            "out date, opt out time, abgemeldet am, date de desinscription"
        ),
        "contact_id": "converted contact name id",
        "opportunity_id": "converted deal id",
    },
    "deal": {
        "key": "verkaufschancen nr, opportunity nr, piste id",
        "name": (
            "opportunity titel, name der opportunity, nom de l opportunite, nom de la transaction, nombre de la "
            "oportunidad, dealname, deal titel, titel, bezeichnung"
        ),
        "stage": "deal phase, dealphase, vertriebsphase, phase de la transaction, phase de vente",
        "amount": (
            "expected revenue, est revenue, estimated revenue, estimated value, actual revenue, erwarteter "
            "umsatz, auftragssumme, summe, gesamtbetrag, montant total, chiffre d affaires, importe total"
        ),
        "currency": (
            "amount currency, currency of value, value currency, deal value currency, wahrung, betrag wahrung, "
            "montant devise, importe divisa, divisa, devise du montant, transaction currency"
        ),
        "opened_at": (
            "created time, deal created, add time, added on, erstelldatum, erstellungsdatum, erstellt, angelegt, "
            "date d ouverture"
        ),
        "closed_at": (
            "schlusstermin, abschlusstermin, deal closed on, closed time, won time, lost time, closed won date, "
            "signature date, date of signature, signed, date signed, contract signed, contract signed on, date de "
            "signature, fecha de firma, unterschrieben am, auftragsdatum, close time, deal won on"
        ),
        "expected_at": (
            "abschluss erwartet, erwarteter abschluss, expected closing, est close date, expected closing date, "
            "voraussichtlicher abschluss, voraussichtliches abschlussdatum, date de cloture prevue"
        ),
        "stage_at": "last stage change, stage change date",
        "company": (
            "accountname, name des accounts, nom du compte, compte, nombre de la cuenta, cuenta, kundenname, "
            "firmenname, unternehmensname, nom de l entreprise, potential customer, organization id, account name "
            "id"
        ),
        "person": (
            "contact person, contact person id, contact name id, originating lead, hauptansprechpartner, contact "
            "principal"
        ),
        "owner": (
            "fuer deal zustaendiger mitarbeiter, opportunity inhaber, inhaber der opportunity, deal inhaber, "
            "dealinhaber, inhaber, zustandig, proprietaire de l opportunite, proprietaire de la transaction, "
            "proprietaire, responsable, propietario, won by, signed by, handled by, vertriebler, account owner"
        ),
        "lost_reason": "reason for loss, loss reason detail, grund des verlusts, motif de perte",
        "probability": "wahrscheinlichkeit pct, probabilite, probabilidad",
        "source": "lead quelle, leadquelle, origine de la piste, source de la piste, came from",
        "outcome": "won lost, win loss, won or lost, status code, statecode, ausgang",
        "next_step": "nachster schritt, prochaine etape",
    },
    "activity": {
        "person": "invitee email, attendee email, contact person id, guest email, teilnehmer, participant email",
        "at": "start date time, due date, event start, beginn, debut",
        "ended_at": "end date time, event end, ende",
        "owner": "assigned to user, user name, host, organizer, zustandig, proprietaire, assigned user",
        "type": "event type name, meeting type",
        "created_at": "event created date time",
        "deleted": "canceled, cancelled",
        "company": "organization",
    },
    "touch": {
        "at": "registration time, registration date time, join time, sign up time, timestamp utc, event date time",
        "person": "attendee email address, user email, subscriber email",
        "campaign": "email name, mailing name, newsletter",
    },
}
