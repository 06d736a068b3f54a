"""Own error figures that stay switched on: for whom, until when, and what goes with a person."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from agreement_builders import CONDITIONS, baseline_pairs, reference_pairs
from cli_runner import run_rom
from record_builders import full_content
from test_records_store import assert_sentence

from rom.clinical.agreement.learned import Learned, learn
from rom.clinical.agreement.pairs_table import pairs_table_text
from rom.clinical.agreement.switched_on import local_errors_from_json
from rom.commands.arguments import parse_arguments
from rom.commands.measure import _own_errors
from rom.errors import InputError, UsageError
from rom.exports.document import document, people_from_document
from rom.keeping import Keeper
from rom.records.backups import back_up
from rom.records.deletion import delete_everything, delete_person
from rom.records.own_errors import (
    KEY,
    errors_of,
    everything_of,
    switch_off,
    switch_on,
    switched_on,
)
from rom.records.restoring import restore
from rom.records.store import Store, open_store

DIFFERENCES = [4.0, -3.0, 6.0, 1.0, -5.0, 2.0, 7.0, -1.0, 3.0, 5.0, -6.0, 2.0]
MOVEMENT = "shoulder_abduction"


def learned(*people: str, references: bool = True) -> Learned:
    """Figures against a goniometer, and those of some people's own."""
    baselines = [
        pair
        for number, name in enumerate(people)
        for pair in baseline_pairs([1, 6, -4, 9, -7, 3 + number], person=name)
    ]
    return learn(reference_pairs(DIFFERENCES) if references else [], baselines)


def test_a_person_gets_the_figures_of_all_and_their_own_only(store: Store) -> None:
    ana, bert, cem = (store.add_person(name) for name in ("Ana", "Bert", "Cem"))
    assert errors_of(store, ana) is None
    switch_on(store, learned("ana", "Bert", "Nobody"))
    for person in (ana, bert):
        found = errors_of(store, person)
        assert found is not None
        assert [each.person for each in found.personal] == [person.pseudonym]
        assert [each.people for each in found.accuracy] == [12]
    of_cem = errors_of(store, cem)
    assert of_cem is not None and of_cem.personal == () and len(of_cem.accuracy) == 1


def test_the_source_tells_n_and_both_days(store: Store) -> None:
    ana = store.add_person("Ana")
    switch_on(store, learned("Ana"))
    errors = errors_of(store, ana)
    assert errors is not None
    used = errors.used(MOVEMENT, CONDITIONS, sem_deg=2.0, accuracy_deg=8.0)
    today = date.today().isoformat()
    assert used.accuracy_source == (
        f"own error figures switched on {today}: 12 pairs of 12 people with a goniometer, up to"
        " 2026-03-12"
    )
    assert used.sem_source == (
        f"own error figures switched on {today}: 6 pairs of sets before of Ana, up to 2026-03-06"
    )
    assert (used.sem_deg, used.accuracy_deg) != (2.0, 8.0)
    shown = switched_on(store)
    assert shown is not None and today in shown.summary
    for words in ("12 pairs of 12 people", "6 sessions of Ana", "Arm, sideways and up"):
        assert words in shown.summary
    assert len(shown.sentences) == 2 and "instead of" in shown.sentences[0]


def test_figures_follow_a_person_who_is_renamed(store: Store) -> None:
    ana = store.add_person("Ana")
    switch_on(store, learned("Ana"))
    store.change_person(replace(ana, pseudonym="Anna"))
    store.add_person("Ana")
    errors = errors_of(store, store.person("Anna"))
    assert errors is not None and [each.person for each in errors.personal] == ["Anna"]
    new = errors_of(store, store.person("Ana"))
    assert new is not None and new.personal == ()


def test_what_is_switched_on_later_takes_the_place_of_the_first(store: Store) -> None:
    ana = store.add_person("Ana")
    switch_on(store, learned("Ana"))
    switch_on(store, learned(references=True))
    found = errors_of(store, ana)
    assert found is not None and found.personal == ()
    switch_off(store)
    assert errors_of(store, ana) is None and switched_on(store) is None
    switch_off(store)


def test_figures_are_of_one_owner(store: Store) -> None:
    switch_on(store.of("kim"), learned())
    assert switched_on(store) is None and switched_on(store.of("lee")) is None


def test_figures_that_cannot_be_used_are_not_switched_on(store: Store) -> None:
    for bad, kind in (
        (learn([], []), InputError),
        (learned("Nobody", references=False), InputError),
        (
            learn(
                [
                    *reference_pairs(DIFFERENCES),
                    *(
                        replace(each, instrument="inclinometer")
                        for each in reference_pairs(DIFFERENCES)
                    ),
                ],
                [],
            ),
            UsageError,
        ),
    ):
        with pytest.raises(kind) as caught:
            switch_on(store, bad)
        assert str(caught.value).startswith("Expected")
    assert store.settings() == {}


