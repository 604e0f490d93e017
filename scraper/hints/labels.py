"""The labels that newsrooms put on entries: short texts that say what an entry is."""

from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from scraper.markup.html import squeeze

KEY = frozenset(
    {
        *("key event", "key moment", "key update", "key point", "key development", "key post"),
        *("major development", "key", "top update", "highlight", "main point", "big moment"),
        *("essential", "l'essentiel", "essentiel", "temps fort", "moment clé", "point clé"),
        *("fait marquant", "à retenir", "l'info à retenir", "moment fort"),
        *("punto chiave", "momento chiave", "da sapere", "in primo piano", "l'essenziale"),
        *("momento clave", "punto clave", "clave", "claves", "lo más importante", "hecho clave"),
        *("destaque", "ponto-chave", "momento-chave", "essencial", "o essencial", "principal"),
        *("das wichtigste", "wichtig", "schlüsselmoment", "schlüsselereignis", "highlights"),
        *("hauptereignis", "wichtiges ereignis", "wichtige meldung", "kernpunkt", "topmeldung"),
        *("hoofdpunt", "belangrijk", "sleutelmoment", "kernmoment", "belangrijkste"),
        *("viktig", "viktigt", "nyckelhändelse", "nøkkelhendelse", "hovedpunkt", "vigtigt"),
        *("tärkeä", "avainhetki", "ważne", "najważniejsze", "kluczowy moment", "důležité"),
        *("klíčový moment", "fontos", "kulcsmomentum", "önemli", "öne çıkan", "momentul cheie"),
        *("σημαντικό", "важно", "главное", "ключевое событие", "ключевой момент", "важливо"),
        *("головне", "أبرز", "مهم", "نقطة رئيسية", "חשוב", "עיקרי", "重要", "要点", "ポイント"),
        *("핵심", "주요"),
    }
)
PINNED = frozenset(
    {"pinned", "pinned post", "épinglé", "angeheftet", "angepinnt", "fissato", "in evidenza"}
    | {"fijado", "fixado", "vastgezet", "przypięte", "закреплено"}
)
OTHER = frozenset(
    {"breaking", "breaking news", "new", "neu", "nouveau", "nuovo", "live", "update", "alert"}
    | {"alerte", "urgent", "eilmeldung", "exklusiv", "exclusive", "fact check", "analysis"}
    | {"advertisement", "publicité", "anzeige", "werbung", "pubblicità", "publicidad", "reklama"}
    | {"megosztás", "udostępnij", "sdílet", "dela", "del", "jaa", "paylaş", "поделиться"}
    | {"поширити", "compartilhar", "partilhar", "delen", "deel", "distribuie", "שתף", "مشاركة"}
    | {
        "공유",
        "シェア",
        "分享",
        "κοινοποίηση",
        "bagikan",
        "tweet",
        "whatsapp",
        "facebook",
        "e-mail",
    }
    | {"link kopieren", "copier le lien", "copia link", "copiar enlace", "copiar link"}
    | {"share", "teilen", "partager", "condividi", "compartir", "copy link", "copied", "image"}
)
_LONGEST = 24
_LABELLED = "span, em, strong, b, i, small, mark, div, p"


def label_of(text: str) -> str:
    """Return the kind of a label, "key", "pinned" or "other"; "" for a text that is no label."""
    if len(text) > _LONGEST * 4:
        return ""
    said = squeeze(text).strip("•·|:[]()*! ").replace("’", "'").casefold()
    if len(said) > _LONGEST:
        return ""
    return (
        "key" if said in KEY else "pinned" if said in PINNED else "other" if said in OTHER else ""
    )


def headline(heading: LexborNode) -> str:
    """Return the text of a heading without the labels in it, such as "Breaking"."""
    labels = [node for node in heading.css(_LABELLED) if label_of(node.text())]
    if not labels:
        return squeeze(heading.text())
    dropped = {node.mem_id for node in labels}
    return squeeze("".join(_words(heading, dropped))) or squeeze(heading.text())


def _words(node: LexborNode, dropped: set[int]) -> Iterator[str]:
    for child in node.iter(include_text=True):
        if child.tag == "-text":
            yield child.text_content or ""
        elif child.mem_id not in dropped:
            yield from _words(child, dropped)
