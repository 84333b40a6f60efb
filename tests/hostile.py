"""What people and machines send to do harm, or by accident: the list that every page, mail, PDF, CSV, log and search meets.

`WORDS` are text: they are kept byte for byte and shown as what they are. `UNKEEPABLE` are refused with a
sentence. `NUMBERS`, `DAYS` and `ADDRESSES` go where a number, a day or a mail address is asked for.
"""

from types import MappingProxyType
from xml.etree.ElementTree import Element

WORDS = MappingProxyType(
    {
        "line separators": "one\u2028two\u2029three",
        "right to left": "\u202eevil\u202c \u2067ok\u2069",
        "joiners": "a" + "\u200d" * 200 + "b",
        "combining marks": "x" + "\u0301" * 1000,
        "families and flags": "👨‍👩‍👧‍👦 🏳️‍🌈 🇳🇱",
        "other scripts": "Στάλθηκε · Отлично · شكرا · תודה · 谢谢 · Łódź",
        "not composed": "cafe\u0301 ne\u0301e",
        "newlines": "first" + "\n" * 4000 + "last",
        "one long line": "x" * 5000,
        "long words": ("w" * 990 + " ") * 5,
        "header": "Thanks\nBcc: everybody@example.com\n\nand a body",
        "a formula": "=cmd|' /C calc'!A0",
        "a sum": "@SUM(1+1)",
        "plus": "+1+1",
        "minus": "-2+3",
        "full width": "＝1+1",
        "tab before": "\t=1+1",
        "jinja": "{{7*7}} {{ config.SECRET_KEY }}",
        "jinja block": "{% for x in [] %}{% endfor %}",
        "jinja comment": "{# hidden #}",
        "python format": "{0.__class__} {due_on} %s%n %(name)s",
        "jndi": "${jndi:ldap://127.0.0.1/a}",
        "script": "<script>alert(1)</script>",
        "image": "<img src=x onerror=alert(1)>",
        "out of a textarea": "</textarea></title><script>alert(2)</script>",
        "out of an attribute": "\" onmouseover=alert(3) x='",
        "a link": "javascript:alert(4)",
        "svg": "<svg><foreignObject><iframe src=//evil.example></iframe></foreignObject></svg>",
        "attachment": "<link rel=attachment href=file:///etc/passwd>",
        "css": "url(http://169.254.169.254/) </style><marquee>bold</marquee>",
        "comment": "<!-- --><!--",
        "cdata": "]]><![CDATA[",
        "entities": "&lt;b&gt; &amp;amp; &#0; &nbsp",
        "sql": "' OR 1=1--",
        "statement": "'; DROP TABLE answer; --",
        "wildcards": "100%_ \\ [a-z]*",
        "a path": "../../../../etc/passwd",
        "markdown": "[x](javascript:alert(5)) **bold**",
        "quotes": "“''”` \"«»\"",
        "dots": "\n.\r\n..\nQUIT",
        "from line": "From nobody Mon Nov 23\n>From x",
        "slots": "\x01status 1 1\x01 [[status]] {{link}}",
        "control": "bell\x07 escape\x1b[31m delete\x7f",
    }
)
LONG = ("joiners", "combining marks", "newlines", "one long line", "long words")
"""Those that fill a page of their own."""
ALL_AT_ONCE = "\n\n".join(words for name, words in WORDS.items() if name not in LONG)
UNKEEPABLE = MappingProxyType({"NUL": "a\x00b", "lone surrogate": "a\ud800b", "the other half": "\udfff"})
NUMBERS = (
    "0",
    "-1",
    str(2**31),
    str(2**63 - 1),
    str(2**63),
    "1e309",
    "NaN",
    "١",
    "1.5",
    "0x10",
    " 7 ",
    "abc",
    "",
)
DAYS = ("9999-12-31", "0001-01-01", "2026-02-30", "10000-01-01", "2026-13-01", "yesterday", "")
ADDRESSES = (
    "two@example.com, people@example.com",
    "two@example.com people@example.com",
    "rita@example.com\nBcc: evil@example.com",
    "Rita <rita@example.com>",
    "rita(comment)@example.com",
    '"ri ta"@example.com',
    "rita@" + "a" * 320 + ".com",
    "r" * 250 + "@example.com",
    "rita@localhost:25",
    "rita@[127.0.0.1]",
    "@example.com",
    "rita@",
    "rita@example..com",
    "rita@exa mple.com",
)
"""None of these is one address that mail can be sent to."""


def as_kept(text: str) -> str:
    """What is kept of a text: itself, with line ends of one kind."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def as_shown(text: str) -> str:
    """The same, without what a page or a mail may do with white space and control characters."""
    return "".join(
        c for c in text.split() for c in c if c.isprintable() or c in "\u200d\u202e\u202c\u2067\u2069"
    )


def foreign(tree: Element) -> list[str]:
    """Elements and attributes of a page that no template of ours wrote."""
    found = [e.tag for e in tree.iter() if isinstance(e.tag, str) and e.tag.lower() in _NEVER_OURS]
    found += [f"{e.tag} {name}" for e in tree.iter() for name in e.attrib if name.startswith("on")]
    found += [f"{e.tag} {e.attrib.get('src', '')}" for e in tree.iter("img") if e.attrib.get("src") == "x"]
    found += [e.attrib["href"] for e in tree.iter("a") if "javascript:" in e.attrib.get("href", "").lower()]
    return found + ["script without a nonce" for e in tree.iter("script") if "nonce" not in e.attrib]


_NEVER_OURS = {"foreignobject", "embed", "object", "font", "marquee"}
