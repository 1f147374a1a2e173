"""``migdesk serve``."""

import logging
import socket
from pathlib import Path

from assistant.build import build_desk
from assistant.errors import InvalidSettings
from assistant.settings import load_settings
from integrations.cli.slack import conversations_of
from integrations.settings import load_server_settings
from integrations.slack.running import SlackOverHttp
from integrations.slack.settings import load_slack_settings


def run_serve(host: str | None, port: int | None, model: str | None, no_model: bool, data: Path | None) -> None:
    import uvicorn

    from integrations.server import create_app

    settings, server = load_settings(), load_server_settings()
    host, port = host or server.host, port or server.port
    logging.getLogger().setLevel(logging.INFO)
    # The client libraries would log each address they call, the migrations each step.
    for noisy in ("httpx", "httpx2", "httpcore", "httpcore2", "openai", "chromadb", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    _check_free(host, port)
    desk = build_desk(settings, data=data, model=None if no_model else settings.model_settings(model))
    slack_settings = load_slack_settings()
    conversations = conversations_of(settings, data)
    # Slack over HTTP, where a signing secret is set.
    is_on_slack = slack_settings.signing_secret is not None
    slack = SlackOverHttp(desk, conversations, slack_settings) if is_on_slack else None
    application = create_app(desk, server, conversations, slack)
    print(f"Migration Desk on http://{host}:{port} (Ctrl-C ends)", flush=True)
    if slack is not None:
        print(f"Slack is answered at http://{host}:{port}/slack/events", flush=True)
    uvicorn.run(
        application, host=host, port=port, log_level="warning", timeout_graceful_shutdown=10, server_header=False
    )


def _check_free(host: str, port: int) -> None:
    """uvicorn would start everything and then only log that it cannot listen."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise InvalidSettings(
                f"Cannot listen on {host}:{port} ({error.strerror}). Is the desk running already? "
                "Choose another with --port or MIGDESK_PORT."
            ) from error
