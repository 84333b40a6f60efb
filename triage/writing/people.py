"""Is somebody named? A person's name as Dutch and English write it, or the writer: "ik", "I"."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from triage.writing.page import Page

WORD = re.compile(r"[^\W\d_](?:[\w'-]*\w)?")
BETWEEN_NAMES = {"de", "van", "der", "den", "het", "ten", "ter", "te", "el", "al", "bin", "von", "o'", "la", "le", "del"}
PLACE = {"in", "te", "naar", "uit", "near", "bij", "at", "to", "from", "rond", "tussen", "richting", "langs", "outside", "around", "station", "locatie", "vestiging", "filiaal"}  # fmt: skip
NOT_PEOPLE = frozenset(
    """u uw i january february march april may june july august september october november december monday tuesday wednesday
    thursday friday saturday sunday christmas easter dutch english german french belgian european nederland nederlands nederlandse
    engels engelse duits duitse frans franse belgisch belgische europese amsterdam rotterdam utrecht eindhoven groningen maastricht
    arnhem nijmegen leiden delft haarlem breda tilburg zwolle london manchester leeds bristol brussels brussel antwerpen whatsapp
    facebook instagram google apple android iphone windows ikea postnl ideal paypal klarna bol trustpilot internet kerst pasen
    pinksteren sinterklaas koningsdag maandag dinsdag woensdag donderdag vrijdag zaterdag zondag januari februari maart mei juni
    juli augustus oktober customer service support team sales marketing finance logistics management board klantenservice
    klantenteam directie logistiek inkoop verkoop administratie planning magazijn onderhoud facilities hr it ict street road
    laan straat plein park square centre center noord zuid oost west north south east nl eu uk us tv pdf faq app web site""".split()
)
OPENERS = frozenset(
    """de het een en of maar want dus er we wij ik je jij u uw ons onze jullie hij zij ze dit dat deze die wat wie waar wanneer
    hoe waarom als omdat zodra nadat voordat toen terwijl sinds vanaf voor na tot op in aan bij met zonder uit over onder door van
    naar tegen om te niet geen nog al ook dan daarna daarom daardoor daarmee hierdoor hierbij hiermee hierover vandaag morgen
    overmorgen gisteren nu straks binnenkort later eerst uiterlijk elke elk iedere ieder iedereen niemand iemand alle alles
    sommige veel weinig enkele beide zo zowel eind begin half medio volgende komende vorige afgelopen dank bedankt graag helaas
    sorry fijn beste geachte hallo hoi dag goed goede goedemorgen mocht kunt wilt heeft hebt bent is zijn was wordt worden gaat
    gaan zal zullen kan moet mag laat kom belt bel mail kijk lees onderzoek reparatie betaling levering bezorging iets alleen
    samen vóór één men besloten onderhoud natuurlijk inmiddels momenteel tijdens per via volgens binnen buiten rond ruim zeker misschien eindelijk
    the a an and or but so there we i you he she it they this that these those what who where when how why if because once after
    before since while until from by on in at with without out of over under through to for not no never yet also then therefore
    today tomorrow yesterday now soon later first every each everyone everybody nobody someone somebody anyone all both some many
    few most next last thank thanks sorry please dear hello hi good great unfortunately our your my his her its their as here
    have has had is are was were will would can could may might must shall should do does did let work maintenance delivery
    repairs repair one two three four five six seven eight nine ten something nothing everything only together meanwhile during
    via within across about according following starting new old more less
    sadly happily twee drie vier vijf zes zeven acht negen tien vanavond vanmiddag nieuwe oude meer minder collega's medewerkers
    colleagues staff people klanten customers""".split()
)
VERB = {
    "nl": re.compile(r"[a-zà-ÿ]{2,20}t|is|zal|kan|mag|wil|komt|haalt|zorgt|heeft|zou|moet|zet|laat|meet|neemt|en\b"),
    "en": re.compile(r"[a-z]{2,20}s|will|has|can|shall|is|and|'ll|would|from"),
}
SURE = re.compile(r"\b(?:[Ii]k|mijzelf|ikzelf)\b|(?<!\w)I(?!\w)(?![.]\w)")


@cache
def first_names() -> frozenset[str]:
    return frozenset((Path(__file__).parent / "first_names.txt").read_text("utf-8").split())


def is_somebody_named(page: Page) -> bool:
    return bool(SURE.search(page.own)) or any(True for _place in names(page))


def names(page: Page, *, sure: bool = False) -> Iterator[int]:
    """Where a person's name begins; `sure`: an unknown word that opens a sentence is no name."""
    words = list(WORD.finditer(page.own))
    starts = {start for start, _end in page.sentences}
    for n, word in enumerate(words):
        first = word.start() in starts
        if word[0][0].isupper() and not (sure and first and word[0].lower() not in first_names()) and _is_name(page, words, n, first=first):
            yield word.start()


def _is_name(page: Page, words: list[re.Match[str]], n: int, *, first: bool) -> bool:
    low = words[n][0].lower().removesuffix("'s")
    if low in NOT_PEOPLE or low.removesuffix("s") in NOT_PEOPLE or (words[n][0].isupper() and len(words[n][0]) > 1):
        return False
    if low in first_names() or (low.endswith("s") and low[:-1] in first_names()):
        return True
    if first or page.own[: words[n].start()].rstrip().endswith((":", "-", "•", "*")):
        return low not in OPENERS and _acts(page, words, n)
    return not n or (words[n - 1][0].lower() not in PLACE and not _names_a_thing(page, words, n))


def _acts(page: Page, words: list[re.Match[str]], n: int) -> bool:
    """An unknown word that opens the sentence: followed by a family name, or by what somebody does."""
    following = words[n + 1 : n + 4]
    if not following:
        return False
    family = next((w for w in following if w[0].lower() not in BETWEEN_NAMES), following[0])
    if family[0][0].isupper() and family[0].lower() not in NOT_PEOPLE:
        return True
    return bool(VERB[page.language].fullmatch(following[0][0]))


def _names_a_thing(page: Page, words: list[re.Match[str]], n: int) -> bool:
    """"de Albert Heijn", "het Vondelpark", "the Thames": an article before it, and no family name."""
    return words[n - 1][0].lower() in {"de", "het", "een", "the", "a", "an"} and not (
        n > 1 and words[n - 2][0][0].isupper()
    )
