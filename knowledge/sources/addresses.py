"""Which addresses may be asked for: the one place that takes a URL apart, and the check of what its host leads to.

Parsers that disagree about a URL are how a check is passed with one host and a connection made to another. So a URL is
taken apart here and never again: what goes over the wire is put together from these parts. Whatever two parsers could
read differently is refused, not repaired. Nothing in this file does input or output.
"""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Literal

from knowledge.sources.errors import UnsafeAddress

Address = IPv4Address | IPv6Address
Scheme = Literal["http", "https"]

LONGEST_URL = 2048
_DEFAULT_PORTS: dict[Scheme, int] = {"http": 80, "https": 443}
# RFC 3986 without what browsers, Python and proxies read in different ways.
_ALLOWED = re.compile(r"[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]*")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_PARTS = re.compile(r"(?i:(https?))://([^/?#]*)([^?#]*)(\?[^#]*)?(?:#.*)?")
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_NUMERIC_LABEL = re.compile(r"[0-9]+|0x[0-9a-f]*")
_PORT = re.compile(r"[1-9][0-9]{0,4}")
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
# Control characters, the backslash, and the dot and slash whose escaped forms some servers undo before they route.
_HIDDEN_CHARACTER = re.compile(r"%(?:[01][0-9a-f]|7f|5c|2e|2f)", re.IGNORECASE)

# IANA's registries of special addresses, and what is reserved for what is to come.
_NOT_PUBLIC_4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 "
        "192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24 "
        "203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 "
        # Answers only inside Azure, with what its machines may know.
        "168.63.129.16/32"
    ).split()
)
# Only what is handed out as global unicast is public. IPv4-mapped, NAT64, link-local, unique local, site-local and
# multicast addresses all lie outside of it; Teredo, 6to4 and documentation lie inside.
_GLOBAL_6 = IPv6Network("2000::/3")
_NOT_PUBLIC_6 = tuple(IPv6Network(network) for network in "2001::/23 2001:db8::/32 2002::/16 3fff::/20".split())


@dataclass(frozen=True, slots=True)
class Target:
    """A URL taken apart. ``path`` begins with a slash and holds no dot segments; ``query`` is empty or begins with a
    question mark. A fragment is not kept: it is never sent."""

    scheme: Scheme
    host: str
    port: int
    path: str
    query: str = ""

    @property
    def authority(self) -> str:
        """Host, and port where it is not the scheme's own: the Host header."""
        return self.host if self.port == _DEFAULT_PORTS[self.scheme] else f"{self.host}:{self.port}"

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.authority}"

    @property
    def request_target(self) -> str:
        return self.path + self.query

    @property
    def url(self) -> str:
        return self.origin + self.request_target


@dataclass(frozen=True, slots=True)
class Policy:
    """Ports and addresses that may be connected to. ``allow`` names addresses that are not public and yet permitted:
    tests give the loopback here, nothing else does, and no setting reaches it."""

    allow: frozenset[Address] = frozenset()
    ports: frozenset[int] = frozenset(_DEFAULT_PORTS.values())

    def check_port(self, target: Target) -> None:
        """Raises UnsafeAddress for a port that is not for web pages."""
        if target.port not in self.ports:
            raise UnsafeAddress(f"port {target.port} is not used; only {_listed(self.ports)} are")

    def check_addresses(self, host: str, addresses: tuple[Address, ...]) -> None:
        """Raises UnsafeAddress unless there are addresses and every one of them is public: one private among public
        ones is how a host is made to lead inside on the second try."""
        if not addresses:
            raise UnsafeAddress(f"{host} has no address")
        for address in addresses:
            if address not in self.allow and not is_public(address):
                raise UnsafeAddress(f"{host} leads to {address}, which is not a public address")


def parse_url(url: str) -> Target:
    """The URL taken apart. Raises UnsafeAddress, saying which part is wrong."""
    if len(url) > LONGEST_URL:
        raise UnsafeAddress(f"the URL is longer than {LONGEST_URL} characters")
    strange = next((character for character in url if not _ALLOWED.fullmatch(character)), None)
    if strange is not None:
        raise UnsafeAddress(
            f"the URL holds {_named(strange)}; write it percent-encoded in a path, and a host in its ASCII form (xn--…)"
        )
    parts = _PARTS.fullmatch(url)
    if parts is None:
        raise UnsafeAddress("the URL does not begin with http:// or https://")
    scheme: Scheme = "https" if parts[1].lower() == "https" else "http"
    host, port = _authority(parts[2], scheme)
    path, query = parts[3] or "/", parts[4] or ""
    if "[" in path + query or "]" in path + query:
        raise UnsafeAddress("the URL holds a square bracket; write it as %5B or %5D")
    if _BAD_ESCAPE.search(path + query):
        raise UnsafeAddress("the URL holds a % that is not followed by two hexadecimal digits")
    hidden = _HIDDEN_CHARACTER.search(path)
    if hidden is not None:
        raise UnsafeAddress(f"the path of the URL holds {hidden[0]}, which servers read in different ways")
    return Target(scheme, host, port, _without_dot_segments(path), query)


def join(base: Target, location: bytes) -> Target:
    """Where a redirect leads. Bytes beyond ASCII, which servers do send, are percent-encoded as browsers do; in a host
    they are refused. Raises UnsafeAddress."""
    text = "".join(chr(byte) if byte < 0x80 else f"%{byte:02X}" for byte in location)
    text = text.partition("#")[0]
    if _SCHEME.match(text):
        return parse_url(text)
    if text.startswith("//"):
        return parse_url(f"{base.scheme}:{text}")
    if text.startswith("/"):
        return parse_url(base.origin + text)
    if text.startswith("?") or not text:
        return parse_url(base.origin + base.path + (text or base.query))
    return parse_url(base.origin + base.path.rpartition("/")[0] + "/" + text)


def is_public(address: Address) -> bool:
    """Whether anybody on the internet reaches the same machine at this address."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _NOT_PUBLIC_4)
    return (
        address.scope_id is None and address in _GLOBAL_6 and not any(address in network for network in _NOT_PUBLIC_6)
    )


def _authority(authority: str, scheme: Scheme) -> tuple[str, int]:
    if "@" in authority:
        raise UnsafeAddress("the URL holds a user name or password before an @; leave it out")
    if "[" in authority or "]" in authority:
        raise UnsafeAddress("the URL names an IPv6 address; name the host")
    host, colon, written = authority.partition(":")
    host = host.lower()
    if colon and not _PORT.fullmatch(written):
        raise UnsafeAddress(f"'{written[:20]}' is not a port")
    port = int(written) if colon else _DEFAULT_PORTS[scheme]
    if port > 65535:
        raise UnsafeAddress(f"'{written}' is not a port")
    # 127.1, 0x7f000001, 017700000001 and 2130706433 are all one address to some programs and a name to others.
    if _NUMERIC_LABEL.fullmatch(host.rstrip(".").rpartition(".")[2]):
        raise UnsafeAddress(f"'{host[:60]}' is a number, not the name of a host")
    if len(host) > 253 or not _HOST.fullmatch(host):
        raise UnsafeAddress(f"'{host[:60]}' is not the full name of a host, such as www.example.org")
    return host, port


def _without_dot_segments(path: str) -> str:
    """RFC 3986, 5.2.4. A path that climbs above its root stops there."""
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            if kept:
                kept.pop()
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)


def _named(character: str) -> str:
    return f"'{character}'" if character.isprintable() else f"the character U+{ord(character):04X}"


def _listed(ports: frozenset[int]) -> str:
    return " and ".join(str(port) for port in sorted(ports))
