"""What somebody wrote themselves: the text of a mail without what it quotes, and without what a program signs.

The rules know how Gmail, Outlook, Apple Mail and Thunderbird say "… wrote:" in English, Dutch, German and French.
A closing and a name are somebody's own words, and stay. Where nothing would be left, all of it stays.
"""

import re

LONGEST = 400
"""Characters of a line that says who wrote what is quoted; programs break it in up to four."""
BROKEN = 4
WROTE = re.compile(
    r"^(On\b.*\bwrote|Op\b.*\bschreef\b.*|Op\b.*\bheeft\b.*\bgeschreven|Am\b.*\bschrieb\b.*|Le\b.*\ba\s+écrit"
    r"|.*\bheeft (op|het volgende)\b.*\bgeschreven|.*<[^<>\s]+@[^<>\s]+>\s*(wrote|schreef|schrieb|a écrit)\b.*)\s*:$",
    re.IGNORECASE,
)
OPENS = re.compile(r"^(On|Op|Am|Le)\b|^.{0,120}(heeft|schreef|wrote|schrieb|a écrit)\b", re.IGNORECASE)
DATED = re.compile(r"@|\d{1,2}[:.h]\d{2}|\d{4}")
"""What such a line of a program names: an address, a time or a year."""
DIVIDER = re.compile(
    r"^(-{2,}\s*(Original (Message|Appointment)|Oorspronkelijk bericht|Ursprüngliche Nachricht|Message d['’]origine|Forwarded message"
    r"|Doorgestuurd bericht|Weitergeleitete Nachricht|Message transféré)\s*-{2,}|_{20,})$",
    re.IGNORECASE,
)
FROM = re.compile(r"^\*?(From|Van|Von|De)\s?:\*?\s*\S")
SENT = re.compile(r"^\*?(Sent|Date|Verzonden|Datum|Gesendet|Envoyé(e)?( le)?)\s?:\*?\s", re.IGNORECASE)
SUBJECT = re.compile(r"^\*?(Subject|Onderwerp|Betreff|Objet|To|Aan|An|À)\s?:\*?\s", re.IGNORECASE)
TELEPHONE = re.compile(
    r"^(Sent from (my|Outlook|Mail|Yahoo|the all new)|Get Outlook for|Verstuurd vanaf|Verzonden (vanaf|vanuit|met)|Verstuurd met|Download Outlook|Outlook voor"
    r"|Von meine[mr] .{1,40} gesendet|Gesendet (von|mit)|Holen Sie sich Outlook|Outlook für|Envoyé (de|depuis|à partir)|Télécharger Outlook|Obtenir Outlook|Obtenez Outlook)\b.{0,160}$",
    re.IGNORECASE,
)
QUOTE = re.compile(r"^\s*>")


def own_words(text: str) -> str:
    """What was written above, below or between quotes."""
    lines = text.splitlines()
    return _kept(lines) or text.strip()


def _kept(lines: list[str]) -> str:
    kept: list[str] = []
    number = 0
    while number < len(lines):
        line = lines[number]
        if line.rstrip("\n") in {"-- ", "--"} or _ends(lines, number):
            break
        if broken := _attribution(lines, number):
            number += broken
            if not _is_quote(lines, number):
                break  # what follows is the message itself, without a mark
            continue
        number += 1
        if not QUOTE.match(line) and not TELEPHONE.match(line.strip()):
            kept.append(line)
    return _squeezed(kept)


def _squeezed(lines: list[str]) -> str:
    """Without the gaps that quotes leave."""
    return re.sub(r"\n[ \t\xa0]*\n(?:[ \t\xa0]*\n)+", "\n\n", "\n".join(lines)).strip()


def _ends(lines: list[str], number: int) -> bool:
    """From here on it is the message that is answered, whole: a line between, or the block with From, Sent and Subject."""
    line = lines[number].strip()
    if DIVIDER.match(line):
        return True
    if not (FROM.match(line) or SENT.match(line)):
        return False
    block = [each.strip() for each in lines[number : number + 7]]
    return all(any(map(field.match, block)) for field in (FROM, SENT, SUBJECT))


def _attribution(lines: list[str], number: int) -> int:
    """How many lines say "on … somebody wrote:", from here on; 0 when they do not."""
    if not OPENS.match(lines[number].strip()[:LONGEST]):
        return 0
    said = ""
    for count, line in enumerate(lines[number : number + BROKEN], 1):
        said = f"{said} {line.strip()}".strip()
        if len(said) > LONGEST or not line.strip():
            return 0
        if said.endswith(":"):
            return count if WROTE.match(said) and DATED.search(said) else 0
    return 0


def _is_quote(lines: list[str], number: int) -> bool:
    """Whether the next line that holds anything is marked as quoted."""
    following = next((line for line in lines[number : number + 5] if line.strip()), "")
    return QUOTE.match(following) is not None


def unflowed(text: str, *, without_space: bool = False) -> str:
    """RFC 3676: lines that end in a space go on in the next one of the same depth; `without_space`: DelSp=yes."""
    paragraphs: list[str] = []
    depth, open_ = 0, False
    for line in text.split("\n"):
        quoted = len(line) - len(line.lstrip(">"))
        rest = line[quoted:]
        rest = rest.removeprefix(" ")
        goes_on = rest.endswith(" ") and rest != "-- "
        rest = rest[:-1] if goes_on and without_space else rest
        if open_ and quoted == depth and rest != "-- ":
            paragraphs[-1] += rest
        else:
            paragraphs.append(f"{'>' * quoted} {rest}" if quoted else rest)
        depth, open_ = quoted, goes_on
    return "\n".join(paragraphs)
