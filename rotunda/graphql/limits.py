"""How much one client may ask of the endpoint before it is told to wait, to shorten or to go."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """The transports' limits; times in seconds, sizes in bytes. Rates and lines are counted by each process."""

    body_bytes: int = 1_000_000  # a longer request body is refused with 413
    body_seconds: float = 30  # a body that takes longer to arrive is refused with 408
    gzip_bytes: int = 1_024  # a longer response is compressed where the client asks
    init_seconds: float = 10  # a socket without connection_init is closed with 4408
    operations: int = 10  # running at once on one socket; one more gets an `error` message
    keepalive_seconds: float = 12  # between comments on an event stream, so that proxies keep it open
    send_seconds: float = 60  # a client that takes nothing for so long is cut off with 1013
    farewell_seconds: float = 5  # to say goodbye to a client, before its connection is dropped
    closes_per_second: int = 500  # when draining, so that clients do not all come back at once
    account_requests: int = 1_200  # a minute, from one account; one more is refused with 429
    address_requests: int = 3_000  # a minute, from one address, of those who are not signed in
    account_acts: int = 600  # a minute, by one account, whichever way they come
    lines: int = 10_000  # sockets and event streams at once; one more gets 1013, or 503
    account_lines: int = 20  # of one account; one more gets 1013, or 429
    address_lines: int = 500  # from one address, of those who are not signed in
