"""What a person says of how a page is read, through real polls."""

from inventions import definition_list
from playing import play
from stories import entries, page

from scraper.selectors import Selectors
from store.source import SourceState

ARTICLE = "/news/cranes"
WORDS = [entry.words for entry in entries(6)]


def article(words):
    body = "<article><h1>Why cranes stop</h1>" + "".join(f"<p>{w}</p>" for w in words)
    return page("Why cranes stop", body + "</article>").encode()


def rows(count):
    return (
        (
            "<h1>Cranes</h1>"
            + "".join(
                f'<tr class="r" data-key="k{n}"><td data-when="2026-11-18T15:0{n}:00Z">x</td>'
                f"<td>Crane {n} moved.</td></tr>"
                for n in range(count, 0, -1)
            )
        )
        .replace("<h1>Cranes</h1>", "<h1>Cranes</h1><table>", 1)
        .encode()
    )


def test_an_article_is_followed_as_one_entry_with_revisions(tmp_path):
    async def tell(playing):
        playing.bodies = {ARTICLE: article(WORDS)}
        await playing.poll()
        assert playing.told()[0] == [("blog.discovered", ""), ("entry.published", "article")]
        playing.bodies = {ARTICLE: article(["The cranes move again.", *WORDS])}
        await playing.poll()
        told, _ = playing.told()
        assert told[2:] == [("entry.updated", "article")]
        playing.bodies = {
            ARTICLE: b"<html><title>x</title><body><p>Accept cookies</p></body></html>"
        }
        await playing.poll()
        assert playing.source.state is SourceState.BROKEN
        assert [kind for kind, _ in playing.told()[0][3:]] == ["source.broken"]

    play(tmp_path, ARTICLE, tell, article=True)


def test_an_article_that_nobody_asked_for_is_a_fault(tmp_path):
    async def tell(playing):
        playing.bodies = {ARTICLE: article(WORDS)}
        await playing.poll()
        assert playing.source.state is SourceState.BROKEN

    play(tmp_path, ARTICLE, tell)


def test_selectors_are_what_a_page_is_read_by(tmp_path):
    async def tell(playing):
        playing.bodies = {"/odd": rows(3)}
        await playing.poll()
        playing.bodies = {"/odd": rows(4)}
        await playing.poll()
        told = [block for kind, block in playing.told()[0] if kind == "entry.published"]
        assert sorted(told) == ["k1", "k2", "k3", "k4"]
        playing.bodies = {"/odd": b"<html><body><h1>Cranes</h1><p>New layout.</p></body></html>"}
        await playing.poll()
        assert playing.source.state is SourceState.BROKEN
        assert "by its selectors" in playing.source.reason

    selectors = Selectors("tr.r", "td@data-when", id="@data-key")
    play(tmp_path, "/odd", tell, selectors=selectors)


def test_an_edited_headline_of_a_page_without_ids_is_an_edit(tmp_path):
    story = definition_list()
    first = story.entries[2].title

    async def tell(playing):
        playing.bodies = {"/ticker": story.html.encode()}
        await playing.poll()
        before, seq = playing.told()
        assert sum(kind == "entry.published" for kind, _ in before) == len(story.entries)
        edited = story.html.replace(first, "Bürgermeisterin verspricht Mole nun doch")
        playing.bodies = {"/ticker": edited.encode()}
        await playing.poll()
        ((kind, block),), seq = playing.told(seq)
        assert kind == "entry.updated"
        assert ("entry.published", block) in before
        above = (
            "<dt>16:55 Uhr</dt><dd><h4>Nebel löst sich auf</h4><p>Die Sicht ist wieder da.</p></dd>"
        )
        moved = edited.replace("<dl class='ticker'>", f"<dl class='ticker'>{above}")
        playing.bodies = {"/ticker": moved.encode()}
        await playing.poll()
        assert [kind for kind, _ in playing.told(seq)[0]] == ["entry.published"]

    play(tmp_path, "/ticker", tell, timezone=story.zone)
