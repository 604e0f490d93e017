"""Exports rendered in memory, and entries made to be hostile in every slot."""

from collections import defaultdict
from dataclasses import replace

from feeds.export.edition import Edition
from feeds.export.formats import FORMATS
from store.entry import Media

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "javascript:alert(1)",
    "</style><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "--><script>alert(1)</script>",
    "]]><script>alert(1)</script>",
    "[x](javascript:alert(1))",
    "![x](javascript:alert(1))",
    "<javascript:alert(1)>",
    "`<b>`</code><script>alert(1)</script>",
    "\n# Not a heading\n\n---\ntitle: not front matter\n---\n",
    "1. no list\n- nor this\n+ nor that\n===\n> nor a quotation",
    "\nEND:VEVENT\nBEGIN:VEVENT\nSUMMARY:made up\n",
    "\r\nX-EVIL:1\r\n",
    ";VALUE=DATE,\\n\\;",
    '=HYPERLINK("http://evil.example";"x")',
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "＝1+1",
    "'=1+1",
    "\x00\x01\x0b\x1f\x7f\ufffe\uffff",
    "a\u202etxt.exe",
    "& &lt;script&gt; &#60;script&#62;",
    "{{7*7}} ${7*7} <%= 7*7 %>",
    "data:text/html,<script>alert(1)</script>",
    "x" * 300,
    "\U0001f30a" * 60,
)


def files(form, entries, **asked):
    """Render a whole edition; return its files by name."""
    made = defaultdict(bytes)
    edition = Edition(**{"topic": "harbour", "title": "The harbour", **asked})
    for name, piece in FORMATS[form].render(edition, entries):
        made[name] += piece
    return dict(made)


def hostile(archived, text):
    """Return an entry with `text` in every field, of its blog, revisions and provenance too."""
    said = {
        "title": text,
        "html": f"<p>{text}</p>",
        "text": text,
        "permalink": text,
        "authors": (text,),
        "credit": text,
        "tags": (text,),
        "language": text,
        "media": (Media(text, alt=text, credit=text),),
    }
    stored = archived.stored
    seen = replace(stored.provenance, page_url=text, platform=text, layout=text, etag=text)
    entry = replace(stored.entry, blog=text, block_id=text, **said)
    return replace(
        archived,
        blog_title=text,
        stored=replace(stored, entry=entry, id=f"tag:{text}", provenance=seen),
        revisions=tuple(replace(one, provenance=seen, **said) for one in archived.revisions),
    )
