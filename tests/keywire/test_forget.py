"""keywire forget while keywire run follows: the feeds change, and the entry stays away."""

import subprocess
from datetime import UTC, datetime

import feedparser
from running import KEYWIRE, Keywire, OriginThread, wait_for

from keywire.demo.blog import add, block
from keywire.demo.script import opening

WORDS = "Quibbleworth was seen at the turnstile"


def forget(folder, entry, *more):
    return subprocess.run(
        [KEYWIRE, "forget", entry, *more],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def held(folder):
    return b"".join(file.read_bytes() for file in folder.glob("keywire.db*"))


def test_an_entry_is_taken_down_while_keywire_follows(tmp_path):
    now = datetime.now(UTC)
    blog = add(opening(now), block("rumour", now, f"<p>{WORDS}.</p>"))
    with OriginThread(blog) as origin:
        keywire = Keywire(tmp_path, [origin.url])
        keywire.start()

        def feed():
            return keywire.get("/feeds/news.atom")[1]

        wait_for(lambda: WORDS.encode() in feed(), 10, keywire.terminal)
        (entry,) = (one for one in feedparser.parse(feed()).entries if WORDS in one.title)
        polls = keywire.source()["polls"]
        done = forget(tmp_path, entry.id, "--reason", "nobody was seen there")
        assert (done.returncode, done.stderr) == (0, "")
        assert f"Forgotten: {entry.id}" in done.stdout
        wait_for(lambda: WORDS.encode() not in feed(), 10, keywire.terminal)
        wait_for(lambda: keywire.source()["polls"] >= polls + 3, 20, keywire.terminal)
        (left,) = (one for one in feedparser.parse(feed()).entries if one.id == entry.id)
        assert "nobody was seen there" in left.content[0].value
        assert keywire.source()["state"] == "ok"
        assert b"Quibbleworth" not in held(tmp_path)
        assert keywire.stop() == 0
    assert b"Quibbleworth" not in held(tmp_path)


def test_what_cannot_be_forgotten_is_said(tmp_path):
    keywire = Keywire(tmp_path, ["http://127.0.0.1:9/live"])
    keywire.start()
    assert keywire.stop() == 0
    unknown = forget(tmp_path, "99", "--reason", "why")
    assert (unknown.returncode, unknown.stdout) == (1, "")
    assert "no entry 99 is kept" in unknown.stderr
    assert forget(tmp_path, "1").returncode == 2
    assert forget(tmp_path, "1", "--reason", " ").returncode == 2
