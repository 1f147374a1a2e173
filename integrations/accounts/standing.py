"""Whether somebody may act now. Asked at each look-up, so that what an operator takes away is gone at the next request.

Nobody acts with a disabled account or as a member of a closed delegation; what an operator made (links, keys) is worth
something only for as long as they are one: they have seen its secret.
"""

from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, or_, select

from integrations.accounts import tables
from integrations.accounts.errors import (
    AccountDisabled,
    DelegationClosed,
    NotAnOperator,
    UnknownAccount,
    UnknownDelegation,
)
from integrations.accounts.types import Account, account_behind, audience_of, delegation_of, is_id

_accounts, _delegations = tables.accounts, tables.delegations
# In joins with _delegations on the audience.
_DELEGATION_IS_OPEN: ColumnElement[bool] = or_(
    ~_accounts.c.audience.startswith(audience_of("")),
    and_(_delegations.c.audience.is_not(None), _delegations.c.closed_at.is_(None)),
)


def accounts_in_force() -> Select[Any]:
    """Those that may be used now."""
    with_delegation = _accounts.outerjoin(_delegations, _delegations.c.audience == _accounts.c.audience)
    chosen = select(_accounts).select_from(with_delegation)
    return chosen.where(_accounts.c.disabled_at.is_(None), _DELEGATION_IS_OPEN)


def account_from(row: Row[Any]) -> Account:
    return Account(
        id=row.id,
        name=row.name,
        audience=row.audience,
        is_operator=row.is_operator,
        created_at=row.created_at,
        last_seen_at=row.last_seen_at,
        disabled_at=row.disabled_at,
    )


def account_in_force(connection: Connection, identifier: str) -> Account | None:
    row = connection.execute(accounts_in_force().where(_accounts.c.id == identifier)).first()
    return account_from(row) if row is not None else None


def found_account(connection: Connection, identifier: str) -> Account | None:
    """Whether or not it may be used."""
    if not is_id(identifier):
        return None
    row = connection.execute(select(_accounts).where(_accounts.c.id == identifier)).first()
    return account_from(row) if row is not None else None


def known_account(connection: Connection, identifier: str) -> Account:
    """Raises UnknownAccount."""
    account = found_account(connection, identifier)
    if account is None:
        raise UnknownAccount(
            "There is no such account, or it has been removed. `migdesk accounts list` shows those there are."
        )
    return account


def require_in_force(connection: Connection, account: Account) -> None:
    """Raises AccountDisabled or DelegationClosed."""
    if account.disabled_at is not None:
        raise AccountDisabled("This account is disabled. An operator can enable it again.")
    require_open(connection, account.audience)


def require_open(connection: Connection, audience: str) -> None:
    """That the delegation of this label, if it is of one, exists and is open. Raises UnknownDelegation or
    DelegationClosed."""
    slug = delegation_of(audience)
    if slug is None:
        return
    row = connection.execute(select(_delegations).where(_delegations.c.audience == audience)).first()
    if row is None:
        raise UnknownDelegation(
            f"There is no delegation '{slug}'. Create it first: `migdesk accounts delegation add {slug} NAME`, or on "
            "the admin page."
        )
    if row.closed_at is not None:
        raise DelegationClosed(
            f"The delegation '{slug}' is closed. Reopen it first: `migdesk accounts delegation reopen {slug}`, or on "
            "the admin page."
        )


def is_open(connection: Connection, audience: str) -> bool:
    if delegation_of(audience) is None:
        return True
    c = _delegations.c
    return (
        connection.execute(select(c.audience).where(c.audience == audience, c.closed_at.is_(None))).first() is not None
    )


def require_operator(connection: Connection, by: str) -> None:
    """Raises NotAnOperator for an account that is none now."""
    if not may_act(connection, by, as_operator=True):
        raise NotAnOperator(
            "Only an operator can do this. Ask one, or do it at the machine: `migdesk accounts --help`."
        )


def may_act(connection: Connection, by: str, *, as_operator: bool) -> bool:
    """Whether who did something could do it now. Whoever is at the machine's terminal always can."""
    identifier = account_behind(by)
    if identifier is None:
        return True
    account = account_in_force(connection, identifier)
    return account is not None and (account.is_operator or not as_operator)
