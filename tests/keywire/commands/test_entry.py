"""keywire show and keywire diff, over a store that tells the demo's story."""

import json

import pytest
from demoed import tell
from typer.testing import CliRunner

from keywire.cli import app
from store.database import open_database
from store.errors import UnknownError

CONFIG = """
store: sqlite:///{folder}/kept.db
topics: {{lighthouse: {{follow: ["https://observer.example/live"]}}}}
"""


@pytest.fixture(scope="module")
def configured(tmp_path_factory):
    folder = tmp_path_factory.mktemp("entries")
    database = open_database(f"sqlite:///{folder}/kept.db")
    tell(database)
    database.close()
    path = folder / "config.yaml"
    path.write_text(CONFIG.format(folder=folder))
    return path


def run(configured, *arguments):
    answer = CliRunner().invoke(app, [*arguments, "--config", str(configured)])
    if answer.exception and not isinstance(answer.exception, SystemExit):
        raise answer.exception
    assert answer.exit_code == 0, answer.output
    return answer.output


def test_an_entry_is_shown_with_its_life(configured):
    said = run(configured, "show", "5")
    assert said.startswith("All eight jacks under pressure\n")
    assert "  Is      Key event\n" in said
    assert "26 Nov 2026, 14:46:20 UTC  First seen, revision 1\n" in said
    assert "26 Nov 2026, 15:55:20 UTC  Became a key event or summary\n" in said
    assert "Revision 2, first seen 26 Nov 2026, 15:55:20 UTC" in said
    assert "https://web.archive.org/web/20261126155520/https://observer.example/" in said


def test_its_paragraphs_are_shown_apart(configured):
    paragraphs = run(configured, "show", "1").split("\n\n")
    assert any(one.startswith("Corrected: an earlier version") for one in paragraphs)


def test_it_is_shown_in_json_by_any_of_its_names(configured):
    told = json.loads(run(configured, "show", "7", "--format", "json"))
    assert told["retracted_at"] == "2026-11-26T16:09:20Z"
    for name in (told["id"], told["url"]):
        assert json.loads(run(configured, "show", name, "--format", "json")) == told


def test_the_last_edit_is_told_word_by_word(configured):
    said = run(configured, "diff", "1")
    assert "a lighthouse of [-490-] {+940+} tonnes" in said
    assert "{+Corrected: an earlier version" in said
    assert run(configured, "diff", "1", "1", "2") == said
    assert "[-940-] {+490+}" in run(configured, "diff", "1", "2", "1")


def test_it_is_told_in_json_too(configured):
    told = json.loads(run(configured, "diff", "5", "--format", "json"))
    assert told["title"] == [{"op": "came", "text": "All eight jacks under pressure"}]
    assert told["flags"] == {"key_event": {"old": False, "new": True}}
    assert told["body"] == []


def test_a_revision_or_an_entry_that_is_not_there_is_an_error_with_the_mend(configured):
    with pytest.raises(UnknownError, match="entry 1 has the revisions 1 to 2"):
        run(configured, "diff", "1", "1", "3")
    with pytest.raises(UnknownError, match="give its number, tag: id or address"):
        run(configured, "show", "404")
    assert "nothing differs" in run(configured, "diff", "2")
