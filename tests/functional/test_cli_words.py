"""What each verb says to people, and what it says where something is wrong: which, what to do, and the exit code."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from tests.functional.import_steps import Said, twostroke
from tests.functional.web_data import bring_in
from twostroke.identity import queries as identity
from twostroke.ledger.actions import change_definition
from twostroke.ledger.queries import ZONE
from twostroke.team.actions import use_sign_in_link
from twostroke.team.queries import members

pytestmark = pytest.mark.usefixtures("fresh_database")
ANNA, BO = "anna.berg@nordwind.example", "bo.lind@nordwind.example"
REFUSALS = (
    (("timeline", "Anna Nobody"), "nobody and nothing here is 'Anna Nobody'. Look with: twostroke find WORDS"),
    (("erase", "Anna Nobody", "--yes"), "nobody here is 'Anna Nobody'. Look with: twostroke find WORDS"),
    (("merge", "a@x.example", "b@x.example"), "nobody and nothing here is 'a@x.example'. Look with:"),
    (("split", "Anna"), "'Anna' is no e-mail, phone or record id here. See them with: twostroke find"),
    (("unmerge", "crm:m1:0"), "There is no merge 'crm:m1:0': give the name or event id of a line identity.merged."),
    (("undo", "0" * 32), f"There is no import {'0' * 32}. See them with: twostroke imports"),
    (("imports", "nonsense"), "there is no import nonsense. See them with: twostroke imports"),
    (("link", "otto@elsewhere.example"), "Nobody here has the address otto@elsewhere.example. Add them with:"),
    (("metric", "piepline"), "There is no metric 'piepline'. There are: pipeline, "),
    (("metric", "pipeline", "--by", "weather"), "pipeline cannot be told by 'weather'. It can be told by:"),
    (("metric", "pipeline", "--grain", "person"), "pipeline counts deal, not 'person'."),
    (
        ("metric", "pipeline", "--as-of", "99"),
        "There is no line 99 to count up to: numbers can be told as of lines",
    ),
    (("metric", "pipeline", "--key", "stage"), "--key takes NAME=VALUE, such as --key stage=Proposal."),
    (("metric", "pipeline", "--key", "shoe=43"), "Rows of pipeline have no 'shoe', only: status, stage, currency."),
    (("metric", "pipeline", "--people", "--key", "shoe=43"), "Rows of pipeline have no 'shoe', only:"),
    (("audit", "--since", "yesterday"), "--since takes YYYY-MM-DD, not 'yesterday'."),
    (("users", "add"), "name an address: twostroke users add EMAIL --name NAME --role ROLE"),
    (("users", "add", "no-address"), "'no-address' is no e-mail address. Give one like ada@firm.example."),
    (("init", "--zone", "Europe/Wien"), "there is no time zone 'Europe/Wien'. Name one like Europe/Vienna"),
    (("init", "--currency", "euros"), "'euros' is no currency. Name one by its three letters, like EUR or USD."),
    (("import", "/nowhere/at/all.csv"), "/nowhere/at/all.csv"),
    (("state-hash", "--diff", "/no/a", "/no/b"), "/no/a: there is no such file. Make one with:"),
)
NUMBERS = (
    ("audit", "--limit", "-1"),
    ("audit", "--limit", "0"),
    ("timeline", ANNA, "--limit", "-1"),
    ("timeline", ANNA, "--limit", "0"),
    ("metric", "pipeline", "--people", "--limit", "-5"),
    ("metric", "pipeline", "--people", "--limit", "99999999999999999999"),
    ("metric", "pipeline", "--as-of", "-1"),
    ("metric", "pipeline", "--as-of", "99999999999999999999"),
)


@pytest.fixture
def firm(fresh_database: None, tmp_path: Path) -> str:
    """The firm's files are in; the id of their import."""
    return bring_in(tmp_path / "firm").import_id


def refused(*words: object, code: int = 1) -> str:
    """The one sentence a verb ends with where it did not work. Nothing goes to standard output."""
    said = twostroke(*words)
    assert said.code == code, (said.out, said.err)
    assert said.out == ""
    assert said.err.startswith(f"twostroke {words[0]}: "), said.err
    assert "Traceback" not in said.err
    return said.err.removeprefix(f"twostroke {words[0]}: ").strip()


def works(*words: object) -> str:
    """What a verb says that worked."""
    said: Said = twostroke(*words)
    assert (said.code, said.err) == (0, ""), said.err
    return said.out


