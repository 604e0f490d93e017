"""Render a message as lines of HTML, in the dialect of a chat service."""

from dataclasses import dataclass
from html import escape as html_escape

from feeds.push.chat.talk import NEUTRAL
from feeds.push.wording import Wording


@dataclass(frozen=True, slots=True)
class Dialect:
    """A service's element names for strong, struck-through and emphasised text; its line end."""

    strong: str
    struck: str
    emphasis: str
    newline: str


def escape(text: str) -> str:
    """Return a text in which clients find neither markup nor mentions."""
    return html_escape(neutral(text), quote=True)


def neutral(text: str) -> str:
    """Return a text in which no @ makes a mention of the name after it."""
    return text.replace("@", f"@{NEUTRAL}")


def render(said: Wording, dialect: Dialect) -> str:
    """Return a message as HTML: head, title, text, items, address and foot."""

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
    href = html_escape(url.replace("@", "%40"))  # an @ in an address makes no mention either
    return f'<a href="{href}">{escape(label)}</a>' if url else escape(label)
