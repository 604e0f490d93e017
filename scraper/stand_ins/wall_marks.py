"""Walls that are served instead of pages: their titles, phrases and marks, by kind.

Marks are what vendors' pages had when last seen. Phrases are regular expressions in several
languages, for folded text, separated by line ends or `|`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Wall:
    """One kind of wall, and what a person can do about it.

    `names` match whole titles and headings of such a page; `said` matches phrases anywhere in its
    text; `hosts` and `paths` match where redirects to it lead. The others map to the vendor, or to
    "": names of `headers` that come with it, bytes in `signs` and elements in `own` that only the
    wall has, and elements in `over`, drawn over a page, and bytes in `scripts` that ordinary pages
    have too.
    """

    name: str
    mend: str
    names: str
    said: str
    hosts: str = ""
    paths: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    signs: Mapping[bytes, str] = field(default_factory=dict)
    own: Mapping[str, str] = field(default_factory=dict)
    over: Mapping[str, str] = field(default_factory=dict)
    scripts: Mapping[bytes, str] = field(default_factory=dict)


ROBOT_CHECK = Wall(
    name="a check for robots stands before the page",
    mend="ask the publisher to let keywire in, or poll less often",
    names=r"""
        just a moment|nur einen moment|einen moment(?:,? bitte)?|un instant|un momento
        (?:one moment,? )?please wait|attention required|(?:sorry, )?you have been blocked
        checking (?:your browser|if the site connection is secure).*
        ddos-guard|vercel security checkpoint|client challenge|pardon our interruption
        access (?:to this page has been )?(?:denied|blocked)|(?:403 )?forbidden|blocked
        sucuri website firewall|web application firewall|request (?:unsuccessful|blocked|rejected)
        (?:are you|you are|i am|i'm) (?:a |not a )?(?:robot|human)\??|robot (?:check|or human\?)
        making sure you(?:'re| are) not a (?:ro)?bot|confirm you are human
        (?:please )?(?:verify|prove|confirm)(?:ing)? (?:that )?you(?:'re| are) (?:a )?human.*
        (?:bot|human|security|browser) (?:verification|check)|captcha(?: challenge)?
        (?:bot )?challenge(?: validation)?
        (?:too many|unusual) (?:requests|traffic).*|429 too many requests|rate limit(?:ed)?.*
        sicherheits(?:ab|über)prüfung|bist du ein (?:mensch|roboter)\??|zugriff verweigert
        accès (?:refusé|temporairement restreint)|êtes-vous un robot ?\?|acceso denegado
        accesso negato|toegang geweigerd
        """,
    said=r"""
        not a robot|you(?:'re| are) (?:a |not a )human|unusual (?:traffic|activity)
        automated (?:access|requests|tools|queries)|automation tools|security check
        checking your browser|enable (?:javascript|js) and cookies to continue
        request unsuccessful|incident id|reference #|ray id|too many requests
        you have been blocked|kein roboter|pas un robot|no eres un robot|non sei un robot
        """,
    headers={"cf-mitigated": "Cloudflare", "x-amzn-waf-action": "AWS WAF"},
    signs={
        b"_cf_chl_opt": "Cloudflare",
        b"cf-browser-verification": "Cloudflare",
        b"captcha-delivery.com": "DataDome",
        b"captcha.px-cdn.net": "HUMAN, once PerimeterX",
        b"perimeterx.net/whywasiblocked": "HUMAN, once PerimeterX",
        b"Incapsula incident ID": "Imperva",
        b"awsWafCookieDomainList": "AWS WAF",
        b"gokuProps": "AWS WAF",
        b"KPSDK.scriptStart": "Kasada",
        b"anubis_challenge": "Anubis",
        b"errors.edgesuite.net": "Akamai",
        b"errors&#46;edgesuite&#46;net": "Akamai",
    },
    own={
        "#cf-error-details, #challenge-error-text": "Cloudflare",
        "#px-captcha": "HUMAN, once PerimeterX",
        "#sec-if-cpt-container, #sec-cpt-if": "Akamai",
    },
    over={
        ".h-captcha, iframe[src*='hcaptcha.com']": "hCaptcha",
        ".g-recaptcha, iframe[src*='/recaptcha/']": "reCAPTCHA",
        ".cf-turnstile": "Cloudflare",
        ".frc-captcha": "Friendly Captcha",
        "iframe[src*='_Incapsula_Resource']": "Imperva",
    },
    scripts={
        b"/.well-known/sgcaptcha": "SiteGround",
        b"_Incapsula_Resource": "Imperva",
        b".awswaf.com/": "AWS WAF",
    },
)
CONSENT = Wall(
    name="a consent wall stands before the page",
    mend="open it in a browser, or give the consent cookie as a header",
    names=r"""
        before you (?:continue|proceed|go on|read on|start)(?: .*)?
        (?:we|.{1,40}) (?:value|values|care about|respect|respects) your privacy
        (?:your|data) privacy(?: .{1,20})?|privacy (?:settings|wall|gate|manager|consent)
        privacy preferences|(?:we need )?your consent
        (?:cookie|privacy|data) ?(?:consent|wall|choices|settings)|(?:cookies?|consent)
        we use cookies.*|manage (?:your )?(?:consent|cookies|privacy)
        (?:bevor|ehe) (?:du|sie) .*|(?:deine|ihre|unsere) (?:daten|privatsphäre|zustimmung)(?: .*)?
        (?:datenschutz|privatsphäre|cookie)?[- ]?(?:einstellungen|zustimmung|einwilligung)
        datenschutz|privatsphäre|(?:ihre |deine )?(?:zustimmung|einwilligung)
        (?:mit werbung|werbefrei) .*weiterlesen.*|cookies? (?:zustimmen|akzeptieren)
        avant de (?:continuer|poursuivre).*|(?:nous respectons )?votre vie privée(?: .*)?
        votre consentement(?: .*)?|vos (?:choix|données)(?: .*)?|gestion des cookies
        antes de (?:continuar|ir a) .*|(?:tu|su) privacidad(?: .*)?
        prima di continuare.*|(?:la )?tua privacy(?: .*)?|voordat (?:je|u) (?:ver)?der ?gaat.*
        (?:uw|je|jouw) privacy(?: .*)?
        """,
    said=r"""
        (?:accept|allow|agree to|reject) (?:all|cookies)|accept and (?:continue|close)
        i (?:accept|agree)|(?:we|us) (?:and|&) our (?:\d+ )?partners
        alle (?:cookies )?akzeptieren|(?:zustimmen|akzeptieren) und weiter|mit werbung
        einverstanden|wir und unsere (?:\d+ )?partner
        tout (?:accepter|refuser)|nos (?:\d+ )?partenaires|accepter et (?:continuer|fermer)
        aceptar (?:todo|y continuar)|accetta (?:tutto|e continua)|alles accepteren|akkoord
        """,
    hosts=r"(?:consent|guce|(?:my)?privacy|cmp|cookies?|gdpr)\..+",
    paths=(r"/(?:.+/)?(?:collectconsent|cookie-?wall|consent|privacy-?(?:wall|gate))(?:/.*)?"),
    own={
        "form[action*='consent.google'], form[action*='consent.youtube']": "Google",
        "form[action*='collectConsent'], form.consent-form": "Yahoo",
    },
    over={
        "[id^=sp_message]": "Sourcepoint",
        "[id^=onetrust-]": "OneTrust",
        "[id^=didomi-]": "Didomi",
        "[id^=usercentrics-]": "Usercentrics",
        "[id^=qc-cmp2]": "Quantcast",
        ".fc-consent-root": "Google Funding Choices",
        "#CybotCookiebotDialog": "Cookiebot",
        "#cmpbox, #cmpwrapper": "consentmanager",
        "[id^=truste]": "TrustArc",
        "#iubenda-cs-banner": "iubenda",
    },
    scripts={
        b"privacy-mgmt.com": "Sourcepoint",
        b"sp-prod.net": "Sourcepoint",
        b"window._sp_": "Sourcepoint",
        b"cookielaw.org": "OneTrust",
        b"privacy-center.org": "Didomi",
        b"usercentrics": "Usercentrics",
        b"quantcast": "Quantcast",
        b"cmp.inmobi.com": "Quantcast",
        b"fundingchoicesmessages": "Google Funding Choices",
        b"cookiebot.com": "Cookiebot",
        b"consentmanager.": "consentmanager",
        b"trustarc.com": "TrustArc",
        b"iubenda.com": "iubenda",
        b"contentpass": "contentpass",
        b"__tcfapi": "TCF",
    },
)
LOGIN = Wall(
    name="a login, registration or paywall stands before the page",
    mend="follow an address that is open to all, or give a subscriber's cookie as a header",
    names=r"""
        (?:please )?(?:sign|log) ?(?:in|on|up)(?: (?:to|with|or|required).*)?|login required
        (?:create|register for) (?:a |an |your )?(?:free )?account.*|register(?: now| to .*)?
        subscribe(?: now| to (?:read|continue|keep reading|unlock).*)?|subscribers? only
        (?:to )?continue reading.*|(?:keep|finish) reading .*|already a (?:subscriber|member)\??
        this (?:article|content|page) is (?:for|only for|reserved for|exclusive to) .*
        (?:bitte )?(?:anmelden|einloggen|registrieren)(?: .*)?|anmeldung|weiterlesen mit .*
        (?:se connecter|connectez-vous|identifiez-vous|connexion|abonnez-vous)(?: .*)?
        (?:article )?réservé aux abonnés|iniciar sesión|inicia sesión(?: .*)?|suscríbete(?: .*)?
        accedi(?: .*)?|abbonati(?: .*)?|inloggen(?: .*)?|aanmelden
        """,
    said=r"""
        (?:sign|log) ?in (?:or .{1,40} )?to (?:continue|read|view|access|keep)
        (?:subscribe|register|create an? (?:free )?account) to (?:continue|read|unlock)
        to continue reading|already a (?:subscriber|member)|for subscribers only|your free articles
        (?:bitte )?(?:anmelden|registrieren|einloggen),? um|weiterlesen mit|bereits abonnent
        réservée? aux abonnés|déjà abonné|connectez-vous pour|para suscriptores|ya eres suscriptor
        per gli abbonati|sei già abbonato|al abonnee
        """,
    hosts=r"(?:id|sso|idp|login|signin|auth|accounts?|secure|profile)\..+",
    paths=(
        r"/(?:.+/)?(?:sign-?in|log-?in|login\.\w+|anmelden|connexion|register|registration|sso"
        r"|subscribe|paywall|authorize)(?:/.*)?"
    ),
    over={
        ".tp-container-inner": "Piano",
        "#poool-widget": "Poool",
        "input[type=password], [class*=paywall i], [id*=paywall i], [class*=regwall i]": "",
    },
    scripts={b"tinypass.com": "Piano", b"piano.io": "Piano", b"poool.fr": "Poool"},
)
REGION = Wall(
    name="the page is not available in the region that keywire asks from",
    mend="ask from another network, or follow an address that is open to this one",
    names=r"""
        (?:http )?(?:error )?451.*|unavailable (?:due to|for) legal reasons
        (?:.{1,40} )?(?:not|isn't|un) ?available in your (?:region|country|location|area)
        (?:geo-?block(?:ed)?|geo(?:graphical)? restriction|region restricted)
        in (?:deinem|ihrem) land nicht verfügbar|nicht verfügbar in .{1,30}
        indisponible dans votre (?:pays|région)|no disponible en (?:tu|su) (?:país|región)
        """,
    said=r"""
        (?:not|isn't|un) ?(?:currently )?available (?:in|to .{1,20} (?:in|from)) (?:your|most|the)\b
        unavailable (?:due to|for) legal reasons|country belonging to the european economic area
        in (?:deinem|ihrem) land nicht|dans votre (?:pays|région)|en (?:tu|su) (?:país|región)
        """,
)
MAINTENANCE = Wall(
    name="the publisher's site is under maintenance",
    mend="it is asked for again",
    names=r"""
        (?:site|website|scheduled|planned|under|down|for|currently| )*maintenance(?: mode| break)?
        we(?:'ll| will) be (?:right )?back.*|(?:be )?(?:right )?back (?:soon|shortly)
        we(?:'re| are) down for .*
        temporarily (?:unavailable|offline|down)|briefly unavailable .*
        wartungs(?:arbeiten|modus|pause)|(?:en|site en) maintenance|en mantenimiento|in manutenzione
        (?:in )?onderhoud
        """,
    said=r"""
        (?:scheduled|planned|undergoing|essential) maintenance|back (?:online )?(?:soon|shortly)
        check back in a (?:minute|moment|while)|wartungsarbeiten|maintenance en cours
        """,
)
NOT_FOUND = Wall(
    name="a page that says “not found” stands at the address",
    mend="look at it in a browser: the blog may have moved",
    names=r"""
        (?:http |error |erreur |fehler )*4(?:04|10)(?: error| fehler)?
        (?:error )?4(?:04|10)[ ,(].{0,30}(?:found|gone).*
        (?:(?:sorry,? )?(?:the |this )?(?:page|file|content|article|story|url) .{0,50})?not found
        (?:page )?not found \(404\)
        (?:sorry,? |oops!? )?(?:the |this |that )?(?:page|story) .{0,50}(?:not|can't) be found
        (?:the |this )?(?:page|article|story) .{0,20}(?:longer available|exist|removed|expired).*
        (?:sorry,? )?we (?:can't|cannot|couldn't) (?:seem to )?find (?:that|the|this).*
        (?:die )?seite (?:wurde )?nicht gefunden|(?:die )?seite existiert nicht.*
        page (?:introuvable|non trouvée)|página no encontrada|pagina non trovata
        pagina niet gevonden
        """,
    said=r"""
        (?:page|article|story|content|file) .{0,50}(?:not be found|not found|no longer|been removed)
        (?:page|article|story) .{0,30}(?:n't|not) exist
        we (?:can't|cannot|couldn't) find
        """,
)
ERROR = Wall(
    name="an error page stands at the address",
    mend="it is asked for again",
    names=r"""
        (?:http |server |error |erreur |fehler )*5\d\d(?: error| fehler)?
        5\d\d .{0,30}(?:error|unavailable|gateway|time-?out).*
        (?:internal |temporary )?server error|service (?:temporarily )?unavailable|bad gateway
        gateway time-?out|(?:an |unexpected |application |runtime |fatal |database |system )*error
        technische (?:störung|probleme)|technischer fehler|erreur technique|error técnico
        an error (?:has )?occurred|oops|(?:oops|sorry|whoops)?,? ?something (?:went|has gone) wrong
        guru meditation|error establishing a database connection|backend fetch failed
        welcome to nginx|apache2? .{0,20}default page.*|default (?:web site )?page|it works
        index of /.*
        (?:the |this )?domain .{0,40}(?:for sale|parked|expired).*|.{1,40} is for sale
        account suspended
        """,
    said=r"""
        internal server error|service (?:is )?(?:temporarily )?unavailable|bad gateway
        gateway time-?out|(?:unexpected|application|server|client-side) (?:error|exception)
        something went wrong
        error (?:establishing|processing|occurred|fetching|\d\d\d)|try again (?:later|in a few)
        guru meditation|upstream (?:connect|request)|stack trace|traceback|domain .{0,20}for sale
        später (?:erneut|noch einmal)|fatal error|uncaught
        """,
)
WALLS = (ROBOT_CHECK, CONSENT, LOGIN, REGION, MAINTENANCE, NOT_FOUND, ERROR)