def test_an_empty_installation_says_of_everything_what_to_do() -> None:
    assert works("accounts") == "Nothing came in yet. Bring in files with: twostroke import PATH\n"
    assert works("imports") == "Nothing was imported yet. Bring in files with: twostroke import PATH\n"
    assert works("users").startswith("Nobody yet. Add somebody with: twostroke users add")
    assert works("find", "anna") == "Nobody and nothing of that name.\n"
    assert works("audit") == "Nothing was written down yet.\n" or "looked up" in works("audit")
    assert "Nothing to count yet." in works("metric", "pipeline")
    assert works("rebuild") == "Folded 0 lines again.\n"
    assert works("rebuild", "--check") == "The tables are what the log says.\n"
    assert works("verify") == "Whole: 0 lines in 0 commits, each as it was written.\n"


def test_what_does_not_work_is_said_in_one_sentence_with_what_to_do() -> None:
    for words, sentence in REFUSALS:
        said = twostroke(*words)
        assert said.code in (1, 2), words
        assert said.out == "", words
        assert sentence in said.err, words
        assert "Traceback" not in said.err, words


@pytest.mark.usefixtures("firm")
def test_a_number_that_cannot_be_meant_is_refused_in_a_sentence() -> None:
    for words in NUMBERS:
        said = twostroke(*words)
        assert (said.code, said.out) == (2, ""), words
        assert said.err.strip(), words


def test_an_address_that_is_none_becomes_no_user() -> None:
    for email in ["x@", "@x", "a b@c.example", "a@b\n.example", f"{'x' * 300}@firm.example", "ada@"]:
        assert "address" in refused("users", "add", email, code=2), email
    assert members() == []


def test_a_name_too_long_for_its_column_is_refused_in_words() -> None:
    assert "name" in refused("users", "add", "zoe@firm.example", "--name", "x" * 300, code=2)
    assert members() == []


def test_adding_somebody_twice_changes_name_and_role_and_keeps_one() -> None:
    assert works("users", "add", "Zoe@Firm.example") == (
        "Zoe is here as sales. A link to sign in: twostroke link zoe@firm.example\n"
    )
    assert "Zoë is here as admin" in works("users", "add", "zoe@firm.example", "--name", "Zoë", "--role", "admin")
    [zoe] = members()
    assert (zoe.email, zoe.name, zoe.role.value) == ("zoe@firm.example", "Zoë", "admin")


def test_a_link_signs_in_whom_it_is_for_wherever_the_web_is() -> None:
    works("users", "add", "zoe@firm.example", "--name", "Zoë")
    link = works("link", "ZOE@firm.example", "--at", "https://crm.firm.example/").strip()
    found = re.fullmatch(r"https://crm\.firm\.example/sign-in/([\w-]{43})/", link)
    assert found is not None, link
    user = use_sign_in_link(token=found[1])
    assert user is not None
    assert user.email == "zoe@firm.example"


def test_a_name_of_several_is_answered_with_each_id(tmp_path: Path) -> None:
    file = tmp_path / "contacts.csv"
    file.write_text(
        "Contact ID,Email,First Name,Last Name\n"
        "p1,a@x.example,Anna,Berg\np2,b@y.example,Anna,Berg\np3,c@z.example,Bo,Lind\n"
    )
    assert twostroke("import", file, "--as", "crm", "--json").code == 0
    for words in (("timeline", "Anna Berg"), ("erase", "Anna Berg", "--yes"), ("merge", "Anna Berg", "c@z.example")):
        sentence = refused(*words)
        assert "'Anna Berg' fits several. Name one by its id" in sentence
        assert all(hit.id in sentence for hit in identity.search("Anna Berg"))
    assert len(identity.all_keys()) == 3


def test_what_cannot_have_an_effect_is_refused(firm: str) -> None:
    assert "These two are one already" in refused("merge", ANNA, ANNA)
    assert "There would be nobody left on the other side" in refused("split", ANNA, "p1")
    name = works("merge", ANNA, BO).split()[-1]
    works("unmerge", name)
    assert f"The merge {name} has been taken back already." in refused("unmerge", name)
    works("undo", firm)
    assert f"Import {firm} was undone before." in refused("undo", firm)


def test_a_merge_says_how_to_take_it_back_and_that_command_works(firm: str) -> None:
    said = works("merge", ANNA, BO)
    found = re.fullmatch(r"Anna Berg and Bo Lind are one\. Take it back with: twostroke (unmerge \S+)\n", said)
    assert found is not None, said
    assert works(*found[1].split()) == "The merge is taken back.\n"


def test_a_split_is_lifted_only_by_a_merge_that_says_so(firm: str) -> None:
    works("merge", ANNA, BO)
    works("split", BO)
    assert "lift the split" in refused("merge", ANNA, BO)
    assert "are one" in works("merge", ANNA, BO, "--lift")


