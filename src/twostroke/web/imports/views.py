"""Bring files in: look first, answer what nothing proves, go, watch, read the report, take it back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from twostroke.intake import actions, queries
from twostroke.intake.facts import ImportReport
from twostroke.intake.queries import ImportState
from twostroke.kit.text import slug
from twostroke.ledger.projecting import behind
from twostroke.team.facts import May, Member
from twostroke.web.access import NOT_YOURS, needs
from twostroke.web.export import csv_text
from twostroke.web.imports.shapes import ImportRow, Sums
from twostroke.web.imports.uploads import keep

_ORDERS = {
    "d-m-y": gettext_lazy("The day comes first: 03/04 is the 3rd of April"),
    "m-d-y": gettext_lazy("The month comes first: 03/04 is March the 4th"),
    "y-m-d": gettext_lazy("The year comes first, then the month"),
    "y-d-m": gettext_lazy("The year comes first, then the day"),
}
_BUSY = frozenset({"waiting", "queued", "running", "undoing"})


class NewImport(forms.Form):
    """What is to come in. Files are read from the request: Django's own field takes one only."""

    source = forms.CharField(max_length=60, required=False)
    kind = forms.ChoiceField(choices=[("history", "history"), ("news", "news")], required=False)
    upload = forms.Field(required=False)


@needs(May.IMPORT)
@require_safe
def imports(request: HttpRequest, member: Member) -> HttpResponse:
    """What was brought in so far, the newest first."""
    return render(request, "web/imports/list.html", {"imports": [_row(one) for one in queries.imports()]})


@needs(May.IMPORT)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, member: Member) -> HttpResponse:
    """The form to drop files on. Sent, the files are kept and looked at; nothing comes in yet."""
    form = NewImport(request.POST or None)
    if request.method == "POST" and form.is_valid():
        files = [file for file in request.FILES.getlist("files") if isinstance(file, UploadedFile)]
        if files:
            return redirect("import", _look_at(files, form.cleaned_data, member))
        form.add_error("upload", _("No file was chosen. Choose one, or drop some on the box."))
    sources = list(dict.fromkeys(one.source for one in queries.imports()))
    return render(request, "web/imports/new.html", {"form": form, "sources": sources})


def _look_at(files: list[UploadedFile], given: dict[str, Any], member: Member) -> str:
    kept = keep(files)
    return actions.request(
        source=slug(given["source"], 40) or slug(kept[0].path.stem, 40) or "files",
        # A browser does not tell a file's own date: what it says is true now.
        options={
            "paths": [str(one.path) for one in kept],
            "files": [one.name for one in kept],
            "dated": {one.name: None for one in kept},
        },
        by=member.email,
        news=given["kind"] == "news",
    )


@needs(May.IMPORT)
@require_safe
def one_import(request: HttpRequest, member: Member, import_id: str) -> HttpResponse:
    """How far an import is, or what it brought. Asked by htmx, only the part that changes."""
    state = _state(import_id)
    context = {
        "state": state,
        "busy": state.state in _BUSY,
        "word": _word(state),
        "asked": [(one, [(choice, _ORDERS.get(choice, choice)) for choice in one.choices]) for one in state.questions],
        "files": state.files,
        "waiting": behind().units if state.state == "undoing" else 0,
        "stays": queries.staying(import_id) if state.state == "undone" else (),
        "report": state.report,
        "sums": sums_of(state.report),
        "odd": [(file.file, odd) for file in state.report.files for odd in file.oddities] if state.report else [],
    }
    part = request.headers.get("HX-Request")
    return render(request, "web/imports/state.html" if part else "web/imports/one.html", context)


@needs(May.IMPORT)
@require_POST
def answer(request: HttpRequest, member: Member, import_id: str) -> HttpResponse:
    """Take the answers to an import's questions and look again with them."""
    state = _state(import_id)
    answers = {
        question.key: given
        for number, question in enumerate(state.questions)
        if (given := request.POST.get(f"answer-{number}", "").strip())
        and (not question.choices or given in question.choices)
    }
    if len(answers) < len(state.questions):
        messages.error(request, _("Please answer every question: without an answer nothing can come in."))
    else:
        _try(request, import_id=import_id, answers=answers)
    return redirect("import", import_id)


@needs(May.IMPORT)
@require_POST
def go(request: HttpRequest, member: Member, import_id: str) -> HttpResponse:
    """Bring in what the look showed; after a look that failed, look again."""
    state = _state(import_id)
    _try(request, import_id=import_id, for_real=state.state == "done")
    return redirect("import", import_id)


def _try(request: HttpRequest, **wish: Any) -> None:
    try:
        actions.go_on(**wish)
    except actions.ImportRefusedError as refused:
        messages.error(request, str(refused))


@needs(May.IMPORT, May.UNDO_IMPORT)
@require_http_methods(["GET", "POST"])
def undo(request: HttpRequest, member: Member, import_id: str) -> HttpResponse:
    """Ask whether an import is to be taken back; sent, take it back."""
    state = _state(import_id)
    if request.method == "GET":
        context = {"state": state, "sums": sums_of(state.report), "stays": queries.staying(import_id)}
        return render(request, "web/imports/undo.html", context)
    try:
        actions.request_undo(import_id=import_id, by=member.email)
    except actions.ImportRefusedError as refused:
        messages.error(request, str(refused))
    return redirect("import", import_id)


@needs(May.IMPORT)
@require_safe
def rejected(request: HttpRequest, member: Member, import_id: str) -> HttpResponse:
    """The rows that did not come in, as CSV: file, row, why, and the cells as they were received."""
    state = _state(import_id)
    rows = [
        {
            "file": one.file,
            "row": one.row,
            "reason": one.reason,
            "code": one.code,
            "cells": one.cells.decode("utf-8", "replace"),
        }
        for one in queries.rejected_rows(import_id)
    ]
    answer = HttpResponse(csv_text(rows), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="rejected-{state.source}.csv"'
    return answer


def sums_of(report: ImportReport | None) -> Sums:
    """The files of a report added up."""
    files = report.files if report else []
    return Sums(
        rows=sum(file.rows for file in files),
        new=sum(file.new for file in files),
        same=sum(file.same for file in files),
        changed=sum(file.changed for file in files),
        rejected=sum(file.rejected for file in files),
    )


def _state(import_id: str) -> ImportState:
    state = queries.one_import(import_id)
    if state is None:
        raise Http404(NOT_YOURS)
    return state


def _word(state: ImportState) -> str:
    busy = {
        "waiting": _("Waiting for its turn"),
        "queued": _("Waiting for its turn"),
        "running": _("Looking at the files") if state.dry_run else _("Bringing them in"),
        "undoing": _("Taking it back"),
    }
    done = {"asking": _("has a question"), "done": _("done"), "failed": _("stopped"), "undone": _("taken back")}
    return busy.get(state.state) or done.get(state.state, state.state)


def _row(state: ImportState) -> ImportRow:
    sums = sums_of(state.report) if state.report else None
    return ImportRow(
        state=state,
        word=_word(state),
        files=", ".join(state.files),
        new=sums.new if sums else None,
        same=sums.same if sums else None,
        changed=sums.changed if sums else None,
        rejected=sums.rejected if sums else None,
    )
