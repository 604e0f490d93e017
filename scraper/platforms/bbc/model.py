"""Where a BBC page keeps the model that it is rendered from, and the stream of posts in it.

There are three forms. Simorgh, which renders the World Service and serves news/live:
`__NEXT_DATA__`, with the whole page under `props.pageProps.pageData`, and the same as JSON under
`data` (github.com/bbc/simorgh, ws-nextjs-app/pages/[service]/live/[id]). The desktop site:
`window.__INITIAL_DATA__`, a string of JSON, with the stream under a name that begins `stream?`. The
answer that a page's own client polls for: the stream alone.
"""

import re

import msgspec

from scraper.markup.document import Document
from scraper.markup.loose_json import object_in

SIGN = b"liveTextStream"

NEXT = re.compile(rb'<script[^<>]{0,300}?\sid="__NEXT_DATA__"[^<>]{0,300}>')
INITIAL = re.compile(rb'window\.__INITIAL_DATA__\s{0,9}=\s{0,9}(?=["{])')

STREAM = "stream?"

LIVE_PAGE = "live-coverage"


class Paging(msgspec.Struct):
    """The number of a page of the stream, from 1, and the number of all pages."""

    index: int
    total: int


class Stream(msgspec.Struct):
    """One page of the stream, its posts not decoded yet."""

    results: list[msgspec.Raw]
    page: Paging | None = None


class _Content(msgspec.Struct):
    data: Stream | None


class _TextStream(msgspec.Struct):
    """The stream in a model: `content` is null before the first post, but always present."""

    content: _Content | None
    id: object = ""


class Model(msgspec.Struct, rename="camel"):
    """What a page is rendered from. Of a stream alone only `live_text_stream` is set."""

    live_text_stream: _TextStream | None = None
    title: object = ""
    language: object = ""
    type: object = ""
    is_live: object = None
    start_date_time: object = ""

    @property
    def stream(self) -> Stream | None:
        """The page's stream of posts; None if a live page has none yet."""
        content = self.live_text_stream.content if self.live_text_stream else None
        return content.data if content else None

    @property
    def stream_id(self) -> str:
        """The id by which the newest posts are asked for; "" if the model has none."""
        told = self.live_text_stream.id if self.live_text_stream else ""
        return told if isinstance(told, str) else ""

    @property
    def is_page(self) -> bool:
        """Whether the model says that it is a live page."""
        return isinstance(self.is_live, bool) or self.type == LIVE_PAGE


class _PageProps(msgspec.Struct, rename="camel"):
    page_data: Model


class _Props(msgspec.Struct, rename="camel"):
    page_props: _PageProps


class _Next(msgspec.Struct):
    props: _Props


class _Answer(msgspec.Struct):
    data: Model


class _StreamAnswer(msgspec.Struct):
    data: Stream


class _Desktop(msgspec.Struct):
    data: dict[str, msgspec.Raw]


def model_in(document: Document) -> Model | None:
    """Return the model of a live page; None if the document has none in a known form."""
    try:
        if document.data is not None:
            return _answered(document)
        if not document.holds(SIGN):
            return None
        return _rendered(document.markup) or _desktop(document.markup)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None


def _answered(document: Document) -> Model | None:
    data = object_in(document.data, "data")
    if "liveTextStream" in data:
        return msgspec.json.decode(document.markup, type=_Answer).data
    if "results" in data:
        return _alone(msgspec.json.decode(document.markup, type=_StreamAnswer).data)
    return None


def _rendered(markup: bytes) -> Model | None:
    script = _script(markup, NEXT)
    if script is None or SIGN not in script:
        return None
    return msgspec.json.decode(script, type=_Next).props.page_props.page_data


def _desktop(markup: bytes) -> Model | None:
    script = _script(markup, INITIAL)
    if script is None:
        return None
    script = script.rstrip(b"; \r\n\t")
    if script.startswith(b'"'):
        script = msgspec.json.decode(script, type=str).encode()
    named = msgspec.json.decode(script, type=_Desktop).data
    stream = next((value for name, value in named.items() if name.startswith(STREAM)), None)
    return _alone(msgspec.json.decode(stream, type=_StreamAnswer).data) if stream else None


def _script(markup: bytes, opening: re.Pattern[bytes]) -> bytes | None:
    found = opening.search(markup)
    end = markup.find(b"</script", found.end()) if found else -1
    return markup[found.end() : end] if found and end >= 0 else None


def _alone(stream: Stream) -> Model:
    return Model(live_text_stream=_TextStream(_Content(stream)))
