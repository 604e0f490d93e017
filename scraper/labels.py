"""The labels that newsrooms put on entries: short texts that say what an entry is."""

from scraper.html import squeeze

KEY = frozenset(
    {
        *("key event", "key moment", "key update", "key point", "key development", "key post"),
        *("major development", "essential", "l'essentiel", "essentiel", "temps fort"),
        *("punto chiave", "momento chiave", "momento clave", "punto clave", "destaque"),
        *("das wichtigste", "wichtig", "schlüsselmoment", "hoofdpunt", "belangrijk"),
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
    | {"share", "teilen", "partager", "condividi", "compartir", "copy link", "copied", "image"}
)
_LONGEST = 24


def label_of(text: str) -> str:
    """Tell what a text labels: "key", "pinned", "other"; "" where it is no label."""
    if len(text) > _LONGEST * 4:
        return ""
    said = squeeze(text).strip("•·|:[]()*! ").replace("’", "'").casefold()
    if len(said) > _LONGEST:
        return ""
    return (
        "key" if said in KEY else "pinned" if said in PINNED else "other" if said in OTHER else ""
    )
