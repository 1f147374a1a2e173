"""``migdesk slack``: the desk on Slack over Socket Mode; and what the doctor says of Slack."""

import asyncio
import logging
import signal
import sys
from pathlib import Path

from assistant.build import build_desk
from assistant.conversations.store import Conversations, open_conversations
from assistant.desk import Desk
from assistant.errors import InvalidSettings
from assistant.settings import Settings, load_settings
from integrations.slack.checking import Check, check
from integrations.slack.running import over_socket
from integrations.slack.settings import SlackSettings, load_slack_settings
from integrations.slack.socket import refuse_wrong_tokens


def run_slack(model: str | None, no_model: bool, data: Path | None) -> None:
    settings, slack = load_settings(), load_slack_settings()
    if missing := slack.missing_for_socket():
        raise InvalidSettings(
            f"`migdesk slack` needs {' and '.join(missing)}. Make the app from what `migdesk slack manifest` prints "
            "and copy both tokens, as the README says under Slack."
        )
    asyncio.run(refuse_wrong_tokens(slack))
    logging.getLogger("migdesk").setLevel(logging.INFO)
    # Connections come and go by themselves all day.
    logging.getLogger("migdesk.slack.socket").setLevel(logging.WARNING)
    desk = build_desk(settings, data=data, model=None if no_model else settings.model_settings(model))
    try:
        conversations = conversations_of(settings, data)
        try:
            asyncio.run(_answer(desk, conversations, slack))
        finally:
            conversations.close()
    finally:
        desk.base.close()


def conversations_of(settings: Settings, data: Path | None) -> Conversations:
    url = settings.database_url
    return open_conversations(data or settings.data, url.get_secret_value() if url else None, settings.keep_days)


def slack_checks(settings: Settings, data: Path) -> list[Check]:
    """For ``migdesk doctor``."""
    try:
        slack = load_slack_settings()
    except InvalidSettings as error:
        return [Check("Slack settings", False, str(error))]
    if not slack.is_set:
        return []
    conversations = conversations_of(settings, data)
    try:
        return asyncio.run(check(slack, conversations))
    finally:
        conversations.close()


async def _answer(desk: Desk, conversations: Conversations, settings: SlackSettings) -> None:
    """Until somebody ends it: then what was begun is finished first."""
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ended.set)
    async with over_socket(desk, conversations, settings) as workspace:
        where = workspace.team_id or workspace.enterprise_id
        print(f"The desk answers on Slack in {where} (Ctrl-C ends)", flush=True)
        if desk.model_name is None:
            print("No language model is set (MIGDESK_MODEL): answers are quotes.", file=sys.stderr)
        await ended.wait()
        print("Ending: answers under way are finished first, for ten seconds at most.", flush=True)
    print("Ended.", flush=True)
