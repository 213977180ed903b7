"""Which field of which record goes by which names. The first name of a list is the plainest.

Sources of the vendors' names: HubSpot's default properties of contacts, companies, deals, owners, engagements and
products; Salesforce's object reference (Lead, Contact, Account, Opportunity, User, Task, Event, Product2, Campaign,
CampaignMember, OpportunityHistory).
"""

from __future__ import annotations

from twostroke.connectors.files.further import FURTHER, FURTHER_NEEDED, FURTHER_TELLING, FURTHER_WORDS

FIELDS: dict[str, dict[str, str]] = {
    "company": {
        "key": (
            "company id, account id, record id, id, hs_object_id, companyid, accountid, customer id, client id, "
            "organization id, organisation id, account number, customer number, kundennummer, firmennummer, "
            "company key"
        ),
        "name": (
            "company name, account, account name, company, name, customer, client, firm, business name, "
            "organization, organisation, organization name, firma, firmenname, kunde, unternehmen, societe, "
            "entreprise, empresa, razon social, customer name, client name, business, employer, firm name"
        ),
        "domain": "domain, company domain name, website, web site, url, website url, homepage, webseite, site web",
        "industry": (
            "industry, sector, vertical, branche, secteur, sector industrial, industria, line of business, "
            "industry sector, market segment"
        ),
        "employees": (
            "employees, number of employees, numberofemployees, headcount, staff, company size, mitarbeiter, "
            "mitarbeiterzahl, employee count, num employees, staff count, effectif, empleados, no of employees"
        ),
        "revenue": (
            "revenue, annual revenue, annualrevenue, turnover, umsatz, jahresumsatz, chiffre d affaires, "
            "ingresos, yearly revenue, sales revenue"
        ),
        "founded": (
            "year established, founded, founded year, year founded, founding year, established, gegruendet, "
            "foundation year"
        ),
        "country": (
            "country, country region, office location, hq, headquarters, hq country, billing country, "
            "billingcountry, land, pays, pais, location, head office, headquarter location"
        ),
        "city": "city, billing city, billingcity, stadt, ort, ville, ciudad, town",
        "state": "state, state region, billing state, billingstate, region, province, bundesland",
        "street": "street address, address, billing street, billingstreet, street, address 2, strasse",
        "postcode": "postal code, zip, zip code, billing postal code, billingpostalcode, billing zip, plz, postcode",
        "parent": (
            "subsidiary of, parent company, parent account, parent, parent account id, parentid, "
            "parent company id, hs_parent_company_id, muttergesellschaft, maison mere, matriz, "
            "parent organization, belongs to, owned by"
        ),
        "phone": "phone, phone number, telephone, telefon, main phone, tel",
        "owner": (
            "company owner, account owner, owner, owner id, ownerid, hubspot_owner_id, account manager, kam, "
            "key account manager, betreuer"
        ),
        "created_at": (
            "create date, createdate, created, created at, created date, createddate, date created, "
            "customer since, erstellt am, angelegt am"
        ),
        "description": "description, about us, about, notes, beschreibung",
        "type": "type, company type, account type, kundentyp, relationship",
        "deleted": "is deleted, isdeleted, deleted, archived",
        "merged_into": "merged into, masterrecordid, master record id, merged into id",
        "merged_ids": "merged company ids, merged account ids",
    },
    "person": {
        "key": (
            "contact id, lead id, person id, prospect id, record id, id, hs_object_id, vid, contactid, leadid, "
            "lead number, customer id, user id, member id, kontakt id, lead no, prospect number, contact number, "
            "lead nr, contact key, lead key, mql id, external id, personnummer, enquiry id, inquiry id, "
            "signup id, contact record id"
        ),
        "email": (
            "email, e mail, email address, e mail address, mail, work email, business email, emailadresse, "
            "courriel, correo electronico, correo, primary email, email 1, e mail adresse, contact email, "
            "lead email"
        ),
        "phone": (
            "phone, phone number, telephone, telefon, mobile, mobile phone, mobilephone, mobile phone number, "
            "cell, work phone, telefonnummer, handy, telephone number, telefono, mobil, tel, contact phone, "
            "business phone"
        ),
        "email2": "further email",
        "phone2": "further phone",
        "first_name": "first name, firstname, given name, forename, vorname, prenom, nombre, fname",
        "last_name": (
            "last name, lastname, surname, family name, nachname, nom de famille, apellido, apellidos, lname, nom"
        ),
        "name": (
            "name, full name, contact name, lead name, person, contact, fullname, ansprechpartner, kontakt, "
            "person name, customer name, prospect name"
        ),
        "company_key": (
            "company id, account id, accountid, companyid, associated company id, associatedcompanyid, "
            "primary associated company id, associated company, associated company ids, organization id"
        ),
        "company_name": (
            "company, company name, account, account name, employer, organization, organisation, firma, "
            "unternehmen, societe, empresa, organization name, business name, firm"
        ),
        "job_title": "job title, jobtitle, title, position, role, job role, funktion, poste, cargo, job",
        "owner": (
            "contact owner, lead owner, owner, owner id, ownerid, hubspot_owner_id, owner name, sales rep, "
            "assigned to, sales agent, salesperson, account manager, zustaendig, betreuer, assigned rep"
        ),
        "created_at": (
            "create date, createdate, created, created at, created date, createddate, first contact date, "
            "first contact, lead created, lead date, date added, sign up date, signup date, registered at, "
            "registration date, first seen, first touch date, inquiry date, enquiry date, erstellt am, "
            "erstkontakt, date created, lead in date, received at, contacted at, erster kontakt, "
            "fecha de creacion, date de creation, received on, date received"
        ),
        "lifecycle_stage": "lifecycle stage, lifecyclestage, lifecycle, funnel stage, lead stage, contact stage",
        "lead_status": "lead status, hs_lead_status, status, leadstatus, contact status",
        "converted": (
            "converted, isconverted, is converted, is customer, iscustomer, customer, became customer, outcome, "
            "has converted, purchased, bought, won, subscribed, y, target, success, kunde geworden, conversion, "
            "enrolled, signed up, closed, sale"
        ),
        "converted_at": (
            "converted date, converteddate, close date, closedate, became a customer date, "
            "hs_lifecyclestage_customer_date, conversion date, customer since, won date, purchase date"
        ),
        "became_lead_at": "became a lead date, hs_lifecyclestage_lead_date",
        "became_mql_at": (
            "became a marketing qualified lead date, hs_lifecyclestage_marketingqualifiedlead_date, mql date"
        ),
        "became_sql_at": "became a sales qualified lead date, hs_lifecyclestage_salesqualifiedlead_date, sql date",
        "became_opportunity_at": "became an opportunity date, hs_lifecyclestage_opportunity_date",
        "source": (
            "lead source, leadsource, source, original source, hs_analytics_source, hs_latest_source, "
            "original traffic source, traffic source, channel, acquisition channel, utm source, origin, "
            "herkunft, quelle, origine, origen, fuente, marketing channel, first touch channel, lead channel, "
            "acquisition source, origin channel"
        ),
        "source_detail": (
            "lead origin, original source drill down 1, hs_analytics_source_data_1, source detail, "
            "original source data 1, utm medium, lead origin detail, entry point, capture method"
        ),
        "campaign": "campaign, utm campaign, campaign name, first campaign, landing page id, kampagne",
        "heard_of_us_by": (
            "how did you hear about us, heard of us by, how did you find us, how did you hear, "
            "where did you hear about us, self reported source, self reported attribution, heard about us, "
            "referral source, how did you learn about us, wie haben sie von uns erfahren"
        ),
        "do_not_email": (
            "do not email, donotemail, email opt out, hasoptedoutofemail, opted out of email, hs_email_optout, "
            "unsubscribed from all email, no email, unsubscribed, email opted out, emailoptout, "
            "opt out of email, unsubscribed from all emails"
        ),
        "unsubscribed_at": "unsubscribed at",
        "owner_name": "name of the owner",
        "do_not_call": "do not call, donotcall, no call, call opt out, phone opt out, opt out of calls",
        "country": "country, country region, mailing country, mailingcountry, land, pays, pais",
        "city": "city, mailing city, mailingcity, stadt, ort, ville, ciudad, town",
        "state": "state, state region, mailing state, mailingstate, province, bundesland",
        "street": "street address, street, address, mailing street, mailingstreet",
        "postcode": "postal code, zip, zip code, mailing postal code, mailingpostalcode, mailing zip, plz",
        "industry": "industry, sector, branche, secteur",
        "revenue": "annual revenue, annualrevenue",
        "employees": "number of employees, numberofemployees, numemployees, employees",
        "website": "website, web site, website url, company domain name, domain",
        "age": "age, alter, customer age",
        "gender": "gender, sex, geschlecht",
        "marital_status": "marital status, marital, familienstand",
        "education": "education, education level, bildung, highest education",
        "occupation": "occupation, profession, current occupation, beruf",
        "language": "preferred language, language, hs_language, sprache",
        "time_zone": "time zone, timezone, hs_timezone, zeitzone",
        "visits": (
            "visits, total visits, number of visits, visit count, hs_analytics_num_visits, number of sessions, sessions"
        ),
        "pages_per_visit": "pages per visit, page views per visit, pages per session",
        "account_id": "converted account id, convertedaccountid",
        "deleted": "is deleted, isdeleted, deleted, archived, fivetran deleted, is archived",
        "merged_into": ("merged into, masterrecordid, master record id, merged into id, duplicate of, master id"),
        "merged_ids": "hs_merged_object_ids, merged contact ids, merged record ids, merged vids",
        "lead_converted": "lead converted",
        "contact_id": "converted contact id, convertedcontactid",
        "opportunity_id": "converted opportunity id, convertedopportunityid",
    },
    "colleague": {
        "key": (
            "user id, owner id, employee id, id, record id, seller id, rep id, agent id, ownerid, userid, "
            "hubspot_owner_id, personnel number, mitarbeiternummer, staff id, salesperson id, "
            "account executive id"
        ),
        "name": (
            "sales agent, sales rep, sales representative, salesperson, seller, rep, owner, owner name, "
            "full name, name, agent, account executive, user, employee, verkaeufer, vertriebsmitarbeiter, "
            "mitarbeiter, vendeur, commercial, vendedor, user name, agent name, rep name, sales person, "
            "salesman, sales owner, deal owner, account manager, consultant, team member, staff member, "
            "seller name"
        ),
        "first_name": "first name, firstname, given name, vorname",
        "last_name": "last name, lastname, surname, nachname",
        "email": "email, e mail, email address, work email, username, mail",
        "manager": (
            "manager, sales manager, supervisor, team lead, team leader, boss, reports to, reports to id, "
            "manager id, managerid, vorgesetzter, teamleiter, vertriebsleiter, lead, head, line manager, jefe, "
            "responsable, manager name"
        ),
        "territory": (
            "regional office, territory, region, office, sales region, sales office, location, branch, area, "
            "niederlassung, gebiet, buero, region name, bureau, oficina, zone, district"
        ),
        "team": (
            "team, sales team, department, group, division, team name, primary team id, abteilung, role, user role"
        ),
        "title": "job title, title, position, funktion",
        "active": "active, is active, isactive, status, enabled, user active",
        "created_at": "created at, create date, created date, createddate, start date, hired at",
        "deleted": "is deleted, isdeleted, deleted, archived",
        "user": "active user id, hubspot user id",
    },
    "product": {
        "key": (
            "product id, sku, product code, productcode, id, record id, hs_object_id, hs_sku, item number, "
            "article number, artikelnummer, produktnummer, product key, part number, item code, item id"
        ),
        "name": (
            "product, product name, name, item, item name, title, produkt, artikel, bezeichnung, produit, "
            "producto, article, model, service, offering, solution"
        ),
        "price": (
            "sales price, price, unit price, unitprice, list price, listprice, msrp, retail price, "
            "suggested retail price, preis, listenpreis, verkaufspreis, prix, precio, hs_price, amount, "
            "catalog price, catalogue price, standard price"
        ),
        "cost": "cost, unit cost, cost of goods sold, hs_cost_of_goods_sold, einkaufspreis",
        "currency": "currency, currency code, currencyisocode, waehrung, devise, moneda",
        "family": (
            "series, family, product family, product line, category, product category, line, produktlinie, "
            "produktfamilie, gamme, gama, group, product group, range, product series, product type, "
            "hs_product_type"
        ),
        "description": "description, product description, beschreibung",
        "active": "active, is active, isactive, status",
        "created_at": "created at, create date, createdate, created date, createddate",
        "deleted": "is deleted, isdeleted, deleted, archived",
        "code": "vendor sku, alternative sku",
    },
    "deal": {
        "key": (
            "opportunity id, deal id, record id, id, hs_object_id, opportunityid, dealid, opp id, deal number, "
            "opportunity number, quote number, verkaufschance id, angebotsnummer, deal key, opportunity key, "
            "opportunity ref, deal ref, reference, opportunity no, deal no, chance id, sales id, opp ref, "
            "opportunity code, deal code"
        ),
        "name": (
            "deal name, dealname, opportunity name, opportunity, deal, name, title, subject, verkaufschance, topic"
        ),
        "stage": (
            "deal stage, dealstage, stage, stage name, stagename, sales stage, opportunity stage, "
            "pipeline stage, phase, deal status, status, verkaufsphase, vertriebsphase, etape, etapa, "
            "current stage, deal phase, state, deal pipeline stage id, pipeline stage id, stage id, "
            "hs_pipeline_stage, opportunity status, sales phase, result"
        ),
        "amount": (
            "close value, amount, deal amount, value, deal value, opportunity amount, revenue, contract value, "
            "total, total amount, betrag, wert, auftragswert, montant, importe, valor, deal size, acv, tcv, arr, "
            "sale amount, won amount, closed amount, amount in company currency, hs_tcv, closed value, "
            "sales value, contract amount, booking amount, sale value, price, umsatz, final value, order value"
        ),
        "currency": (
            "currency, currency code, currencyisocode, deal currency code, deal currency, waehrung, devise, moneda"
        ),
        "opened_at": (
            "engage date, create date, createdate, created date, createddate, created, created at, opened, "
            "opened at, open date, opened date, opened on, start date, date opened, date created, "
            "engagement date, erstellt am, eroeffnet am, beginn, date de creation, fecha de creacion, "
            "opportunity created, first contact date, deal created, begin date, engaged on, engaged at, "
            "started on, opening date, created on, engaged date, contact date"
        ),
        "closed_at": (
            "close date, closedate, closed, closed at, closed date, closed on, date closed, won date, date won, "
            "won at, won on, actual close date, end date, abschlussdatum, abgeschlossen am, date de cloture, "
            "fecha de cierre, signed at, signed on, decision date, closing date, finish date, deal close date, "
            "sale date, gewonnen am, kaufdatum, order date, contract date"
        ),
        "lost_at": "lost time, lost date, lost at, lost on, date lost, verloren am, perdu le, perdido el",
        "expected_at": (
            "expected close date, forecast close date, estimated close date, expected to close, target close date"
        ),
        "stage_at": (
            "stage date, date entered stage, last stage change date, laststagechangedate, hs_date_entered_stage, "
            "stage changed at, entered stage on"
        ),
        "product": (
            "product, product name, product id, productid, item, produkt, artikel, produit, producto, sku, "
            "line item, offering, solution, service, product sold, product code, product sku, article"
        ),
        "company": (
            "account, account name, account id, accountid, company, company name, company id, customer, "
            "customer name, client, client name, firma, kunde, unternehmen, organization, organisation, "
            "associated company, societe, entreprise, empresa, cliente, associated company ids, "
            "primary associated company, buyer, associated company id, customer id, client id"
        ),
        "person": (
            "contact, contact name, contact id, contactid, lead id, leadid, lead, primary contact, person, "
            "person id, email, contact email, associated contact, associated contact ids, lead number, "
            "prospect id, lead email, primary contact id, ansprechpartner, lead ref, contact ref, prospect, "
            "customer email, e mail, mql id"
        ),
        "owner": (
            "sales agent, deal owner, owner, opportunity owner, owner id, ownerid, hubspot_owner_id, owner name, "
            "sales rep, salesperson, seller, rep, account executive, assigned to, verkaeufer, "
            "vertriebsmitarbeiter, vendeur, commercial, vendedor, agent, sales person, sales representative, "
            "account manager, closed by, sold by, sales owner, opportunity owner id, consultant, rep name, "
            "seller name, sr id, sales rep id, rep id, salesperson id, account executive id, closer, closer id"
        ),
        "is_won": "is won, iswon, won, hs_is_closed_won, deal won, is closed won, gewonnen",
        "is_closed": "is closed, isclosed, closed flag, hs_is_closed, deal closed",
        "outcome": "won lost",
        "owner_name": "name of the owner",
        "company_name": "name of the company",
        "probability": (
            "probability, win probability, deal probability, hs_deal_stage_probability, likelihood, chance, "
            "wahrscheinlichkeit, probability pct"
        ),
        "pipeline": (
            "pipeline, pipeline id, deal pipeline, deal pipeline id, sales pipeline, record type, recordtypeid"
        ),
        "type": "deal type, dealtype, type, opportunity type, business type",
        "lost_reason": (
            "closed lost reason, closed_lost_reason, lost reason, loss reason, reason lost, reason, "
            "verlustgrund, lostreason, why lost"
        ),
        "won_reason": "closed won reason, closed_won_reason, won reason",
        "source": (
            "lead source, leadsource, source, deal source, hs_analytics_source, original source, "
            "original traffic source, channel, origin, quelle"
        ),
        "campaign": "campaign, campaign id, campaignid, primary campaign source, campaign source",
        "quantity": "quantity, qty, units, menge, totalopportunityquantity, licenses, seats",
        "next_step": "next step, nextstep, hs_next_step",
        "description": "description, notes, comment, beschreibung",
        "last_activity_at": (
            "last activity date, lastactivitydate, notes last updated, last contacted, last modified date, "
            "lastmodifieddate, hs_lastmodifieddate"
        ),
        "deleted": "is deleted, isdeleted, deleted, archived",
        "merged_ids": "merged deal ids, merged opportunity ids",
    },
    "activity": {
        "key": (
            "activity id, engagement id, task id, event id, call id, meeting id, record id, id, hs_object_id, note id"
        ),
        "type": (
            "activity type, type, engagement type, tasksubtype, task subtype, interaction type, "
            "hs_engagement_type, hs_task_type, eventtype, kind, aktivitaetstyp, art"
        ),
        "at": (
            "activity date, timestamp, hs_timestamp, activitydate, date, due date, date time, datetime, "
            "start time, startdatetime, starttime, activitydatetime, start, occurred at, happened at, call date, "
            "meeting date, datum, start date, created at, createdate, createddate, completed at, "
            "completed date time, when, due date only, due date time, hs_meeting_start_time, hs_createdate, "
            "created date"
        ),
        "ended_at": "end time, enddatetime, end, hs_meeting_end_time, end date, ends at, end date time",
        "person": (
            "contact id, contact, who id, whoid, lead id, contact name, name, email, contact email, lead, "
            "person id, associated contact, person, attendee, contact ids, prospect, contact_id"
        ),
        "company": (
            "account id, accountid, company, account, company id, account name, company name, associated company"
        ),
        "deal": (
            "deal id, opportunity id, what id, whatid, deal, opportunity, opportunity name, associated deal, "
            "related to id"
        ),
        "owner": (
            "assigned to, owner, owner id, ownerid, hubspot_owner_id, activity assigned to, assigned to id, "
            "seller, user, created by, sales rep, activity owner, rep, sales agent, agent, salesperson"
        ),
        "subject": (
            "subject, title, hs_call_title, hs_meeting_title, hs_task_subject, hs_email_subject, betreff, "
            "call title, meeting title, name"
        ),
        "body": (
            "body, description, notes, note, comment, comments, summary, full comments, hs_note_body, "
            "hs_call_body, hs_body_preview, note body, hs_meeting_body, hs_email_text, text, notiz, "
            "hs_task_body, inhalt"
        ),
        "outcome": (
            "outcome, call disposition, calldisposition, call result, meeting outcome, hs_meeting_outcome, "
            "result, hs_call_disposition, hs_call_status, disposition, call outcome, ergebnis"
        ),
        "status": "status, task status, hs_task_status, state",
        "direction": "direction, call type, calltype, hs_call_direction, hs_email_direction",
        "duration": (
            "duration, call duration, duration seconds, calldurationinseconds, call duration in seconds, "
            "durationinminutes, hs_call_duration, duration minutes, length, dauer, minutes, duration in minutes"
        ),
        "deleted": "is deleted, isdeleted, deleted, archived",
        "about": "related to record id",
        "created_at": "logged at, entered at",
        "completed_at": "completed at, completed date time, done at, finished at",
    },
    "touch": {
        "key": (
            "campaign member id, event id, touch id, response id, submission id, record id, id, conversion id, "
            "member id"
        ),
        "type": (
            "event type, type, touch type, interaction, event, hs_event_type, action, activity type, response, "
            "response type, engagement, engagement type, reaction"
        ),
        "at": (
            "first responded date, firstrespondeddate, timestamp, date, created, event date, "
            "member first responded date, touch date, created at, createddate, created date, responded at, "
            "submitted at, happened at, occurred at, time, event time, datetime, datum, attended at, "
            "registered at, clicked at, opened at, sent at, response date, responded on, date of response"
        ),
        "person": (
            "contact id, contactid, lead id, leadid, email, recipient, email address, lead or contact id, "
            "leadorcontactid, contact, person id, member email, attendee email, attendee, visitor email, lead, "
            "user id, contact email, contact e-mail, lead email, person email, e-mail, mail, recipient email"
        ),
        "channel": (
            "channel, source, medium, utm source, campaign type, touchpoint, kanal, traffic source, utm medium"
        ),
        "campaign": "campaign, campaign id, campaignid, campaign name, utm campaign, email campaign id, kampagne",
        "content": (
            "content, asset, form, form id, page, url, page url, page title, event name, utm content, title, "
            "form name, webinar, landing page, subject, page_url"
        ),
        "status": (
            "status, member status, response status, attendance, attendance status, has responded, hasresponded, "
            "responded"
        ),
        "company": "company, account, account name, company name, companyoraccount",
        "deleted": "is deleted, isdeleted, deleted",
        "contact": "contact record id",
        "lead": "lead record id",
        "email": "member email address",
        "first_name": "attendee first name",
        "last_name": "attendee last name",
        "phone": "attendee phone",
        "mail": "sent by id, mail id, message id",
        "by_machine": "filtered event, is bot, bot, machine open",
        "response": "bounce response, drop reason, bounce reason",
        "link": "clicked url, link url",
        "subscription": "portal subscription status",
        "created_at": "member created date",
    },
    "stage_history": {
        "key": "history id, record id, id",
        "deal": "deal id, opportunity id, opportunityid, dealid, deal, opportunity, opportunity name",
        "stage": (
            "stage, stage name, stagename, deal stage, new value, to stage, newvalue, value, new stage, stage to"
        ),
        "from_stage": "from stage, old value, oldvalue, previous stage, old stage",
        "at": (
            "date entered, entered at, created date, createddate, timestamp, changed at, date, last modified, "
            "change date, entered on, valid from, edit date, stage date, systemmodstamp, created at"
        ),
        "amount": "amount, expected amount, expectedrevenue",
        "currency": "currency, currency code, currencyisocode",
        "owner": "created by id, createdbyid, changed by, edited by, last modified by, owner",
        "field": "field, name, property, property name",
        "deleted": "is deleted, isdeleted",
    },
    "spend": {
        "at": (
            "date, day, spend date, datum, tag, reporting starts, start date, start date in utc, period, report date, "
            "jour, fecha, month"
        ),
        "until_at": "reporting ends, end date, ends on, until, bis, end date in utc",
        "channel": "channel, medium, kanal, media channel, marketing channel",
        "platform": "platform, source, network, publisher, ad network, source platform, publisher platform, plattform",
        "campaign": (
            "campaign, campaign name, kampagne, kampagnenname, campaign id, campagne, nom de la campagne, campana, "
            "ad campaign, campaign group name"
        ),
        "content": "ad, ad name, ad set, ad group, creative, ad set name, ad group name, keyword",
        "amount": (
            "spend, cost, amount spent, ad spend, costs, kosten, ausgaben, media spend, budget spent, "
            "actual cost, amount spent eur, amount spent usd, actualcost, depenses, gasto, coste, total spend, "
            "media cost, total spent, cost eur, cost usd, kosten eur, importe gastado eur, montant depense eur, "
            "ausgegebener betrag eur, amount spent gbp"
        ),
        "currency": "currency, currency code, waehrung, waehrungscode, wahrung, wahrungscode, account currency",
        "impressions": "impressions, impr, views, impressionen",
        "clicks": "clicks, link clicks, klicks, clics",
    },
    "order": {
        "key": (
            "order id, order number, order no, invoice number, transaction id, bestellnummer, auftragsnummer, "
            "id, orderid, order name, purchase id, invoice id, receipt number, record id"
        ),
        "at": (
            "order date, ordered at, date, purchase date, transaction date, invoice date, created at, paid at, "
            "bestelldatum, invoicedate, date of order, order time, processed at, kaufdatum"
        ),
        "amount": (
            "total, order total, amount, grand total, total price, order value, net amount, revenue, "
            "total amount, betrag, gesamtbetrag, summe, order amount"
        ),
        "currency": "currency, currency code, waehrung",
        "person": (
            "customer id, customerid, email, customer email, contact id, customer, buyer email, user id, person id"
        ),
        "company": "company, account, account id, company id, account name, company name",
        "product": "product, sku, product id, item, stockcode, product name, lineitem name, line item sku",
        "quantity": "quantity, qty, units, menge, lineitem quantity, item count",
        "price": "unit price, unitprice, lineitem price, item price, price each, einzelpreis",
        "status": "status, order status, financial status, payment status, fulfillment status",
        "source": "source, channel, source name, referring site, sales channel",
        "owner": "sales rep, owner, sales agent, salesperson, seller",
        "deleted": "cancelled, canceled, is deleted",
    },
} | FURTHER

