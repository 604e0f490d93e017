"""Reading of a body up to a size limit; gzip is decoded without ever expanding past the limit.

Raises `ValueError` subclasses that say in plain words what is wrong; the caller adds the URL.
"""

import asyncio
import zlib
from contextlib import aclosing
from typing import Final

from scraper.transport.answer import BROKEN, Answer

DRAINED: Final = 65_536  # bytes of an unwanted body that are read to keep the connection
DRAIN_TIMEOUT: Final = 0.5  # seconds

_STEP: Final = 256 * 1024  # bytes decoded at once
_GZIP: Final = 16 + zlib.MAX_WBITS
_MAGIC: Final = 0x1F
_MOST_MEMBERS: Final = 1_000  # RFC 1952 2.2 allows several; thousands of empty ones are an attack
_GZIP_NAMES: Final = ("gzip", "x-gzip")  # RFC 9110 8.4.1.3


class TooLargeError(ValueError):
    """The body is larger than the limit, as sent or as decoded."""


class CutShortError(ValueError):
    """The compressed body ends before its coding does."""


class CodingError(ValueError):
    """The body is in a coding that was not asked for, or is not valid gzip."""


class Body:
    """Takes raw parts with `add` and returns the whole decoded body with `finish`.

    A body of more than `limit` bytes, raw or decoded, raises TooLargeError. With `cut` it is cut to
    `limit` decoded bytes instead, and `full` becomes true.
    """

    def __init__(self, coding: str, limit: int, *, cut: bool = False) -> None:
        self._decoded = bytearray()
        self._limit, self._cut = limit, cut
        self._raw_size = self._members = 0
        self._zlib = zlib.decompressobj(_GZIP) if _read_coding(coding) else None
        self._ended = False
        self.full = False

    def add(self, raw: bytes) -> None:
        """Add and decode the next part as it was sent."""
        self._raw_size += len(raw)
        if self._raw_size > self._limit and not self._cut:
            raise TooLargeError(f"the body is larger than {_show_size(self._limit)}")
        if self._zlib is None:
            self._keep(raw)
            return
        while raw and not self.full and not self._ended:
            raw = self._expand(raw)

    def finish(self) -> bytes:
        """Return the decoded body; raises CutShortError if the coding did not come to its end."""
        if self._zlib is not None and not self.full and not (self._ended or self._zlib.eof):
            raise CutShortError("the compressed body was cut short")
        return bytes(self._decoded)

    def _expand(self, raw: bytes) -> bytes:
        """Decode a step of `raw` and return the bytes still to be decoded."""
        assert self._zlib is not None  # noqa: S101  # for the type checker
        if self._zlib.eof:
            if raw[0] != _MAGIC:  # padding after the last member, as browsers read it
                self._ended = True
                return b""
            self._start_member()
        room = self._limit - len(self._decoded) + 1
        try:
            part = self._zlib.decompress(raw, min(_STEP, room))
        except zlib.error:
            raise CodingError("the body is not the gzip that it is said to be") from None
        self._keep(part)
        return self._zlib.unconsumed_tail or self._zlib.unused_data

    def _start_member(self) -> None:
        self._members += 1
        if self._members > _MOST_MEMBERS:
            raise CodingError("the body is made of too many gzip members")
        self._zlib = zlib.decompressobj(_GZIP)

    def _keep(self, part: bytes) -> None:
        room = self._limit - len(self._decoded)
        if len(part) > room and not self._cut:
            raise TooLargeError(f"the body is larger than {_show_size(self._limit)} decoded")
        self._decoded += part[:room]
        self.full = len(part) > room


def check_size(announced: str, limit: int) -> None:
    """Raise TooLargeError if Content-Length (RFC 9110 8.6; "" if unknown) is over the limit."""
    if announced.isdecimal() and int(announced) > limit:
        raise TooLargeError(
            f"the body is {_show_size(int(announced))} long, and {_show_size(limit)} is the limit"
        )


async def read_whole(answer: Answer, limit: int, *, cut: bool = False) -> bytes:
    """Read and decode a body of at most `limit` bytes.

    With `cut`, a larger one is cut to the limit. Raises ValueError, in plain words, for a body that
    is too large, cut short or wrongly coded, and the errors in BROKEN.
    """
    body = Body(answer.get(b"content-encoding"), limit, cut=cut)
    if not cut:
        check_size(answer.get(b"content-length"), limit)
    async with aclosing(answer.parts()) as parts:
        async for part in parts:
            body.add(part)
            if body.full:
                break
    return body.finish()


async def drain(answer: Answer) -> None:
    """Read and drop an unwanted body so that its connection can be kept, unless long or slow."""
    if answer.whole:
        return
    size = 0
    try:
        async with asyncio.timeout(DRAIN_TIMEOUT), aclosing(answer.parts()) as parts:
            async for part in parts:
                size += len(part)
                if size > DRAINED:
                    return
    except (TimeoutError, *BROKEN):
        return


def _read_coding(coding: str) -> bool:
    """Return whether a Content-Encoding is gzip; CodingError if neither gzip nor identity."""
    name = coding.strip().lower()
    if name in ("", "identity"):
        return False
    if name in _GZIP_NAMES:
        return True
    raise CodingError(f"the body is in the coding “{name[:40]}”, and only gzip was asked for")


def _show_size(size: int) -> str:
    return f"{size / 1_000_000:g} MB" if size >= 1_000_000 else f"{size:,} bytes"  # noqa: PLR2004