def test_a_timeline_says_whose_it_is_how_long_and_which_team(firm: str) -> None:
    head, *lines = works("timeline", "Nordwind AG").splitlines()
    assert re.match(r"Nordwind AG \(company\), \d+ of \d+ lines    ■ marketing  ▲ sales  ● customer", head)
    assert any(re.match(r"2026-04-20  . Deal won", line.replace("  ▲", "  .").replace("    ", "  .", 1)) or
               ("Deal won" in line and line.startswith("2026-04-20")) for line in lines)  # fmt: skip
    assert "18400.50 EUR" in "\n".join(lines)
    assert len(works("timeline", "Nordwind AG", "--limit", "2").splitlines()) == 3


def test_a_timeline_of_mere_descriptions_says_how_to_see_them(firm: str) -> None:
    said = works("timeline", "Sofia Hall", "--kind", "colleague")
    assert "Sofia Hall (colleague)" in said
    only = works("timeline", "dora.malm@sund.example")
    assert "Stage reached" in only or "--all shows what describes them" in only
    assert len(works("timeline", "dora.malm@sund.example", "--all")) > len(only)


def test_instants_are_told_in_the_installations_zone(tmp_path: Path) -> None:
    change_definition(name=ZONE, value="Asia/Tokyo")
    file = tmp_path / "activities.csv"
    file.write_text(
        "Activity ID,Activity type,Activity date,Contact ID,Email,Subject\n"
        "a1,Call,2026-04-01T20:00:00Z,p1,anna.berg@nordwind.example,Price\n"
    )
    assert twostroke("import", file, "--as", "crm", "--json").code == 0
    [line] = identity.all_keys()
    assert "2026-04-02 05:00" in works("timeline", line)


def test_a_metric_says_as_of_which_line_its_rows_and_where_to_look_on(firm: str) -> None:
    said = works("metric", "pipeline")
    assert re.match(r"Pipeline, as of line \d+ \(\d{4}-\d\d-\d\dT", said)
    assert "18,400.50" in said
    assert said.endswith("Who is behind it: --people. How it is counted, in full: --how.\n")


def test_how_a_metric_is_counted_is_told_in_words_and_sql(firm: str) -> None:
    said = works("metric", "pipeline", "--how", "--by", "owner,product")
    assert "Leaves out: " in said
    assert re.search(r"^SELECT|^WITH", said, re.MULTILINE)
    assert "owner" in said


def test_dimensions_may_be_named_together_or_apart(firm: str) -> None:
    together = works("metric", "pipeline", "--by", "owner,source")
    assert together == works("metric", "pipeline", "--by", "owner", "--by", "source")
    assert works("metric", "pipeline", "--by", ",") == works("metric", "pipeline")


def test_an_undo_says_how_many_files_no_longer_count(firm: str) -> None:
    assert works("undo", firm) == f"Import {firm} is undone: 3 files no longer count.\n"


