"""Compressing bytes, alone or as the difference from similar bytes (zstandard)."""

from typing import Final

import zstandard

_LEVEL: Final = 3
_LEAST, _LARGEST = 17, 27  # sizes of a window, as powers of two in bytes


def compress(body: bytes, base: bytes = b"") -> bytes:
    """Return a body compressed, with a `base` as the difference from it. Deterministic."""
    window = min(max((len(body) + len(base)).bit_length(), _LEAST), _LARGEST)
    shape = zstandard.ZstdCompressionParameters.from_level(
        _LEVEL, window_log=window, enable_ldm=bool(base), write_content_size=True
    )
    packer = zstandard.ZstdCompressor(compression_params=shape, dict_data=_words(base))
    return bytes(memoryview(packer.compress(body)))  # zstandard's own bytes use a body's memory


def expand(packed: bytes, base: bytes = b"", *, size: int) -> bytes:
    """Return the body of `size` bytes that was compressed; raise ValueError if it is damaged."""
    reader = zstandard.ZstdDecompressor(dict_data=_words(base), max_window_size=2**_LARGEST)
    try:
        body = reader.decompress(packed, max_output_size=size)
    except zstandard.ZstdError as error:
        raise ValueError(str(error)) from error
    if len(body) != size:
        raise ValueError(f"{len(body)} bytes, not {size}")
    return body


def _words(base: bytes) -> zstandard.ZstdCompressionDict | None:
    raw = zstandard.DICT_TYPE_RAWCONTENT
    return zstandard.ZstdCompressionDict(base, dict_type=raw) if base else None