# How much each role says about which record this is. What is not named weighs 1; a key of a common name weighs less.
TELLING: dict[str, dict[str, float]] = {
    "company": {"name": 2, "industry": 3, "employees": 3, "revenue": 2, "domain": 2, "parent": 3, "founded": 3},
    "person": {
        "email": 2,
        "first_name": 3,
        "last_name": 3,
        "job_title": 2,
        "lead_status": 2,
        "lifecycle_stage": 4,
        "source": 2,
        "heard_of_us_by": 4,
        "do_not_email": 4,
        "do_not_call": 4,
        "occupation": 3,
        "converted": 3,
        "name": 1.5,
        "created_at": 1.5,
    },
    "colleague": {"manager": 4, "territory": 3, "team": 4, "name": 2, "first_name": 1.5, "last_name": 1.5},
    "product": {"price": 4, "family": 3, "cost": 2, "name": 2},
    "deal": {
        "stage": 4,
        "amount": 3,
        "closed_at": 3,
        "opened_at": 1.5,
        "probability": 3,
        "pipeline": 2,
        "lost_reason": 3,
        "product": 1.5,
        "is_won": 3,
        "is_closed": 2,
        "expected_at": 3,
        "owner": 1.5,
    },
    "activity": {
        "type": 1.5,
        "at": 2,
        "subject": 2,
        "body": 2,
        "duration": 3,
        "outcome": 2,
        "ended_at": 2,
        "direction": 2,
        "person": 1,
    },
    "touch": {"type": 1.5, "at": 2, "person": 1.5, "campaign": 2, "content": 2, "status": 1, "channel": 1.5},
    "stage_history": {"deal": 2, "stage": 2, "from_stage": 4, "at": 2, "field": 2},
    "spend": {"at": 1, "amount": 4, "impressions": 4, "clicks": 3, "channel": 1.5, "platform": 1.5, "campaign": 1.5},
    "order": {"at": 3, "amount": 2, "quantity": 2, "key": 2, "status": 1},
}
TELLING |= FURTHER_TELLING

