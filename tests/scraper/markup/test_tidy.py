import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scraper.markup.html import _cleaned, _filled, ours, plain_text
from scraper.markup.tidy import tidied

SITE = "https://www.example.org"
BASE = f"{SITE}/live/day"
WORDS = st.sampled_from(
    [
        *"x é“\n\t'\"=/\x0c\x07\ufffd&>\x00\r\xa0\ufeff\ud800\x85\U0001f600",
        *("words and", "&amp;", "&lt;", "&gt;", "&nbsp;", "a & b", "]]>"),
        *(
            "&copy;",
            "&#39;",
            "&am",
            "p;",
            "&",
            "&A",
            "Q&A ",
            "&mdash;",
            "&quot;",
            "&#8217;",
            "&#x2019;",
        ),
        *(
            "&#128;",
            "&#0;",
            "&nosuch;",
            "&notin;",
            "&notit;",
            "&lt",
            "&#39",
            "\xa0",
            "a > b",
            "&Tab;",
        ),
        *("&#xa0;", "&#160;", "&#13;", "  two", "&b", "&b;", "&amp;lt;"),
    ]
)
ATTRIBUTES = st.sampled_from(
    [
        *("", "", ' class="x y"', ' data-link-name="in body link"', ' target="_blank"', ' id="é"'),
        *(' title="x"', ' lang="en"', ' lang="en" dir="ltr"', ' class=" href="', " class='q'"),
        *(' href="javascript:evil()"', ' onclick="evil()"', ' CLASS="x"', ' class="quoted"'),
        *(' class="twitter-tweet"', ' style="a<b"', ' class="x\r\ny"', ' class="nojs-tweet"'),
        *(
            ' class="a" class="b"',
            ' title="x"',
            " hidden",
            ' class="a>b"',
            ' start="2"',
            ' class=""',
        ),
        *(
            ' src="https://ex.org/"',
            ' itemprop="x"',
            ' lang="en-GB"',
            ' data-x="&quot;"',
            ' cite="x"',
        ),
    ]
)
ADDRESSES = st.sampled_from(
    [
        *("https://ex.org/a", "http://a-b.co.uk/x?y=1&amp;z=%zz#q", "https://a.b", "https://A.b/"),
        *("https://1.2.3.com", "https://xn--a.com/", "https://1.2.3.4", "/rel", "https://a..b", ""),
        *("javascript:evil()", "https://a.b:80/", "https://ex.org/&amp;lt;", "https://a.b/é"),
        *(
            "/rel/a-b_c.d",
            "/rel/../x",
            "/.x",
            "/a/./b",
            "//other.org/a",
            "/a?b=c&amp;d#e",
            "/a%20b",
        ),
        *("/a//b", "/a?b=%zz", "#x", "?x", "/", "", "/a/b/", "/a b", "/a;b", "/a:b", "/a?x=y/../z"),
    ]
)
NAMES = [
    *("p", "strong", "em", "b", "i", "u", "span", "h2", "h3", "ul", "ol", "li", "sub", "sup"),
    *("div", "blockquote", "figure", "figcaption", "table", "td", "pre", "script", "svg"),
    *(
        "article",
        "section",
        "time",
        "h1",
        "h4",
        "cite",
        "small",
        "s",
        "code",
        "del",
        "nobr",
        "form",
    ),
]
SIZES = st.sampled_from(["", ' width="1" height="020"', ' height="2"', ' onerror="evil()"'])
IMAGES = st.builds('<img src="{}" alt="{}"{}>'.format, ADDRESSES, WORDS, SIZES)
LEAVES = st.one_of(
    WORDS,
    st.sampled_from(
        [
            *("<br>", "<br/>", "<br />", "<BR>", '<meta content="x">', '<img class="x" alt="y">'),
            '<svg viewBox="0 0 1 1" class="x"><title>mark</title><path d="M5"></path></svg>',
            *('<svg><path d="M5"/></svg>', "<svg><p>x</p></svg>", "<svg></svg>", "<p/>", "<div />"),
        ]
    ),
    IMAGES,
)
ELEMENTS = st.recursive(
    LEAVES,
    lambda within: st.one_of(
        st.builds(
            lambda name, attributes, parts: f"<{name}{attributes}>{''.join(parts)}</{name}>",
            st.sampled_from(NAMES),
            ATTRIBUTES,
            st.lists(within, max_size=3),
        ),
        st.builds(
            lambda address, before, after, words: f'<a{before} href="{address}"{after}>{words}</a>',
            ADDRESSES,
            ATTRIBUTES,
            ATTRIBUTES,
            within,
        ),
    ),
    max_leaves=8,
)
TAGS = st.sampled_from([f"<{slash}{name}>" for name in ("a", *NAMES) for slash in ("", "/")])
FRAGMENTS = st.lists(st.one_of(ELEMENTS, ELEMENTS, ELEMENTS, TAGS), max_size=4).map("".join)


