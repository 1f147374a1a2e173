"""A body as it comes over the wire, unpacked under three limits: what arrived, what it unpacks to, and the ratio of the
two. Counted while it is unpacked, so that no more memory is used than the limits allow, whatever a header declares."""

import zlib
from collections.abc import Iterable

from knowledge.sources.errors import FetchFailed

ENCODINGS = ("", "identity", "gzip", "x-gzip")
_STEP = 65_536
# Small files can be very regular; a ratio means something only beyond this.
_RATIO_FROM = 1_000_000


def unpacked(chunks: Iterable[bytes], encoding: str, most_packed: int, most: int, most_ratio: int) -> bytes:
    """The body. Raises FetchFailed at the first byte too many, and where the packing is unknown or damaged."""
    if encoding not in ENCODINGS:
        raise FetchFailed(f"is sent packed as '{encoding[:40]}', which was not asked for")
    body = bytearray()
    arrived = 0
    unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS) if encoding in ("gzip", "x-gzip") else None
    for chunk in chunks:
        arrived += len(chunk)
        if arrived > most_packed:
            raise FetchFailed(f"is larger than {most_packed // 1_000_000} MB")
        if unpacker is None:
            body += chunk
            continue
        while chunk:
            if unpacker.eof:  # several packed pieces in a row are one body
                unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
            try:
                body += unpacker.decompress(chunk, _STEP)
            except zlib.error as error:
                raise FetchFailed("is packed in a way that cannot be unpacked") from error
            chunk = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
            if len(body) > most:
                raise FetchFailed(f"unpacks to more than {most // 1_000_000} MB")
            if len(body) > _RATIO_FROM and len(body) > most_ratio * arrived:
                raise FetchFailed(f"unpacks to more than {most_ratio} times its size")
    if unpacker is not None and not unpacker.eof and arrived:
        body += unpacker.decompress(b"", _STEP)  # what a full step left inside
        if not unpacker.eof:
            raise FetchFailed("breaks off before its end")
    if len(body) > most:
        raise FetchFailed(f"is larger than {most // 1_000_000} MB")
    return bytes(body)
