"""Addresses of the screens."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from twostroke.web.companies.views import companies, company
from twostroke.web.deals.views import deal_list, one_deal
from twostroke.web.demo import see_as
from twostroke.web.health import health
from twostroke.web.home.views import home
from twostroke.web.imports import views as imports
from twostroke.web.keys import views as keys
from twostroke.web.numbers import views as numbers
from twostroke.web.parked import views as parked
from twostroke.web.people.views import people, person
from twostroke.web.quarantine import views as quarantine
from twostroke.web.search.views import search
from twostroke.web.setup.views import set_colleague, setup
from twostroke.web.signin import views as signin
from twostroke.web.suggestions import views as suggestions

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("healthz", health, name="health"),
    path("search/", search, name="search"),
    path("sign-in/", signin.sign_in, name="sign-in"),
    path("sign-in/<str:token>/", signin.by_link, name="by-link"),
    path("sign-out/", signin.sign_out, name="sign-out"),
    path("see-as/", see_as, name="see-as"),
    path("theme/", signin.choose_theme, name="theme"),
    path("people/", people, name="people"),
    path("people/<str:key>/", person, name="person"),
    path("companies/", companies, name="companies"),
    path("companies/<str:key>/", company, name="company"),
    path("deals/", deal_list, name="deals"),
    path("deals/<str:subject>/", one_deal, name="deal"),
    path("numbers/", numbers.numbers, name="numbers"),
    path("numbers/<str:name>/", numbers.number, name="number"),
    path("numbers/<str:name>/who/", numbers.who, name="number-who"),
    path("setup/", setup, name="setup"),
    path("setup/me/", set_colleague, name="set-colleague"),
    path("setup/imports/", imports.imports, name="imports"),
    path("setup/imports/new/", imports.new, name="import-new"),
    path("setup/imports/<str:import_id>/", imports.one_import, name="import"),
    path("setup/imports/<str:import_id>/answer/", imports.answer, name="import-answer"),
    path("setup/imports/<str:import_id>/go/", imports.go, name="import-go"),
    path("setup/imports/<str:import_id>/undo/", imports.undo, name="import-undo"),
    path("setup/imports/<str:import_id>/rejected.csv", imports.rejected, name="import-rejected"),
    path("setup/quarantine/", quarantine.quarantine, name="quarantine"),
    path("setup/quarantine/<str:source>/<str:code>/", quarantine.reason, name="quarantine-reason"),
    path("setup/parked/", parked.parked, name="parked"),
    path("setup/parked/again/", parked.again, name="parked-again"),
    path("setup/parked/give-up/", parked.leave, name="parked-leave"),
    path("setup/who/<slug:of>/", suggestions.suggestions, name="suggestions"),
    path("setup/who/<slug:of>/join/", suggestions.join, name="suggestion-join"),
    path("setup/who/<slug:of>/part/", suggestions.part, name="suggestion-part"),
    path("setup/who/<slug:of>/back/", suggestions.take_back, name="suggestion-back"),
    path("setup/keys/", keys.keys, name="keys"),
    path("setup/keys/<slug:name>/rotate/", keys.rotate, name="key-rotate"),
    path("setup/keys/<slug:name>/revoke/", keys.revoke, name="key-revoke"),
    path("setup/password/", signin.new_password, name="password"),
]
