"""Which addresses an alert may go to: services on a list, over https, and never into a network of our own."""

import re
from collections.abc import Collection, Mapping
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any

SERVICES = {
    "slack": "Slack",
    "workflow": "Microsoft Teams",
    "workflows": "Microsoft Teams",
    "mmosts": "Mattermost",
    "discord": "Discord",
    "gchat": "Google Chat",
    "tgram": "Telegram",
    "rockets": "Rocket.Chat",
    "jsons": "JSON",
    "xmls": "XML",
}
"""scheme of an Apprise address → what it is called; all of them speak https"""
GATEWAYS = {
    "msgbird": "MessageBird",
    "twilio": "Twilio",
    "seven": "seven.io",
    "bulksms": "BulkSMS",
    "sinch": "Sinch",
    "elks": "46elks",
    "plivo": "Plivo",
    "clickatell": "Clickatell",
    "clicksend": "ClickSend",
    "smseagles": "SMSEagle",
    "jsons": "JSON",
}
"""scheme → what it is called, of those that send text messages: one request for one number"""
PLAIN = {"mmost": "mmosts", "rocket": "rockets", "json": "jsons", "xml": "xmls", "smseagle": "smseagles"}
"""scheme over http → the one over https: for hosts that the installation permits, and no other."""
HARMLESS = {
    "api-version", "blocks", "channel", "footer", "id", "key", "mode", "pa", "powerautomate", "route", "routeid",
    "sig", "silent", "sp", "sv", "thread", "to", "token", "topic", "ver", "wrap",
}  # fmt: skip
"""What may stand behind the question mark. Other words load files, name pictures, skip the check of a certificate or wait for minutes."""
METADATA = {ip_address("168.63.129.16"), ip_address("192.0.0.192")}
"""Public by their number, and answered by the cloud that a machine stands in."""
EMBEDDING = {IPv6Network("64:ff9b::/96"): 0, IPv6Network("::/96"): 0, IPv6Network("2002::/16"): 80}
"""networks that carry an IPv4 address → how many bits stand behind it"""
SHOWN = 4


def strange_part(parts: Mapping[str, Any]) -> str:
    """The first word behind the question mark that is not on our list, of an address as Apprise reads it; empty for none."""
    words = (name for name in parts.get("qsd") or {} if name.lower() not in HARMLESS)
    return next(iter(words), "")


def shown(address: str, scheme: str) -> str:
    """What of it may be read: slack://…3f2a, the end of its longest word. Nothing of a short one."""
    longest = max(re.split(r"[^A-Za-z0-9_-]+", address.partition("://")[2]), key=len)
    return f"{scheme}://…{longest[-SHOWN:] if len(longest) >= 5 * SHOWN else ''}"


def is_inside(address: str) -> bool:
    """An address of this machine, of a network of ours, of a cloud's own services, or of nobody."""
    ip = ip_address(address.partition("%")[0])
    return not ip.is_global or ip.is_multicast or ip in METADATA or _carries_one(ip)


def _carries_one(ip: IPv4Address | IPv6Address) -> bool:
    """Behind an IPv6 address may stand an IPv4 one."""
    if isinstance(ip, IPv4Address):
        return False
    if ip.ipv4_mapped:
        return is_inside(str(ip.ipv4_mapped))
    if ip.teredo or ip.is_site_local:
        return True
    behind = next((bits for network, bits in EMBEDDING.items() if ip in network), None)
    return behind is not None and is_inside(str(IPv4Address(int(ip) >> behind & 0xFFFFFFFF)))


def permits(permitted: Collection[str], host: str) -> bool:
    """Whether the installation says of a host that alerts may go there."""
    return host.rstrip(".").casefold() in {each.rstrip(".").casefold() for each in permitted}
