"""The little of Protocol Buffers' wire format that kubectl needs: texts and messages, written and read."""

from collections.abc import Iterator

LENGTH_DELIMITED, VARINT, FIXED64, FIXED32 = 2, 0, 1, 5


class Malformed(Exception):
    """Bytes that are no message."""


def varint(number: int) -> bytes:
    found = b""
    while number > 127:
        found += bytes([number & 127 | 128])
        number >>= 7
    return found + bytes([number])


def field(number: int, content: str | bytes) -> bytes:
    """A field that holds a text or a message."""
    held = content.encode() if isinstance(content, str) else content
    return varint(number << 3 | LENGTH_DELIMITED) + varint(len(held)) + held


def fields(message: bytes) -> Iterator[tuple[int, bytes]]:
    """The texts and messages in a message, with the numbers of their fields. Raises Malformed."""
    at = 0

    def read_varint() -> int:
        nonlocal at
        found = shift = 0
        while True:
            if at >= len(message) or shift > 63:
                raise Malformed
            byte = message[at]
            at += 1
            found |= (byte & 127) << shift
            if byte < 128:
                return found
            shift += 7

    while at < len(message):
        tag = read_varint()
        number, wire = tag >> 3, tag & 7
        if wire == VARINT:
            read_varint()
        elif wire == LENGTH_DELIMITED:
            size = read_varint()
            if at + size > len(message):
                raise Malformed
            yield number, message[at : at + size]
            at += size
        elif wire in (FIXED64, FIXED32):
            at += 8 if wire == FIXED64 else 4
        else:
            raise Malformed


def nested(message: bytes, *path: int) -> bytes:
    """The message at a path of field numbers; empty when it is not there."""
    for number in path:
        message = dict(fields(message)).get(number, b"")
    return message
