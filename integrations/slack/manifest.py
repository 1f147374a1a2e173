"""The manifest from which Slack makes the app: as it is shipped, and what it asks for."""

from dataclasses import dataclass
from importlib import resources
from typing import Any
from urllib.parse import urlsplit

import yaml

EVENTS_PATH = "/slack/events"
REDIRECT_PATH = "/slack/oauth_redirect"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the desk needs of Slack: bot scopes and bot events."""

    scopes: frozenset[str]
    events: frozenset[str]


def manifest_text(address: str | None = None) -> str:
    """The manifest in YAML, as it is pasted into Slack's "From a manifest": for Socket Mode, or for HTTP at a public
    ``address`` (``https://desk.example.org``). Raises ValueError for an address that Slack would not take."""
    text = resources.files("integrations.slack").joinpath("manifest.yaml").read_text(encoding="utf-8")
    if address is None:
        return text
    parts = urlsplit(address)
    if parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment or "@" in parts.netloc:
        raise ValueError(
            f"'{address[:100]}' is not an address that Slack can reach: give the public one, such as "
            "https://desk.example.org."
        )
    return _over_http(yaml.safe_load(text), address.rstrip("/"))


def wanted() -> Wanted:
    """What an installation is compared with."""
    manifest = yaml.safe_load(manifest_text())
    return Wanted(
        scopes=frozenset(manifest["oauth_config"]["scopes"]["bot"]),
        events=frozenset(manifest["settings"]["event_subscriptions"]["bot_events"]),
    )


def _over_http(manifest: dict[str, Any], address: str) -> str:
    settings, events = manifest["settings"], address + EVENTS_PATH
    settings["event_subscriptions"] = {"request_url": events, **settings["event_subscriptions"]}
    settings["interactivity"]["request_url"] = events
    settings["socket_mode_enabled"] = False
    for command in manifest["features"]["slash_commands"]:
        command["url"] = events
    manifest["oauth_config"] = {"redirect_urls": [address + REDIRECT_PATH], **manifest["oauth_config"]}
    dumped: str = yaml.safe_dump(manifest, sort_keys=False, allow_unicode=True, width=1000)
    return dumped
