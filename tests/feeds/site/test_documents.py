"""A document's two forms: plain at once, gzipped when asked for."""

import gzip
from datetime import UTC, datetime

from feeds.site.conditions import Conditions
from feeds.site.documents import make_document, pack, respond

BODY = b"<feed/>" * 100
MODIFIED = datetime(2026, 5, 4, 12, 0, 0, tzinfo=UTC)
TAKES_GZIP = Conditions(accept_encoding=b"gzip")


def test_a_document_is_plain_until_it_is_packed():
    document = make_document(BODY, "application/atom+xml", MODIFIED)
    assert document.gzipped is None
    assert document.size == len(BODY)
    assert respond(document, TAKES_GZIP) is document.plain.full
    assert document.plain.full.body == BODY


def test_the_packed_form_has_a_tag_of_its_own_and_else_the_same_headers():
    packed = pack(make_document(BODY, "application/atom+xml", MODIFIED))
    assert packed == make_document(BODY, "application/atom+xml", MODIFIED, gzipped=True)
    answer, plain = respond(packed, TAKES_GZIP), dict(packed.plain.full.headers)
    assert gzip.decompress(answer.body) == BODY
    assert packed.size == len(BODY) + len(answer.body)
    assert dict(answer.headers) == plain | {
        b"content-encoding": b"gzip",
        b"content-length": str(len(answer.body)).encode(),
        b"etag": plain[b"etag"][:-1] + b'-gzip"',
    }


def test_each_form_answers_a_304_to_its_own_tag():
    packed = pack(make_document(BODY, "text/plain"))
    assert packed.gzipped
    for form, accepted in ((packed.plain, None), (packed.gzipped, b"gzip")):
        known = Conditions(accept_encoding=accepted, if_none_match=form.etag)
        assert respond(packed, known) is form.unchanged
