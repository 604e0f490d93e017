"""Bytes packed small: by themselves, or as what differs from others that are much like them."""

from typing import Final

import zstandard

_LEVEL: Final = 3
_LEAST, _LARGEST = 17, 27  # of a window, as a power of two of bytes


def compress(body: bytes, base: bytes = b"") -> bytes:
    """Pack a body; with a `base`, as what differs from it. The same bytes give the same bytes."""
    window = min(max((len(body) + len(base)).bit_length(), _LEAST), _LARGEST)
    shape = zstandard.ZstdCompressionParameters.from_level(
        _LEVEL, window_log=window, enable_ldm=bool(base), write_content_size=True
    )
    packer = zstandard.ZstdCompressor(compression_params=shape, dict_data=_words(base))
    return bytes(memoryview(packer.compress(body)))  # zstandard's own keeps a body's room


def expand(packed: bytes, base: bytes = b"", *, size: int) -> bytes:
    """Give the body back that was packed, `size` bytes long. Raises ValueError where it is not."""
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
