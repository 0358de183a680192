"""A word is found however its letters are typed: in any case, with and without accents, on every database."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from funneltui.services import deals, views
from funneltui.storage.list_orders import ListSort

if TYPE_CHECKING:
    from funneltui.services.context import Context

WORDS = {
    "Slovenian": {"Žagar": "zagar", "Češnjevec": "cesnjevec", "Šiška": "siska", "Đurđica": "durdica"},
    "Polish": {"Łódź": "lodz", "Gęślą Jaźń": "gesla jazn", "Święćmy": "swiecmy", "Żółć": "zolc", "Ósma": "osma"},
    "Finnish": {"Äänekoski": "aanekoski", "Öljytyö": "oljytyo", "Åbo": "abo", "Šakki": "sakki", "Žurnaali": "zurnaali"},
    "Bulgarian": {
        "София": "софия", "Жълтуша": "жълтуша", "Ямбол": "ямбол", "Щъркел": "щъркел", "Юндола": "юндола",
        "Цар Асен": "цар асен", "Бухово ѝ": "бухово и", "Гьопсу": "гьопсу", "Дряново": "дряново", "Фъргово": "фъргово",
        "Майско": "маиско", "Хвойна": "хвоина", "Чирпан": "чирпан", "Шумен": "шумен",
    },
}  # fmt: skip
ALPHABETS = {
    "Slovenian": "abcčćdđefghijklmnopqrsštuvwxyzž",
    "Polish": "aąbcćdeęfghijklłmnńoópqrsśtuvwxyzźż",
    "Finnish": "abcdefghijklmnopqrsštuvwxyzžåäö",
    "Bulgarian": "абвгдежзийклмнопрстуфхцчшщъьюяѝ",
}


def add(context: Context, title: str, **values: object) -> None:
    deals.add(context, {"title": title, "source": "web", "expected_close": date(2026, 12, 15)} | values)


def found(context: Context, text: str) -> list[str]:
    """Give the titles that a filter finds in the list."""
    pipeline = context.pipeline
    condition = views.table_condition(context, pipeline, text)
    window = views.list_window(context, pipeline, condition, ListSort.NUMBER, False, 0, 50)
    return [deal.title for deal in window.deals]


@pytest.mark.parametrize("language", WORDS)
def test_a_word_is_found_in_any_case_and_without_its_accents(context: Context, language: str) -> None:
    for word in WORDS[language]:
        add(context, f"{word} one", company=word, contact=word, tags=word.split()[0], qualifier=word)
    for word, bare in WORDS[language].items():
        for typed in (word, word.upper(), word.lower(), bare, bare.upper()):
            assert found(context, f'"{typed}"') == [f"{word} one"], typed
            for field in ("title", "company", "contact", "qualifier"):
                assert found(context, f'{field}:"{typed}"') == [f"{word} one"], (field, typed)
        assert found(context, f"tag:{word.split()[0].upper()}") == [f"{word} one"]


@pytest.mark.parametrize("language", ALPHABETS)
def test_every_letter_of_an_alphabet_is_found_in_both_cases(context: Context, language: str) -> None:
    letters = ALPHABETS[language]
    add(context, f"<{letters}>")
    add(context, f"<{letters.upper()}>", company="other")
    for letter in letters:
        assert len(found(context, f'"{letter}"')) == 2, letter
        assert len(found(context, f'"{letter.upper()}"')) == 2, letter
    assert len(found(context, f'"<{letters}>"')) == len(found(context, f'"<{letters.upper()}>"')) == 2


def test_letters_of_another_script_that_look_alike_are_others(context: Context) -> None:
    add(context, "Сора")
    assert found(context, "copa") == []
    assert found(context, "сора") == ["Сора"]
