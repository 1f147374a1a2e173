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
from integrations.web.entry.provider import Provider
from integrations.web.entry.settings import is_safe_address, load_sign_in_settings

_HELD_BYTES = 256 * 1024
_STALLED_SECONDS = 60


def run_serve(host: str | None, port: int | None, model: str | None, no_model: bool, data: Path | None) -> None:
    import uvicorn

    from integrations.server import create_app

    settings, server = load_settings(), load_server_settings()
    provider = _provider(server.public_url)
    host, port = host or server.host, port or server.port
    logging.getLogger().setLevel(logging.INFO)
    # The client libraries would log each address they call, the migrations each step.
    for noisy in ("httpx", "httpx2", "httpcore", "httpcore2", "openai", "chromadb", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    listening = _bound(host, port)
    desk = build_desk(settings, data=data, model=None if no_model else settings.model_settings(model))
    slack_settings = load_slack_settings()
    conversations = conversations_of(settings, data)
    # Slack over HTTP, where a signing secret is set.
    is_on_slack = slack_settings.signing_secret is not None
    slack = SlackOverHttp(desk, conversations, slack_settings) if is_on_slack else None
    application = create_app(desk, server, conversations, slack, provider)
    print(f"Migration Desk on http://{host}:{port} (Ctrl-C ends)", flush=True)
    if server.public_url is not None and not is_safe_address(server.public_url):
        print(f"Nobody can sign in at {server.public_url}: browsers keep the cookie over https only.", flush=True)
    if slack is not None:
        print(f"Slack is answered at http://{host}:{port}/slack/events", flush=True)
    config = uvicorn.Config(
        application,
        log_level="warning",
        timeout_graceful_shutdown=10,
        server_header=False,
        # Who else says who has sent a request is not believed.
        proxy_headers=server.trusted_proxies is not None,
        forwarded_allow_ips=server.trusted_proxies or "",
    )
    running = uvicorn.Server(config)
    running.run(sockets=[listening])
    if not running.started:
        raise SystemExit(3)


def _provider(public_url: str | None) -> Provider | None:
    """Raises InvalidSettings where signing in would not work, or let in nobody."""
    settings = load_sign_in_settings()
    if not settings.is_on:
        return None
    if missing := settings.missing(public_url):
        raise InvalidSettings(f"With MIGDESK_OIDC_ISSUER, set also {', '.join(missing)}.")
    assert public_url is not None
    return Provider(settings, public_url)


def _bound(host: str, port: int) -> socket.socket:
    """The address taken at once: uvicorn would load everything and then only log that it cannot listen."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # What a connection inherits: how much is held for a reader who does not read, and for how long.
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _HELD_BYTES)
    taken.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _STALLED_SECONDS * 1000)
    try:
        taken.bind((host, port))
    except OSError as error:
        taken.close()
        raise InvalidSettings(
            f"Cannot listen on {host}:{port} ({error.strerror}). Is the desk running already? "
            "Choose another with --port or MIGDESK_PORT."
        ) from error
    return taken
