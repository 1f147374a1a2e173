"""Which database addresses the desk takes. Without a driver, so that settings can check one cheaply."""

_DRIVER = "postgresql+psycopg://"
_TAKEN = (_DRIVER, "postgresql://", "sqlite:///")


def checked_address(address: str) -> str:
    """The address with its driver. Raises ValueError, whose text does not show the address (it may hold a password)."""
    address = address.strip()
    for beginning in _TAKEN:
        rest = address.removeprefix(beginning)
        if rest != address and rest and rest != ":memory:":
            return _DRIVER + rest if beginning.startswith("postgresql") else address
    raise ValueError(
        "must be postgresql://USER:PASSWORD@HOST:PORT/NAME or sqlite:///PATH; leave it unset for a file in the data "
        "directory"
    )
