from datetime import UTC, datetime

from scraper.markup.document import open_document
from scraper.markup.once import once
from scraper.page import Page

NOW = datetime(2026, 11, 14, 15, tzinfo=UTC)


def opened(markup):
    return open_document(Page(url="https://paper.example/live", body=markup, fetched_at=NOW))


def test_a_page_is_looked_at_once_by_whoever_asks_and_every_page_by_itself():
    looked_at = []

    @once
    def length(document):
        looked_at.append(document)
        return len(document.markup)

    short, long = opened(b"<p>A</p>"), opened(b"<p>A B</p>")
    assert [length(short), length(long), length(short)] == [8, 10, 8]
    assert looked_at == [short, long]


def test_that_there_is_nothing_is_told_once_too():
    looked_at = []

    @once
    def nothing(document):
        looked_at.append(document)

    page = opened(b"<p>A</p>")
    assert nothing(page) is nothing(page) is None
    assert len(looked_at) == 1


def test_two_functions_of_one_page_tell_each_their_own():
    first, second = once(lambda _: "first"), once(lambda _: "second")
    page = opened(b"<p>A</p>")
    assert (first(page), second(page), first(page)) == ("first", "second", "first")
