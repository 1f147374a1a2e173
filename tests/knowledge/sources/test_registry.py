"""sources.toml: what it may hold, and that each mistake is named where it is."""

from pathlib import Path

import pytest

from knowledge.sources.adding import add_entries, as_toml, identifier_for, shipped
from knowledge.sources.addresses import parse_url
from knowledge.sources.errors import RegistryError
from knowledge.sources.registry import Entry, load_registry, parse_registry

RIGHT = """
[[source]]
id = "iom-albania"
url = "https://albania.iom.int/news"
publisher = "IOM Albania"
review_days = 30
"""


def test_an_entry_is_public_and_switched_on_unless_it_says_otherwise() -> None:
    (entry,) = parse_registry(RIGHT, "sources.toml").source
    assert (entry.audience, entry.enabled, entry.title, entry.language) == ("public", True, None, None)
    more = 'title = "News"\naudience = "Partner:Nepal"\nlanguage = "sr-Latn"\nenabled = false\n'
    registry = parse_registry('contact = "desk@example.org"\n' + RIGHT + more, "sources.toml")
    (entry,) = registry.source
    assert (entry.audience, entry.enabled, entry.title, entry.language) == ("partner:nepal", False, "News", "sr-Latn")
    assert registry.contact == "desk@example.org"
    assert parse_registry("", "sources.toml").source == ()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("review_days", "review_day"), "review_day: no such key; there are id, url, title, publisher"),
        (('publisher = "IOM Albania"\n', ""), "publisher: is missing"),
        (("review_days = 30\n", ""), "review_days: is missing"),
        (("= 30", '= "30"'), "review_days: Input should be a valid integer"),
        (("= 30", "= 0"), "review_days: Input should be greater than or equal to 1"),
        (("= 30", "= true"), "review_days: Input should be a valid integer"),
        (("= 30", '= 30\nenabled = "false"'), "enabled: Input should be a valid boolean"),
        (("= 30", '= 30\naudience = "everyone"'), "audience: 'everyone' is not an audience"),
        (("= 30", '= 30\nlanguage = "English"'), "language: "),
        (("= 30", '= 30\ntitle = "a\\nb"'), "title: has to be text on one line"),
        (("= 30", '= 30\ntitle = "\\u001b[31m"'), "title: has to be text on one line"),
        (("https://albania", "ftp://albania"), "url: the URL does not begin with http:// or https://"),
        (("https://albania", "https://me@albania"), "url: the URL holds a user name"),
        (("albania.iom.int/news", "127.0.0.1/"), "url: '127.0.0.1' is a number"),
        (("/news", "/news#top"), "url: leave out the part from #"),
        (("iom.int/", "iom.int:8080/"), "url: port 8080 is not used; only 80 and 443 are"),
    ],
)
def test_a_mistake_is_named_with_its_file_entry_and_key(change: tuple[str, str], said: str) -> None:
    with pytest.raises(RegistryError) as error:
        parse_registry(RIGHT + RIGHT.replace(*change).replace("albania", "serbia"), "the/sources.toml")
    message = str(error.value)
    assert message.startswith('the/sources.toml cannot be used:\n  entry 2 ("iom-')
    assert said in message


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (RIGHT.replace("iom-albania", "IOM Albania"), 'entry 1 ("IOM Albania"), id: '),
        (RIGHT.replace('id = "iom-albania"\n', ""), "entry 1, id: is missing"),
        (RIGHT.replace("[[source]]", "[[sources]]"), "sources: no such key; there are contact, source"),
        (RIGHT.replace("[[source]]", "[source]"), "source: "),
        ("source = [1]", "entry 1: "),
        ('contact = "a b"', "contact: "),
        (RIGHT + RIGHT, 'entry 2 ("iom-albania"), id: entry 1 has the same'),
        (RIGHT + RIGHT.replace("iom-albania", "b"), 'entry 2 ("b"), url: entry 1 has the same'),
        (
            RIGHT + RIGHT.replace("iom-albania", "b").replace("albania.iom.int/", "ALBANIA.iom.int:443/./"),
            'entry 2 ("b"), url: entry 1 has the same',
        ),
        ("[[source]\n", "not valid TOML: Expected ']]' at the end of an array declaration (at line 1"),
        ('id = "a"\nid = "b"\n', "not valid TOML: Cannot overwrite a value (at line 2"),
    ],
)
def test_a_list_that_cannot_be_used_says_why(text: str, said: str) -> None:
    with pytest.raises(RegistryError) as error:
        parse_registry(text, "sources.toml")
    assert said in str(error.value)


def test_all_mistakes_are_told_at_once_but_no_more_than_a_person_reads() -> None:
    with pytest.raises(RegistryError) as error:
        parse_registry(RIGHT.replace("30", "0") * 30, "sources.toml")
    assert str(error.value).count("review_days") == 20
    assert str(error.value).endswith("and 10 more")


def test_a_file_that_is_not_there_or_not_text_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    with pytest.raises(RegistryError, match=r"There is no .*sources add --library"):
        load_registry(path)
    path.write_bytes(b"\xff")
    with pytest.raises(RegistryError, match=r"not UTF-8 \(byte 0\)"):
        load_registry(path)
    path.unlink()
    path.mkdir()
    with pytest.raises(RegistryError, match="cannot be read: Is a directory"):
        load_registry(path)


def test_entries_are_added_at_the_end_and_nothing_else_is_touched(tmp_path: Path) -> None:
    path = tmp_path / "new" / "sources.toml"
    awkward = Entry(
        id="a", url="https://a.example/", title='"Bürger" \\ 7f', publisher="Ж", review_days=3, enabled=False
    )
    add_entries(path, [awkward])
    begun = path.read_text(encoding="utf-8") + "# mine\n"
    path.write_text(begun, encoding="utf-8")
    add_entries(path, [Entry(id="b", url="https://b.example/", publisher="B", review_days=3)])
    assert path.read_text(encoding="utf-8").startswith(begun)
    first, second = load_registry(path).source
    assert (first, second.id) == (awkward, "b")
    assert [p.name for p in path.parent.iterdir()] == ["sources.toml"]


def test_nothing_is_added_to_a_list_that_is_wrong_or_would_be(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    entry = Entry(id="iom-albania", url="https://b.example/", publisher="B", review_days=3)
    for text in (RIGHT, "not toml"):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(RegistryError):
            add_entries(path, [entry])
        assert path.read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    ("url", "identifier"),
    [
        ("https://www.iom.int/", "iom-int"),
        ("https://www.iom.int/news/First_meeting.html?a=b", "iom-int-first-meeting"),
        ("https://iom.int/" + "a" * 100, "iom-int-" + "a" * 52),
    ],
)
def test_a_page_is_named_after_its_address(url: str, identifier: str) -> None:
    assert identifier_for(parse_url(url), ()) == identifier
    assert identifier_for(parse_url(url), {identifier, f"{identifier}-2"}) == f"{identifier}-3"


def test_the_list_that_ships_is_right_and_switched_off() -> None:
    entries = shipped().source
    assert len(entries) > 80
    assert not any(entry.enabled for entry in entries)
    assert {entry.review_days for entry in entries} == {30, 180}
    assert {entry.audience for entry in entries} == {"public"}
    assert all(entry.title for entry in entries)
    assert parse_registry("".join(map(as_toml, entries)), "again").source == entries