def test_an_export_into_a_folder_with_something_in_it_is_refused(firm: str, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("keep me")
    assert "is not empty" in refused("export", "--all", "--out", tmp_path / "out")
    assert (tmp_path / "out" / "mine.txt").read_text() == "keep me"
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["mine.txt"]


def test_a_restore_into_a_home_with_something_in_it_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home2"
    home.mkdir()
    (home / "mine.txt").write_text("keep me")
    monkeypatch.setenv("TWOSTROKE_HOME", str(home))
    assert "is not empty. Name a new place with --home." in refused("restore", tmp_path / "export")
    assert [file.name for file in home.iterdir()] == ["mine.txt"]


def test_a_folder_that_is_no_export_leaves_no_home_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWOSTROKE_HOME", str(tmp_path / "new"))
    assert "must be what export --all wrote" in refused("restore", tmp_path)
    assert not (tmp_path / "new").exists()


def test_a_file_that_holds_no_state_is_said_to_be_none(firm: str, tmp_path: Path) -> None:
    works("state-hash", "--write", tmp_path / "state")
    for content in (b"not json\n", b"[1]\n", b'{"a": 1}\n', b"\xff\xfe", b'["deals.deal"]\n'):
        (tmp_path / "other").write_bytes(content)
        sentence = refused("state-hash", "--diff", tmp_path / "other", tmp_path / "state")
        assert f"{tmp_path / 'other'}" in sentence, content


def test_the_state_of_an_empty_installation_differs_from_any_other(firm: str, tmp_path: Path) -> None:
    works("state-hash", "--write", tmp_path / "state")
    (tmp_path / "empty").write_bytes(b"")
    said = twostroke("state-hash", "--diff", tmp_path / "empty", tmp_path / "state")
    assert said.code == 4
    assert "only in B" in said.out


def test_a_place_where_nothing_can_be_written_is_said(firm: str, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    for words in (
        ("state-hash", "--write", file / "state"),
        ("export", "--all", "--out", file / "out"),
        ("export-person", ANNA, "--out", file / "out"),
        ("world", "--seed", "1", "--people", "20", "--months", "2", "--out", file / "out"),
    ):
        said = twostroke(*words)
        assert said.code in (1, 2), words
        assert str(file) in said.err, words
        assert "Traceback" not in said.err


@pytest.mark.sqlite
def test_tampering_ends_verify_with_4_and_a_sentence_for_each(firm: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER ledger_line_no_update")
        cursor.execute("UPDATE ledger_line SET team = 'sales' WHERE seq = 3")
    said = twostroke("verify")
    assert said.code == 4
    assert re.match(r"Not whole: \d+ problems in \d+ lines and \d+ commits\.", said.out)
    assert "trigger at ledger_line_no_update: The trigger ledger_line_no_update is missing or changed" in said.out
    told = twostroke("verify", "--json")
    assert (told.code, told.json["ok"]) == (4, False)
    assert {"type", "position", "sentence"} == set(told.json["problems"][0])


def test_a_table_that_is_not_what_the_log_says_ends_rebuild_check_with_4(firm: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE deals_deal SET stage = 'Invented' WHERE stage = 'Proposal sent'")
    said = twostroke("rebuild", "--check")
    assert said.code == 4
    assert re.match(
        r"Not what the log says: 2 differences\.\n"
        r"  deals\.deal [0-9a-f]{32}: stage is 'Invented' here, 'Proposal sent' by the log\n",
        said.out,
    )
    works("rebuild")
    assert works("rebuild", "--check") == "The tables are what the log says.\n"


def test_init_again_changes_only_what_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWOSTROKE_HOME", str(settings.TWOSTROKE_HOME.path))
    keys = {name: settings.TWOSTROKE_HOME.key(name) for name in ("installation", "web")}
    works("init", "--zone", "Europe/Vienna", "--currency", "chf")
    works("init")
    works("init", "--zone", "Asia/Tokyo")
    from twostroke.ledger.queries import reporting_currency, zone

    assert (zone(), reporting_currency()) == ("Asia/Tokyo", "CHF")
    assert keys == {name: settings.TWOSTROKE_HOME.key(name) for name in ("installation", "web")}


def test_init_prints_a_link_for_the_administrator_and_the_next_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWOSTROKE_HOME", str(settings.TWOSTROKE_HOME.path))
    said = works("init", "--admin", "Ada@firm.example")
    assert re.search(r"where `twostroke up` serves: /sign-in/[\w-]{43}/\n", said)
    assert said.endswith("Next: twostroke import PATH, then twostroke up\n")
    assert [(one.email, one.role.value) for one in members()] == [("ada@firm.example", "admin")]


def test_init_with_an_administrator_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWOSTROKE_HOME", str(settings.TWOSTROKE_HOME.path))
    assert "address" in refused("init", "--admin", "nobody", code=2)
    assert members() == []


def test_names_of_any_alphabet_come_out_as_they_went_in(tmp_path: Path) -> None:
    file = tmp_path / "contacts.csv"
    file.write_text("Contact ID,Email,First Name,Last Name\np1,a@x.example,王,小明\np2,b@x.example,Ελένη,Π.\n", "utf-8")
    assert twostroke("import", file, "--as", "crm", "--json").code == 0
    assert "王 小明" in works("find", "小明")
    assert "Ελένη Π." in works("timeline", "b@x.example", "--all")


def test_no_verb_lets_a_name_steer_the_terminal(tmp_path: Path) -> None:
    file = tmp_path / "contacts.csv"
    name = "\x1b[31mEva\x1b]0;pwned\x07,\x9b\u202eL"
    file.write_text(f"Contact ID,Email,First Name,Last Name\np1,a@x.example,{name}\n", "utf-8")
    assert twostroke("import", file, "--as", "crm", "--json").code == 0
    for words in (("find", "a@x.example"), ("timeline", "a@x.example", "--all"), ("erase", "a@x.example", "--dry-run")):
        said = works(*words)
        assert "Eva" in said
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", said), repr(said)


def test_files_of_the_home_are_their_owners_alone(firm: str, tmp_path: Path) -> None:
    works("state-hash", "--write", tmp_path / "state")
    works("export-person", ANNA, "--out", tmp_path / "anna")
    for file in (tmp_path / "state", tmp_path / "anna" / "person.json", tmp_path / "anna" / "person.html"):
        assert os.stat(file).st_mode & 0o077 == 0, file
