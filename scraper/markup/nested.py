"""Markup whose nesting a regular expression proves, so that no parser is needed to be sure of it.

Of paragraphs, lists and emphasis that are all closed in their turn, and none of which stands where
HTML has another idea of it, a parser makes the tree that is written. Forms made here match such
markup alone. What they do not match may be as good; of that nothing is told.
"""

from typing import Final

TEXT: Final = "[^<]*+"
_BLANK: Final = r"[ \t\n]*+"
# The longer name first where one begins another.
_INLINE: Final = "a|strong|span|small|sub|sup|em|code|cite|mark|b|i|s|u"
_BREAK: Final = "br ?/?>"
# As deep as links and emphasis stand in one another.
_DEEPEST: Final = 4


def flow(attributes: str) -> str:
    """Write the form of paragraphs, headings, lists and quotations, with blanks between them.

    `attributes` is the form of all that may stand in an opening tag after its name.
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
    """Write the form of words with links, emphasis and line breaks, none within its own kind.

    `mark` begins the names of its groups, so that several stand in one form.
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
