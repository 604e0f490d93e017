"""Bodies rebuilt for pages: what may stand in them, whatever the store holds."""

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from feeds.site.body_html import cut, fair_share, prose

PARENTS = {
    "li": ("ol", "ul"),
    "dd": ("dl",),
    "td": ("tr",),
    "figcaption": ("figure",),
}
ATTRIBUTES = {"href", "src", "alt", "width", "height", "title", "colspan", "rowspan", "start"}
ATTRIBUTES |= {"loading", "class"}
TAGS = re.compile(r"<(/?)([a-z0-9]+)[^<>]*>")


def whole(html, **more):
    return "".join(prose(html, **more))


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("bare & <i>words</i>", "<p>bare &amp; <i>words</i></p>"),
        ("no markup", "<p>no markup</p>"),
        ("", ""),
        ("<p>a</p>b<p>c</p>", "<p>a</p><p>b</p><p>c</p>"),
        ("<h2>Part</h2>", '<p class="sub">Part</p>'),
        ("<li>loose</li>", "<div>loose</div>"),
        ("<ul>a<li>b</li></ul>", "<ul><li>a</li><li>b</li></ul>"),
        ('<p><a href="/x">gone</a></p>', "<p>gone</p>"),
        ('<p><a href="https://x.example/a"></a>.</p>', "<p>.</p>"),
        (
            '<a href="https://x.example/?a=1&amp;b=2">k</a>',
            '<p><a href="https://x.example/?a=1&amp;b=2">k</a></p>',
        ),
        ("<p>x<script>alert(1)</script><style>p{}</style></p>", "<p>x</p>"),
        ("<p onclick=f() style=x id=main class=news>x</p>", "<p>x</p>"),
        ('<ol start="4" reversed><li>x</li></ol>', '<ol start="4"><li>x</li></ol>'),
        ("a\x00b\x1bc", "<p>abc</p>"),
    ],
)
def test_what_may_stand_in_a_body(html, shown):
    assert whole(html) == shown


def test_a_picture_has_words_and_room():
    html = (
        '<figure><img src="https://x.example/a.jpg" width="600" height="40%" onerror=f()></figure>'
    )
    drawn = '<img src="https://x.example/a.jpg" alt="" width="600" loading="lazy">'
    assert whole(html) == f"<figure>{drawn}</figure>"
    linked = '<a href="https://x.example/"><img src="https://x.example/a.jpg"></a>'
    assert 'alt="Picture"' in whole(linked)


def test_without_pictures_there_are_links_to_them():
    html = '<p><img src="https://x.example/a.jpg" alt="A boat"></p>'
    assert (
        whole(html, pictures=False)
        == '<p><a href="https://x.example/a.jpg">Picture: A boat</a></p>'
    )


@given(
    st.lists(
        st.sampled_from(
            [
                *("<p>", "</p>", "<ul>", "<li>", "</ul>", "<table>", "<tr>", "<td>", "</table>"),
                *("<a href='https://x.example'>", "</a>", "<dl>", "<dd>", "<figcaption>", "<svg>"),
                *("<script>", "</script>", "<!--", "-->", "<![CDATA[", "]]>", "<img src=x>", "<b>"),
                *("<textarea>", "<title>", "</div>", "</body>", "<math><mtext>", "<noscript>"),
                *("<iframe srcdoc='<script>'>", "&lt;", "&#x3c;script>", "words", " ", '"', "'"),
                "<a href=javascript:alert(1)>",
            ]
        ),
        max_size=20,
    )
)
def test_whatever_is_in_the_store_the_blocks_are_whole_and_hold_nothing_else(parts):
    for block in prose("".join(parts)):
        opened = []
        for end, name in TAGS.findall(block):
            if name not in {"br", "hr", "img"}:
                assert not end or opened.pop() == name
                opened += [] if end else [name]
        assert opened == []
        tree = LexborHTMLParser(f"<main>{block}</main>")
        assert not tree.css("script, style, svg, math, iframe, textarea, title, noscript, a a")
        for node in tree.css("main *"):
            assert set(node.attributes) <= ATTRIBUTES
            assert not (node.attributes.get("href") or "https://").startswith("javascript")
            assert node.parent.tag in PARENTS.get(node.tag, (node.parent.tag, "tbody"))


@given(st.text(string.printable, max_size=60))
def test_bare_words_are_kept(text):
    shown = LexborHTMLParser(whole(text.replace("&", "&amp;").replace("<", "&lt;"))).text()
    assert shown.split() == re.sub("[\x0b\x0c]", "", text).split()


def test_a_body_of_a_hundred_thousand_tags_is_no_trouble():
    whole("<div>" * 100_000 + "x")
    whole("<b>" * 50_000)


def test_only_the_longest_bodies_are_cut():
    assert fair_share([10, 20, 30], 60) == 60
    assert fair_share([10, 20, 300], 90) == 60
    assert fair_share([100, 100, 10], 110) == 50
    assert fair_share([], 60) == 60
    assert cut(("<p>1</p>", "<p>2</p>", "<p>3</p>"), 16) == ("<p>1</p>", "<p>2</p>")
    assert cut(("<p>some <b>long</b> &lt; words</p>",), 20) == ("<p>some long &lt;…</p>",)
    assert cut((), 20) == ()
