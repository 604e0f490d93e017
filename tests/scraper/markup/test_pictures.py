from scraper.markup.html import sanitise
from scraper.markup.pictures import pictures_in
from store.entry import Media


def test_pictures_are_told_once_each_in_their_order():
    html = sanitise(
        '<p><img src="/b.jpg" alt="A &amp; B" width="60" height="40px"></p>'
        '<figure><img alt="" src="a.jpg"></figure><img src="/b.jpg"><img alt="none">',
        "https://paper.example/live/",
    )
    assert pictures_in(html) == (
        Media(url="https://paper.example/b.jpg", alt="A & B", width=60),
        Media(url="https://paper.example/live/a.jpg"),
    )


def test_words_draw_nothing():
    assert pictures_in("<p>An &lt;img src=x&gt; in words.</p>") == ()
