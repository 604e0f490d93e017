"""A topic's pages taken away as a WARC: read by warcio, the same bytes for the same pages."""

import hashlib
import json
import subprocess
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from brought import Importing
from captured import DAY, ONE, TWO, URL, at, body, save
from running import KEYWIRE
from warcio.archiveiterator import ArchiveIterator

from keywire.commands.exporting import Asked
from keywire.commands.exporting_pages import export_pages
from keywire.commands.folder import FolderError

UTC = ZoneInfo("UTC")


@pytest.fixture
def importing(tmp_path, address):
    made = Importing(tmp_path, address)
    yield made
    made.database.close()


def export(importing, name="out", **asked):
    out = importing.folder / name
    wanted = Asked(**{"topic": "harbour", "zone": UTC, **asked})
    return export_pages(importing.database, wanted, out, lambda _done, _of: None), out


def records(out):
    """Read a WARC by warcio, which looks at every digest."""
    told = []
    with (out / "pages.warc.gz").open("rb") as file:
        for one in ArchiveIterator(file, check_digests="raise"):
            content = one.content_stream().read()
            told.append((one.rec_type, one.rec_headers.get_header, one.http_headers, content))
    return told


def test_every_page_is_an_answer_that_warcio_reads_with_its_digests(importing):
    importing.bring(save(importing.folder / "day", *DAY))
    tally, out = export(importing)
    assert (tally.pages, tally.bodies) == (5, 5)
    about, *rest = records(out)
    assert about[0] == "warcinfo"
    assert [kind for kind, *_ in rest] == ["response", "metadata"] * 5
    answers = [one for one in rest if one[0] == "response"]
    for (minute, *posts), (_, said, http, content) in zip(sorted(DAY), answers, strict=True):
        assert content == body(minute, *posts)
        assert said("WARC-Target-URI") == URL
        assert said("WARC-Date") == f"{at(minute):%Y-%m-%dT%H:%M:%SZ}"
        assert http.get_statuscode() == "200"
    for (_, answer, *_), (_, said, _, content) in zip(answers, rest[1::2], strict=True):
        assert said("WARC-Concurrent-To") == answer("WARC-Record-ID")
        assert b"sha256: " in content
    ids = [said("WARC-Record-ID") for _, said, *_ in (about, *rest)]
    assert len({*ids}) == len(ids)
    told = json.loads((out / "manifest.json").read_bytes())
    packed = (out / "pages.warc.gz").read_bytes()
    assert told["files"][0]["sha256"] == hashlib.sha256(packed).hexdigest()
    assert told["counts"] == {"pages": 5, "bodies": 5}


def test_a_body_that_came_again_is_written_once_and_referred_to(importing):
    folder = importing.folder / "day"
    folder.mkdir()
    for minute, of in ((10, 10), (12, 12), (14, 10)):
        page = body(of, TWO, ONE) if of == 10 else body(of, ONE)
        (folder / f"{at(minute):%Y%m%d%H%M%S}.html").write_bytes(page)
    importing.bring(folder)
    _, out = export(importing)
    told = records(out)
    assert [kind for kind, *_ in told[1::2]] == ["response", "response", "revisit"]
    first, _, again = (said for _, said, *_ in told[1::2])
    assert again("WARC-Refers-To") == first("WARC-Record-ID")
    assert again("WARC-Refers-To-Date") == first("WARC-Date")
    assert again("WARC-Payload-Digest") == first("WARC-Payload-Digest")


def test_a_page_that_names_no_address_is_a_resource_under_the_name_of_its_file(importing):
    posts = "".join(
        f'<article class="post" id="post-{n}"><time datetime="{at(n).isoformat()}"></time>'
        f"<h3>Report {n}</h3><p>The gauge reads {n} at the quay.</p></article>"
        for n in range(8, 0, -1)
    )
    page = importing.folder / "a.html"
    page.write_text(f"<html lang='en'><title>Quay live</title><h1>Quay live</h1>{posts}</html>")
    assert importing.bring(page, at=at(9)) == 0
    _, out = export(importing)
    kinds = {said("WARC-Target-URI"): kind for kind, said, *_ in records(out)[1::2]}
    assert kinds == {page.as_uri(): "resource"}


def test_the_same_pages_give_the_same_bytes_and_go_into_another_store(importing, tmp_path):
    importing.bring(save(importing.folder / "day", *DAY))
    _, out = export(importing)
    _, again = export(importing, "again")
    packed = (out / "pages.warc.gz").read_bytes()
    assert (again / "pages.warc.gz").read_bytes() == packed
    (tmp_path / "other").mkdir()
    other = Importing(tmp_path / "other", f"sqlite:///{tmp_path}/other.db")
    assert other.bring(out / "pages.warc.gz") == 0
    assert other.said == ["5 captures taken: 4 new entries, 1 edit, 1 retraction"]
    assert other.past(TWO) == importing.past(TWO)
    _, back = export(other)
    assert (back / "pages.warc.gz").read_bytes() == packed
    other.database.close()


def test_bounds_are_days_in_a_zone_and_moments_are_the_last_that_count(importing):
    importing.bring(save(importing.folder / "day", *DAY))
    day = date(2024, 12, 2)
    assert export(importing, "a", first=day, last=day)[0].pages == 5
    assert export(importing, "b", as_of=at(15))[0].pages == 3
    far = ZoneInfo("Pacific/Pago_Pago")
    assert export(importing, "c", first=day, last=day, zone=far)[0].pages == 0


def test_a_topic_that_keeps_no_pages_is_told_so_with_the_mend(importing):
    importing.bring(save(importing.folder / "day", *DAY), topic="other")
    with pytest.raises(FolderError, match="keeps no pages; with archive: true"):
        export(importing, topic="other")
    assert not (importing.folder / "out").exists()


def test_the_command_writes_it_and_says_what(tmp_path):
    made = Importing(tmp_path, f"sqlite:///{tmp_path}/keywire.db")
    made.bring(save(tmp_path / "day", *DAY))
    made.database.close()
    words = ["export", "harbour", "--format", "warc", "--out", "out"]
    told = subprocess.run(
        [KEYWIRE, *words], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert told.stdout == "Wrote 5 pages with 5 distinct bodies to out\n"
    assert told.stderr == ""
