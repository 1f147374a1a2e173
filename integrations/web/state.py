"""What the application holds for all its routes, as dependencies."""

from typing import Annotated

from fastapi import Depends, Request

from assistant.conversations.store import Conversations
from assistant.desk import Desk
from integrations.accounts.store import Accounts
from integrations.asking.answering import Asking
from integrations.settings import ServerSettings


def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


def _conversations(request: Request) -> Conversations:
    conversations: Conversations = request.app.state.conversations
    return conversations


def _accounts(request: Request) -> Accounts:
    accounts: Accounts = request.app.state.accounts
    return accounts


def _asking(request: Request) -> Asking:
    asking: Asking = request.app.state.asking
    return asking


def _settings(request: Request) -> ServerSettings:
    settings: ServerSettings = request.app.state.settings
    return settings


TheDesk = Annotated[Desk, Depends(_desk)]
TheConversations = Annotated[Conversations, Depends(_conversations)]
TheAccounts = Annotated[Accounts, Depends(_accounts)]
TheAsking = Annotated[Asking, Depends(_asking)]
TheSettings = Annotated[ServerSettings, Depends(_settings)]
