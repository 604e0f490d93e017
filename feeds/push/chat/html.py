"""A message as one list of lines in HTML, in the dialect that a chat reads."""

from dataclasses import dataclass
from html import escape as html_escape

from feeds.push.chat.talk import NEUTRAL
from feeds.push.wording import Wording


@dataclass(frozen=True, slots=True)
class Dialect:
    """The elements for what has weight, is void, or is said aside, and what ends a line."""

    strong: str
    struck: str
    emphasis: str
    newline: str


def escape(text: str) -> str:
    """Write a text so that clients read neither markup nor mentions in it."""
    return html_escape(neutral(text), quote=True)


def neutral(text: str) -> str:
    """Write a text so that no name after an @ is one."""
    return text.replace("@", f"@{NEUTRAL}")


def render(said: Wording, dialect: Dialect) -> str:
    """Write a message: what it leads with, title, text, items, address, and whence it comes."""

    def put(tag: str, text: str, around: str = "") -> str:
        if not text:
            return ""
        inner = f"<{tag}>{escape(text)}</{tag}>" if tag else escape(text)
        return f"<{around}>{inner}</{around}>" if around else inner

    struck = dialect.struck if said.struck else ""
    star = "★ " if said.key else ""
    lines = (
        put(dialect.strong, said.head),
        put(dialect.strong, f"{star}{said.title}", struck),
        put("", said.text, struck),
        *(f"• {_link(item.url, item.title)}" for item in said.items),
        _link(said.url, said.url),
        put(dialect.emphasis, said.foot),
    )
    return dialect.newline.join(filter(None, lines))


def _link(url: str, label: str) -> str:
    href = html_escape(url.replace("@", "%40"))  # nor is an address read as somebody's
    return f'<a href="{href}">{escape(label)}</a>' if url else escape(label)