def test_deleting_somebody_takes_their_own_figures_along(store: Store) -> None:
    ana, bert = store.add_person("Ana"), store.add_person("Bert")
    switch_on(store, learned("Ana", "Bert"))
    before = store.setting(KEY)
    delete_person(store, ana.id)
    setting, found = store.setting(KEY), switched_on(store)
    assert setting is not None and before is not None and found is not None
    assert setting.changed_at == before.changed_at
    assert ana.id not in str(setting.value) and "Ana" not in str(setting.value)
    assert [person_id for person_id, _ in found.personal] == [bert.id]
    switch_on(store, learned("Bert", references=False))
    delete_person(store, bert.id)
    assert store.settings() == {}


def test_deleting_somebody_ends_figures_that_cannot_be_read(store: Store) -> None:
    ana = store.add_person("Ana")
    store.save_setting(KEY, {"schema": "rom.switched_on/1", "figures": "Ana"})
    with pytest.raises(InputError) as caught:
        errors_of(store, ana)
    assert_sentence(caught.value, "--switch-off")
    delete_person(store, ana.id)
    assert store.settings() == {}


def test_everything_deleted_leaves_the_figures_of_the_program(store: Store) -> None:
    ana = store.add_person("Ana")
    switch_on(store, learned("Ana"))
    delete_everything(store)
    assert switched_on(store) is None and ana.id not in [each.person.id for each in store.people()]


def test_figures_come_back_with_a_backup(store: Store, tmp_path: Path) -> None:
    store.add_person("Ana")
    found = switch_on(store, learned("Ana"))
    kept = back_up(store.database, tmp_path / "kept.sqlite3")
    switch_off(store)
    path, server = store.database.path, None if store.database.path else store.database
    if path is not None:
        store.close()
    restore(kept, path, server)
    with open_store() as again:
        assert switched_on(again) == found


def test_figures_leave_with_the_export_of_a_person_and_change_nothing_where_it_is_read(
    store: Store,
) -> None:
    content = full_content("Ana")
    store.import_content(content)
    bert = store.add_person("Bert")
    switch_on(store, learned("Ana", "Bert"))
    taken = everything_of(store, content.person.id, landmarks=True)
    assert taken.own_errors == errors_of(store, content.person)
    assert "Bert" not in str(document([taken]))
    (again,) = people_from_document(document([taken]))
    assert again.own_errors == taken.own_errors
    assert everything_of(store, bert.id).sessions == ()
    other = store.of("kim")
    other.import_content(again)
    assert other.settings() == {}


def test_a_command_takes_what_is_switched_on_unless_it_names_others(
    store: Store, tmp_path: Path
) -> None:
    ana = store.add_person("Ana")
    switch_on(store, learned("Ana"))
    named = local_errors_from_json(learned().named("clinic").to_json())
    (tmp_path / "clinic.json").write_text(json.dumps(named.to_json()))
    keeper = Keeper(store, ana)

    def errors(*options: str, keeper: Keeper | None = keeper) -> object:
        command = ["assess", "a.mp4", "--movement", MOVEMENT, "--side", "left", *options]
        return _own_errors(parse_arguments(command), keeper)

    assert errors() == errors_of(store, ana)
    assert errors(keeper=None) is None
    assert errors("--local-error", "none") is None
    assert errors("--local-error", str(tmp_path / "clinic.json")) == named


def test_the_command_switches_on_shows_and_switches_off(data_dir: Path, tmp_path: Path) -> None:
    (tmp_path / "pairs.csv").write_text(pairs_table_text(reference_pairs(DIFFERENCES)))
    done = run_rom("agreement", "pairs.csv", "--switch-on", cwd=tmp_path)
    today = date.today().isoformat()
    assert done.status == 0 and f"switched on {today} for" in " ".join(done.stdout.split())
    assert "12 pairs of 12 people with a goniometer" in " ".join(done.stdout.split())
    assert max(map(len, done.stdout.splitlines())) <= 80
    with open_store() as store:
        assert switched_on(store) is not None
    off = run_rom("agreement", "--switch-off", cwd=tmp_path)
    assert off.status == 0 and "are switched off" in off.stdout
    assert "were not switched on" in run_rom("agreement", "--switch-off", cwd=tmp_path).stdout


@pytest.mark.parametrize(
    "options",
    [
        ["--switch-on", "--switch-off"],
        ["--switch-off", "pairs.csv"],
        ["--switch-off", "--person", "Ana"],
        ["--switch-on", "--add", "--person", "Ana"],
    ],
)
def test_switches_that_do_not_go_together_are_told(options: list[str]) -> None:
    with pytest.raises(UsageError, match="^Expected .*switch"):
        parse_arguments(["agreement", *options])
