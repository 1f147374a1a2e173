"""Connects to an address that was checked: the host is resolved once, every answer is judged, and the connection goes
to one of exactly those addresses. Whoever answers the same name differently a moment later is not asked again.

TLS is spoken with the host's name over that connection, so a certificate for another host is refused. Proxies play no
part: nothing here reads the environment.
"""

import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from typing import Any

import httpcore

from knowledge.sources.addresses import Address, Policy
from knowledge.sources.errors import FetchFailed, HostUnavailable

# Host → its addresses. Raises OSError when there are none.
Resolve = Callable[[str], tuple[Address, ...]]


class Deadline:
    """A moment by which everything has to be done, however small the steps are in which a server goes on."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._end = time.monotonic() + seconds

    def left(self, most: float | None = None) -> float:
        """The seconds left, at most ``most``. Raises FetchFailed when there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise FetchFailed(f"took longer than {self._seconds:g} seconds")
        return left if most is None else min(left, most)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Time spent inside does not count: waiting out of politeness is no fault of the host."""
        since = time.monotonic()
        try:
            yield
        finally:
            self._end += time.monotonic() - since


def system_addresses(host: str) -> tuple[Address, ...]:
    """What the system's resolver answers, in its order, each address once."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return tuple(dict.fromkeys(ip_address(str(entry[4][0])) for entry in found))


class CheckedBackend(httpcore.NetworkBackend):
    """Opens the connections of one request."""

    def __init__(self, policy: Policy, resolve: Resolve, deadline: Deadline) -> None:
        self._policy = policy
        self._resolve = resolve
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Raises UnsafeAddress before any connection is tried, and HostUnavailable when none can be made."""
        addresses = self._addresses_of(host, timeout)
        self._policy.check_addresses(host, addresses)
        reason = ""
        for address in addresses:
            try:
                stream = _connected(address, port, self._deadline.left(timeout))
            except OSError as error:
                reason = error.strerror or str(error)
                continue
            return _BoundedStream(stream, self._deadline)
        raise HostUnavailable(f"{host} cannot be reached: {reason}")

    def _addresses_of(self, host: str, timeout: float | None) -> tuple[Address, ...]:
        # The system's resolver knows no timeout of ours; in a thread of its own it cannot hold up the run.
        answer: queue.SimpleQueue[tuple[Address, ...] | OSError] = queue.SimpleQueue()

        def ask() -> None:
            try:
                answer.put(self._resolve(host))
            except (OSError, UnicodeError) as error:
                answer.put(error if isinstance(error, OSError) else OSError(str(error)))

        threading.Thread(target=ask, name="resolve", daemon=True).start()
        try:
            found = answer.get(timeout=self._deadline.left(timeout))
        except queue.Empty:
            raise HostUnavailable(f"the name {host} was not resolved in time") from None
        if isinstance(found, OSError):
            raise HostUnavailable(f"the name {host} cannot be resolved: {found.strerror or found}") from found
        return found


class _BoundedStream(httpcore.NetworkStream):
    """A connection whose every step also counts against the deadline of the whole."""

    def __init__(self, connection: socket.socket, deadline: Deadline) -> None:
        self._connection = connection
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            self._connection.settimeout(self._deadline.left(timeout))
            return self._connection.recv(max_bytes)
        except TimeoutError:
            self._deadline.left()
            raise FetchFailed(f"nothing came for {timeout or 0:g} seconds") from None
        except OSError as error:
            raise FetchFailed(f"the connection broke: {error.strerror or error}") from error

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        try:
            self._connection.settimeout(self._deadline.left(timeout))
            self._connection.sendall(buffer)
        except TimeoutError:
            raise FetchFailed("the host does not take the request") from None
        except OSError as error:
            raise FetchFailed(f"the connection broke: {error.strerror or error}") from error

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        try:
            self._connection.settimeout(self._deadline.left(timeout))
            self._connection = ssl_context.wrap_socket(self._connection, server_hostname=server_hostname)
        except ssl.SSLCertVerificationError as error:
            self.close()
            raise HostUnavailable(f"its certificate is not accepted: {error.verify_message}") from error
        except TimeoutError:
            self.close()
            raise HostUnavailable("the secure connection was not set up in time") from None
        except OSError as error:
            self.close()
            raise HostUnavailable(f"no secure connection can be set up: {error.strerror or error}") from error
        return self

    def close(self) -> None:
        self._connection.close()

    def get_extra_info(self, info: str) -> Any:
        return None


def _connected(address: Address, port: int, timeout: float) -> socket.socket:
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    connection = socket.socket(family, socket.SOCK_STREAM)
    try:
        connection.settimeout(timeout)
        # An address, not a name: there is nothing left to resolve.
        connection.connect((str(address), port))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except BaseException:
        connection.close()
        raise
    return connection
