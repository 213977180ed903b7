"""Further names of the fields: what other tools call them, and exports in German, French,
Spanish, Italian, Portuguese and Dutch.

Sources: the column headers of exports of Pipedrive, Zoho, Odoo, Dynamics, Mailchimp, Typeform, Calendly, LinkedIn's and
Facebook's lead forms, and of Salesforce and HubSpot in those languages. They stand after all names of ``fields``.
"""

from __future__ import annotations

OTHER_NAMES: dict[str, dict[str, str]] = {
    "company": {
        "key": (
            "organization record id, firmen id, unternehmens id, account name id, klantnummer, relatienummer, numero "
            "client, codice cliente"
        ),
        "name": (
            "accountname, kundenname, nom du compte, nombre de la cuenta, unternehmensname, name des unternehmens, "
            "bedrijf, bedrijfsnaam, klantnaam, azienda, nome azienda, ragione sociale, raison sociale, nom de l "
            "entreprise, nom de la societe, nome da empresa, razao social, nombre de la empresa"
        ),
        "owner": (
            "sales rep, sales agent, salesperson, fuer unternehmen zustaendiger mitarbeiter, accountinhaber, account "
            "inhaber, inhaber, unternehmensinhaber, proprietaire, proprietaire du compte, eigenaar, accounteigenaar, "
            "propietario, proprietario, responsable, responsabile, responsavel, commercial, commerciale"
        ),
        "country": "rechnungsland, pays de facturation, land region, paese, nazione",
        "created_at": (
            "created time, organization created, erstelldatum, date de creation, fecha de creacion, aanmaakdatum, "
            "aangemaakt op, data creazione, data di creazione, data de criacao, erstellungsdatum"
        ),
        "employees": (
            "anzahl der mitarbeiter, anzahl mitarbeiter, nombre d employes, numero de empleados, aantal medewerkers, "
            "aantal werknemers, numero di dipendenti, numero dipendenti, numero de funcionarios"
        ),
        "revenue": (
            "jahrlicher umsatz, chiffre d affaires annuel, omzet, jaaromzet, fatturato, fatturato annuo, receita "
            "anual, faturamento"
        ),
        "domain": (
            "domain name, unternehmensdomain, domainname des unternehmens, nom de domaine, sito web, sitio web, "
            "domein, dominio"
        ),
        "phone": "telefonnummer, telephone, phone work, telefoonnummer, telefoon, telefono, telefone",
        "industry": "sektor, sector de actividad, settore, setor, secteur d activite, sectie",
        "city": "plaats, woonplaats, citta, cidade",
        "street": "adres, straat, anschrift, indirizzo, direccion, endereco, rue, calle",
        "postcode": "postleitzahl, code postal, codigo postal, codice postale",
    },
    "person": {
        "key": (
            "record no, datensatz id, lead kontakt id, prospect key, euid, relatienummer, visitor, visitor id, "
            "interessent, interessenten nr, interessentennummer, anfrage nr, anfragenummer, lead code, lead ref, nr, "
            "lead, prospect, enquiry, inquiry"
        ),
        "email": (
            "email work, email home, your email, what is your email, what s your email, email 1 value, what s your "
            "work email, e mail adresse geschaftlich, adresse e mail, adresse mail, courriel professionnel, e "
            "mailadres, emailadres, indirizzo e mail, posta elettronica, endereco de e mail, direccion de correo, "
            "primary contact primary email"
        ),
        "phone": (
            "phone work, phone mobile, phone home, phone 1 value, your phone number, mobiltelefonnummer, numero de "
            "telephone, telephone portable, telefoonnummer, telefoon, mobiel, mobiel nummer, cellulare, numero di "
            "telefono, telefone, celular, primary contact primary phone"
        ),
        "name": (
            "your name, what is your name, what s your name, vor und nachname, nom complet, nombre completo, "
            "volledige naam, contactpersoon, nome completo, primary contact name, naam, navn, namn"
        ),
        "company_name": (
            "accountname, unternehmensname, name des unternehmens, company account, organization name, nom de l "
            "entreprise, what company do you work for, your company, societe compte, potential customer, bedrijf, "
            "bedrijfsnaam, organisatie, azienda, nome azienda, nome da empresa, ragione sociale, raison sociale, "
            "entreprise, zugehoriges unternehmen, primares zugehoriges unternehmen, nombre de la empresa, nom de la "
            "societe, related account"
        ),
        "job_title": (
            "berufsbezeichnung, position im unternehmen, intitule du poste, your role, titel, fonction, functie, "
            "functietitel, ruolo, qualifica, funcao"
        ),
        "owner": (
            "lead inhaber, leadinhaber, kontaktinhaber, fuer kontakt zustaendiger mitarbeiter, inhaber, proprietaire, "
            "proprietaire de la piste, proprietaire du contact, salesperson, assigned to user, eigenaar, "
            "contacteigenaar, verkoper, propietario, propietario del contacto, proprietario, responsable, "
            "responsabile, responsavel, commercial, commerciale, venditore, vendedor"
        ),
        "created_at": (
            "created time, creation time, lead created at, person created, optin time, opt in date, opt in time, "
            "confirm time, subscribed at, subscription date, subscribe date, submit date, submitted at, submitted on, "
            "date submitted, submission date, submission time, submitted time, completed at, erstelldatum, "
            "erstellungsdatum, first touch, first touched, first touched at, first visit, first visited, first "
            "enquiry, first inquiry, first heard from, contacted on, enquired on, erstellt, anlagedatum, eingang, "
            "eingangsdatum, aanmaakdatum, aangemaakt op, datum aangemaakt, eerste contact, datum eerste contact, data "
            "creazione, data di creazione, creato il, primo contatto, data primo contatto, data de criacao, criado "
            "em, primeiro contato, data do primeiro contato, primer contacto, fecha del primer contacto, premier "
            "contact, date du premier contact, date de premier contact, datum des erstkontakts, datum erstkontakt, "
            "registration time, first seen at, datum der anfrage, anfragedatum, date of enquiry, date of inquiry, "
            "lead acquisition date, acquisition date"
        ),
        "converted_at": (
            "converted date time, converted time, umwandlungsdatum, won at, customer at, became customer at"
        ),
        "lead_status": (
            "leadstatus, lead phase, etat de la piste, statut de la piste, statut, status label, stato del lead, "
            "stato lead, estado del lead, estado del candidato, status do lead, statut du prospect"
        ),
        "lifecycle_stage": (
            "lifecycle phase, phase im lebenszyklus, phase du cycle de vie, levenscyclusfase, fase del ciclo di vita, "
            "etapa del ciclo de vida, fase do ciclo de vida"
        ),
        "source": (
            "ursprungliche quelle, ursprungliche traffic quelle, came from, comes from, where from, lead quelle, "
            "leadquelle, ursprung, origine de la piste, source de la piste, origen del candidato, how they came, "
            "first source, acquired by, acquired via, referrer, herkomst, bron, leadbron, lead herkunft, original "
            "traffic quelle, originalquelle, fonte, provenienza, origem, origem do lead, source d origine, source du "
            "lead, fuente original, kanal, canal, akquisekanal, medium, weg, kontaktweg, utm medium, referral "
            "channel, came via, via"
        ),
        "do_not_email": (
            "e mail deaktivierung, von allen e mails abgemeldet, opted out, email opt out status, unsubscribed from "
            "emails, unsubscribed from all mail"
        ),
        "unsubscribed_at": (
            "unsub time, unsubscribed at, unsubscribed on, unsubscribe date, unsubscribe time, opted out at, opt out "
            "date, opt out time, abgemeldet am, date de desinscription"
        ),
        "contact_id": "converted contact name id",
        "opportunity_id": "converted deal id",
        "first_name": "voornaam, roepnaam, nome, primeiro nome",
        "last_name": "achternaam, cognome, sobrenome, apelido, familienname",
        "country": "paese, nazione",
        "city": "plaats, woonplaats, citta, cidade, wohnort",
        "street": (
            "strasse, strasse und hausnummer, anschrift, adresse, adres, straat, indirizzo, direccion, endereco, rue, "
            "calle"
        ),
        "postcode": "postleitzahl, code postal, codigo postal, codice postale, postcode",
        "state": "provincie, provincia, estado region",
        "language": "sprache, taal, lingua, langue, idioma",
        "company_key": "record id company",
        "became_lead_at": "lead at",
        "became_mql_at": "mql at, became mql at, mql date",
        "became_sql_at": "sql at, became sql at",
        "became_opportunity_at": "opportunity at, became opportunity at",
        "visits": "web sessions",
    },
    "deal": {
        "key": "verkaufschancen nr, opportunity nr, piste id, item id",
        "name": (
            "opportunity titel, name der opportunity, nom de l opportunite, nom de la transaction, nombre de la "
            "oportunidad, dealname, deal titel, titel, bezeichnung, dealnaam, verkoopkans, nome opportunita, nome "
            "trattativa, nome del deal, nome do negocio, nombre del negocio, nombre de la transaccion, nom de l "
            "affaire"
        ),
        "stage": (
            "deal phase, dealphase, vertriebsphase, phase de la transaction, phase de vente, fase, dealfase, "
            "verkoopfase, fase trattativa, etapa do negocio, etapa del negocio, etape de la transaction"
        ),
        "amount": (
            "expected revenue, est revenue, estimated revenue, estimated value, actual revenue, erwarteter umsatz, "
            "auftragssumme, summe, gesamtbetrag, montant total, chiffre d affaires, importe total, bedrag, waarde, "
            "dealbedrag, importo, valore, valor do negocio, valor del negocio, montant de la transaction, net, net "
            "value, net amount, netto, nettobetrag, gmv, mrr, annual value, summe netto"
        ),
        "currency": (
            "amount currency, currency of value, value currency, deal value currency, wahrung, betrag wahrung, "
            "montant devise, importe divisa, divisa, devise du montant, transaction currency, valuta, moeda"
        ),
        "opened_at": (
            "created time, deal created, add time, added on, erstelldatum, erstellungsdatum, erstellt, angelegt, date "
            "d ouverture, aanmaakdatum, aangemaakt op, data creazione, data di creazione, creato il, data de criacao, "
            "criado em, deal creation date, creation log, opened time, lead acquisition date"
        ),
        "closed_at": (
            "schlusstermin, abschlusstermin, deal closed on, closed time, won time, closed won date, signature date, "
            "date of signature, signed, date signed, contract signed, contract signed on, date de signature, fecha de "
            "firma, unterschrieben am, auftragsdatum, close time, deal won on, sluitingsdatum, afsluitdatum, gewonnen "
            "op, data di chiusura, data chiusura, data de fechamento, fechado em, unterschrift, unterschriftsdatum, "
            "unterzeichnet am, abschluss, abschluss am, vertragsdatum, vertragsabschluss, signing date, sealed, "
            "sealed on, ink date"
        ),
        "expected_at": (
            "abschluss erwartet, erwarteter abschluss, expected closing, est close date, expected closing date, "
            "voraussichtlicher abschluss, voraussichtliches abschlussdatum, date de cloture prevue, verwachte "
            "sluitingsdatum, verwachte afsluitdatum, data di chiusura prevista, fecha de cierre prevista, data "
            "prevista de fechamento, estimated closing date"
        ),
        "stage_at": "last stage change, stage change date",
        "company": (
            "accountname, name des accounts, nom du compte, compte, nombre de la cuenta, cuenta, kundenname, "
            "firmenname, unternehmensname, nom de l entreprise, potential customer, organization id, account name id, "
            "bedrijf, bedrijfsnaam, klant, organisatie, azienda, cliente, nome da empresa, related account, accounts, "
            "linked organization, record id company, company record id, associations associatedcompanyids"
        ),
        "person": (
            "contact person, contact person id, contact name id, originating lead, hauptansprechpartner, contact "
            "principal, related contact, contacts, primary contact email, visitor, visitor id, interessent, "
            "interessenten nr, anfrage nr, enquiry, inquiry, record id contact, contact record id, associations "
            "associatedvids"
        ),
        "owner": (
            "fuer deal zustaendiger mitarbeiter, opportunity inhaber, inhaber der opportunity, deal inhaber, "
            "dealinhaber, inhaber, zustandig, proprietaire de l opportunite, proprietaire de la transaction, "
            "proprietaire, responsable, propietario, won by, signed by, handled by, vertriebler, account owner, "
            "eigenaar, deal eigenaar, verkoper, accountmanager, proprietario, venditore, responsabile, responsavel, "
            "comercial, vertreter, berater, sales consultant, closer name"
        ),
        "lost_reason": (
            "reason for loss, loss reason detail, grund des verlusts, motif de perte, reden verlies, reden verloren, "
            "motivo perdita, motivo da perda, motivo de perdida, verlustgrund, verloren reden"
        ),
        "probability": ("wahrscheinlichkeit pct, probabilite, probabilidad, close probability, deal stage probability"),
        "source": "lead quelle, leadquelle, origine de la piste, source de la piste, came from",
        "outcome": "won lost, win loss, won or lost, status code, statecode, ausgang",
        "next_step": "nachster schritt, prochaine etape",
        "type": "typ",
    },
    "activity": {
        "person": (
            "invitee email, attendee email, contact person id, guest email, teilnehmer, participant email, related "
            "contact, record id contact, prospect email, lead email, customer email"
        ),
        "at": "start date time, due date, event start, beginn, debut",
        "ended_at": "end date time, event end, ende",
        "owner": "assigned to user, user name, host, organizer, zustandig, proprietaire, assigned user",
        "type": "event type name, meeting type",
        "created_at": "event created date time",
        "deleted": "canceled, cancelled",
        "company": "organization, record id company",
        "deal": "deal name, related deal, record id deal",
    },
    "invoice": {
        "key": "number, invoice num, factuurnummer, numero de facture, numero fattura",
        "at": "date, created, finalized at, factuurdatum, date de facture",
        "due_at": "vervaldatum, date d echeance, faelligkeit",
        "amount": "total, grand total, montant ttc, totaal",
    },
    "payment": {
        "key": "charge id, payment intent id, payout id",
        "at": "created date, payment created, date paid, betaaldatum, date de paiement",
    },
    "touch": {
        "at": (
            "registration time, registration date time, join time, sign up time, timestamp utc, event date time, "
            "first join time, time joined, date attending, check in date, checked in at, date registered"
        ),
        "person": "attendee email address, user email, subscriber email",
        "campaign": "email name, mailing name, newsletter",
        "status": (
            "attended, has attended, attendee status, registration status, check in status, rsvp status, guest status"
        ),
        "content": "event title",
    },
    "ticket": {
        "person": "record id contact",
        "company": "record id company",
    },
    "order": {
        "key": "invoiceno, invoice no, order nr, ordernummer",
        "amount": "sales, sales amount, line total, total sales, total amount",
        "person": "customerid",
        "product": "product name, description, stock code",
        "at": "invoicedate, effective date",
    },
}
