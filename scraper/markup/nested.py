"""Regular expressions that prove the nesting of markup, so that it need not be parsed.

If paragraphs, lists and emphasis are all closed in turn, and none is where HTML would move it, a
parser makes exactly the tree that is written. The forms made here match only such markup; they do
not match all of it.
"""

from typing import Final

TEXT: Final = "[^<]*+"
_BLANK: Final = r"[ \t\n]*+"
# A longer name comes before one that it begins with.
_INLINE: Final = "a|strong|span|small|sub|sup|em|code|cite|mark|b|i|s|u"
_BREAK: Final = "br ?/?>"
# How deep links and emphasis may be nested.
_DEEPEST: Final = 4


def flow(attributes: str) -> str:
    """Return the form of paragraphs, headings, lists and quotations with blanks between them.

    `attributes` is the form of what follows the name in an opening tag.
    """
    words = inline(attributes, "w")
    item = inline(attributes, "i")
    told = inline(attributes, "t")
    paragraph = f"p{attributes}>{words}</p>"
    heading = f"(?P<heading>h[2-6]){attributes}>{inline(attributes, 'h')}</(?P=heading)>"
    within = f"(?:<p{attributes}>{item}</p>{_BLANK})*"
    listed = (
        f"(?P<list>[uo]l){attributes}>{_BLANK}"
        f"(?:<li{attributes}>{_BLANK}(?:{within}|{told})</li>{_BLANK})*</(?P=list)>"
    )
    quoted = (
        f"blockquote{attributes}>{_BLANK}"
        f"(?:<p{attributes}>{inline(attributes, 'q')}</p>{_BLANK})*</blockquote>"
    )
    return f"{_BLANK}(?:<(?:{paragraph}|{heading}|{listed}|{quoted}){_BLANK})*"


def inline(attributes: str, mark: str) -> str:
    """Return the form of text with links, emphasis and line breaks, none within its own kind.

    `mark` begins the names of its groups, so that one expression can have several such forms.
    """
    return _words(attributes, mark, ())


def _words(attributes: str, mark: str, above: tuple[str, ...]) -> str:
    if len(above) == _DEEPEST:
        return f"{TEXT}(?:<{_BREAK}{TEXT})*"
    tag = f"{mark}{len(above)}"
    another = "".join(rf"(?!(?P={each})\b)" for each in above)
    within = _words(attributes, mark, (*above, tag))
    element = f"{another}(?P<{tag}>{_INLINE}){attributes}>{within}</(?P={tag})>"
    return f"{TEXT}(?:<(?:{_BREAK}|{element}){TEXT})*"