# Words in the names of files and sheets.
FILE_WORDS: dict[str, tuple[str, ...]] = {
    "company": ("account", "compan", "firm", "organi", "customer", "kunde", "client", "unternehmen"),
    "person": (
        "lead",
        "contact",
        "people",
        "person",
        "prospect",
        "kontakt",
        "subscriber",
        "inquir",
        "enquir",
        "interessent",
        "anfrage",
    ),
    "colleague": ("team", "owner", "user", "seller", "agent", "rep", "staff", "employee", "verkaeufer"),
    "product": ("product", "item", "catalog", "price", "produkt", "artikel", "sku"),
    "deal": ("deal", "opportunit", "pipeline", "sales", "opp", "won", "chance", "abschlues", "abschluss"),
    "activity": ("activit", "task", "engagement", "call", "meeting", "note", "interaction", "visit"),
    "touch": ("member", "touch", "attend", "webinar", "email_event", "email event", "submission", "response", "click"),
    "stage_history": ("history", "stage"),
    "spend": ("spend", "cost", "ads", "budget", "adwords", "marketing_spend"),
    "order": ("order", "invoice", "transaction", "purchase", "bestell"),
} | FURTHER_WORDS

# Without these a table cannot be that record at all.
NEEDED: dict[str, tuple[tuple[str, ...], ...]] = {
    "company": (("name", "key", "domain"),),
    "person": (("email", "key", "name", "last_name", "phone", "converted"),),
    "colleague": (("name", "email", "key", "last_name"),),
    "product": (("name",),),
    "deal": (("stage", "closed_at", "is_won", "amount"), ("key", "name", "company", "person", "owner", "product")),
    "activity": (("at",), ("type", "subject", "body", "duration", "outcome")),
    "touch": (("person", "contact", "lead", "email"), ("type", "campaign", "content", "status")),
    "stage_history": (("deal",), ("stage",), ("at",)),
    "spend": (("amount",), ("at", "channel", "platform", "campaign")),
    "order": (("at",), ("key", "amount"), ("person", "company", "key")),
} | FURTHER_NEEDED