@settings(max_examples=500)
@given(FRAGMENTS)
@example('<a class=" href=" id="x" href="https://ex.org/">x</a>')
@example("\ufeff<p>x</p>")
@example("<p>&am<b>p;</b></p>")
@example("<p>a<p>b</p></p>")
@example("<a href='https://a.b/'><a href='https://a.b/'>x</a></a>")
@example("<ul><li><div><ul><li>x</li></ul></div></li></ul>")
def test_what_is_told_of_tidy_markup_is_what_cleaning_makes_of_it(fragment):
    for base in (BASE, "", "http://example.org", "https://example.org:8443/x?y"):
        tidy = tidied(fragment, base)
        if tidy is not None:
            assert _filled(tidy.html) == _cleaned(fragment, base)


@settings(max_examples=500)
@given(FRAGMENTS)
@example("<p>a</p><p> </p>b")
@example("a<p></p>b")
@example("a<article>b</article>")
@example("<figure><figcaption>x</figcaption></figure>y")
def test_words_are_those_of_the_clean_markup(fragment):
    html, text = ours(fragment, BASE)
    assert text == plain_text(html)


@pytest.mark.parametrize(
    ("fragment", "tidy"),
    [
        ('<p class="x">A &amp; B</p>', "<p>A &amp; B</p>"),
        ('<p onclick="evil()">x</p>', "<p>x</p>"),
        ("<p>A & B<br/></p>", "<p>A &amp; B<br></p>"),
        (
            '<ul class="x">\n<li><b>x</b> <a rel="y" href="https://a.org/?b&amp;c">z</a></li></ul>',
            '<ul>\n<li><b>x</b> <a href="https://a.org/?b&amp;c">z</a></li></ul>',
        ),
        ('<p><span class="x">a</span></p>', "<p>a</p>"),
        ('<blockquote class="quoted"><p>a</p></blockquote>', "<blockquote><p>a</p></blockquote>"),
        ("<p>&#8216;Q&A&rsquo; &gt; \xa0</p>", "<p>‘Q&amp;A’ &gt; &nbsp;</p>"),
        ('<a class="x" href="/live/b?c=d#e">x</a>', f'<a href="{SITE}/live/b?c=d#e">x</a>'),
        ("<div><div><article><p>a</p></article></div></div>", "<div><div><p>a</p></div></div>"),
        (
            '<img class="x" src="https://a.org/b.jpg" alt="c"/>',
            '<img src="https://a.org/b.jpg" alt="c">',
        ),
        ('<p><svg class="x"><path d="M5"></path></svg>a</p>', "<p>a</p>"),
    ],
)
def test_what_live_blogs_print_is_tidy(fragment, tidy):
    told = tidied(fragment, BASE)
    assert told is not None
    assert told.html == tidy


@pytest.mark.parametrize(
    "fragment",
    [
        "<p>never closed",
        "<p><b>crossed</p></b>",
        "<p><ul><li>moved out</li></ul></p>",
        '<a href="javascript:evil()">x</a>',
        '<a href="/relative">x</a>',
        '<p onclick="evil()>x</p>',
        '<p title="kept">x</p>',
        "<script>evil()</script>",
        "<p>&nosuch;</p>",
        "<p>&lt</p>",
        "<!-- x -->",
        f'<p class="{"x" * 2000}">x</p><ul></ul>',
    ],
)
def test_of_other_markup_nothing_is_told(fragment):
    assert tidied(fragment, "") is None
