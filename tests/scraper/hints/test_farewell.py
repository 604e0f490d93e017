"""What the last entry of a live blog says, in the languages of those who write them."""

import pytest

from scraper.hints.farewell import says_goodbye

GOODBYES = {
    "en": [
        "We are closing this live blog now. Thank you for joining us.",
        "We’re wrapping up our live coverage for today.",
        "I'm going to close this blog shortly.",
        "This live blog is now closed.",
        "Our live coverage has ended.",
        "This blog has come to an end, thank you for your company.",
        "That's all from us tonight.",
        "That is it for today from the harbour.",
        "We will be bringing our live coverage to a close in a few minutes.",
        "We'll be pausing this live blog for the night.",
        "Our rolling coverage ends here.",
        "We are about to finish today's live coverage of the storm.",
        "That’s it for our live coverage of the storm and what came of it.",
        "We are going to leave our live coverage here for now, but will be back at first light.",
    ],
    "de": [
        "Wir beenden an dieser Stelle unseren Liveblog.",
        "Damit schließen wir den Liveticker für heute.",
        "Dieser Newsblog ist nun beendet.",
        "Der Liveticker endet hier.",
        "Unser Live-Blog ist jetzt geschlossen.",
    ],
    "fr": [
        "Nous fermons ce direct. Merci de votre fidélité.",
        "Ce live est désormais terminé.",
        "Notre direct s’achève ici.",
        "Fin de ce suivi en direct.",
    ],
    "es": [
        "Cerramos aquí esta cobertura.",
        "Damos por finalizado el directo.",
        "Hasta aquí la cobertura de la tormenta.",
        "Aquí termina nuestra narración.",
    ],
    "pt": ["Encerramos aqui a nossa cobertura.", "Termina aqui o nosso acompanhamento ao minuto."],
    "it": [
        "Chiudiamo qui la diretta.",
        "La nostra diretta si chiude qui.",
        "Il liveblog è chiuso.",
    ],
    "nl": [
        "We sluiten dit liveblog af.",
        "Dit liveblog is gesloten.",
        "Wij stoppen met dit liveblog.",
    ],
    "nb": ["Vi avslutter dekningen for i kveld."],
    "sv": ["Vi avslutar nu liverapporteringen här.", "Vi stänger direktrapporten för i dag."],
    "da": ["Vi lukker liveblogen for i aften."],
    "pl": ["Kończymy naszą relację na żywo.", "To koniec naszej relacji."],
    "tr": ["Canlı anlatımımız burada sona erdi."],
    "ru": ["На этом мы завершаем нашу онлайн-трансляцию."],
    "uk": ["Завершуємо нашу трансляцію."],
    "ja": ["このライブ更新を終了します。"],
    "zh": ["本次直播到此结束。"],
    "ko": ["실시간 중계를 마칩니다."],
    "ar": ["ننهي هنا التغطية المباشرة."],
    "he": ["סיום העדכונים להיום."],
}
OTHERS = {
    "en": [
        "The harbour is closing this evening, the port authority says.",
        "Schools are closed and will not open before Monday.",
        "I'm handing over to my colleague, who will take you through the evening.",
        "Welcome to our live coverage of the vote.",
        "The coverage of the phone network has ended in the valley.",
        "The blog of the minister is a curious read.",
        "The meeting has come to a close without a result.",
        "That is all that the minister would say.",
        "We are ending this war, the president said.",
        "Follow our live coverage of the closing ceremony.",
    ],
    "de": [
        "Wir beenden den Streik, sagt die Gewerkschaft.",
        "Der Hafen ist geschlossen.",
        "Willkommen im Liveblog.",
    ],
    "fr": ["Le direct vous attend ici.", "La séance est terminée."],
    "es": ["Cerramos las puertas, dice el alcalde.", "Bienvenidos a la cobertura."],
    "it": ["Segui la diretta qui.", "La scuola è chiusa."],
    "nl": ["De haven is gesloten.", "Welkom in dit liveblog."],
    "ja": ["試合が終了しました。"],
    "zh": ["比赛结束。"],
}


def every(said):
    return [(language, text) for language, texts in said.items() for text in texts]


@pytest.mark.parametrize(("language", "text"), every(GOODBYES))
def test_a_goodbye_is_heard_in_the_pages_language_and_where_none_is_named(language, text):
    assert says_goodbye("", text, language)
    assert says_goodbye(text, "", f"{language}-XX")
    assert says_goodbye("", text)


@pytest.mark.parametrize(("language", "text"), every(OTHERS))
def test_what_only_ends_closes_or_covers_something_else_is_no_goodbye(language, text):
    assert not says_goodbye("", text, language)
    assert not says_goodbye("", text)


def test_a_goodbye_in_another_language_than_the_pages_is_a_quotation():
    assert not says_goodbye("", "We are closing this live blog now.", "de")
    assert not says_goodbye("", "We are closing this live blog now.", "fi")


def test_a_long_entry_is_not_searched_to_its_end():
    assert not says_goodbye("", "x " * 50_000 + "We are closing this live blog now.", "en")
