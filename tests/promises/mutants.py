"""Guards taken off one at a time, each with a test that must notice it.

These are the negative controls of the promises whose tests do not hold one themselves.
"""

from __future__ import annotations

from typing import NamedTuple


class Mutant(NamedTuple):
    """In `file` the text `guard` becomes `hole`; `test` must fail then."""

    file: str
    guard: str
    hole: str
    test: str


MUTANTS: dict[str, Mutant] = {
    "D3": Mutant(
        "cockpit/store/connection.py",
        "PRAGMA trusted_schema = OFF",
        "PRAGMA trusted_schema = ON",
        "tests/store/test_opening.py::test_pragmas_hold_on_every_connection",
    ),
    "D4": Mutant(
        "cockpit/service/drafts.py",
        "                self._box.save(key, text)",
        "                pass",
        "tests/app/test_endings.py::test_kill_9_loses_at_most_the_last_half_second",
    ),
    "D5": Mutant(
        "cockpit/store/connection.py",
        '            self._patiently("COMMIT")',
        '            self._leave("COMMIT")',
        "tests/store/test_faults.py::test_a_full_disk_refuses_in_words_and_goes_on_when_there_is_space",
    ),
    "D6": Mutant(
        "cockpit/store/connection.py",
        "if self._identity is not None and _identify(self.path) != self._identity:",
        "if self._identity is None:",
        "tests/store/test_faults.py::test_a_file_that_goes_away_is_noticed_before_the_next_ack",
    ),
    "D7": Mutant(
        "cockpit/store/connection.py",
        '            self._leave("ROLLBACK")',
        '            self._leave("COMMIT")',
        "tests/store/test_writing.py::test_an_import_is_all_or_nothing_and_names_the_record",
    ),
    "D8": Mutant(
        "cockpit/store/rescue.py",
        "gaps + traces)",
        "0)",
        "tests/store/test_rescue.py::test_of_a_damaged_file_the_rest_comes_and_the_loss_is_told",
    ),
    "D9": Mutant(
        "cockpit/store/backup.py",
        "        verify_backup(part, at_most=count)",
        "        pass",
        "tests/store/test_backup.py::test_older_backups_go_when_the_new_one_is_verified",
    ),
    "D10": Mutant(
        "cockpit/service/runner.py",
        "            self._told = trouble\n            self._watcher[1](trouble)",
        "            self._told = trouble",
        "tests/app/test_not_recording.py::test_a_file_that_went_is_said_in_time_and_that_it_is_back",
    ),
    "C3": Mutant(
        "cockpit/app.py",
        "            lambda: self.post_message(StoreChanged()),",
        "            lambda: None,",
        "tests/screens/test_incident.py::test_what_another_process_writes_is_shown_and_nothing_moves",
    ),
    "I2": Mutant(
        "cockpit/screens/too_small.py",
        "markup=False",
        "markup=True",
        "tests/house/test_markup.py::test_no_text_goes_through_markup",
    ),
    "I6": Mutant(
        "cockpit/domain/search_words.py",
        """replace('"', '""')""",
        """replace('"', '"')""",
        "tests/store/test_search.py::test_any_string_is_a_search",
    ),
    "I8": Mutant(
        "cockpit/domain/csv_cells.py",
        """return f"'{shown}" if _FORMULA.match(shown) else shown""",
        "return shown",
        "tests/domain/test_people_csv.py::test_what_is_written_is_read_again_and_no_cell_is_a_formula",
    ),
    "A1": Mutant(
        "cockpit/store/opening.py",
        "PRIVATE_FILE = 0o600",
        "PRIVATE_FILE = 0o644",
        "tests/store/test_opening.py::test_files_are_private_whatever_the_umask",
    ),
    "A2": Mutant(
        "cockpit/sync/transport.py",
        "follow_redirects=False",
        "follow_redirects=True",
        "tests/sync/test_transport.py::test_no_redirect_is_followed_and_no_token_leaves",
    ),
    "A3": Mutant(
        "cockpit/service/endings.py",
        "*traceback.format_list(traceback.extract_tb(each.__traceback__)),",
        "*traceback.format_exception(each),",
        "tests/app/test_endings.py::test_a_mistake_of_ours_ends_in_a_plain_page_without_values",
    ),
    "A4": Mutant(
        "cockpit/server/access.py",
        'if request.path_params.get("ws", grant.ws) != grant.ws:',
        "if not grant.ws:",
        "tests/server/test_access.py::test_nobody_reaches_a_foreign_workspace",
    ),
    "Z2": Mutant(
        "cockpit/domain/clock.py",
        "    if now_ms > last_ms:",
        "    if now_ms != last_ms:",
        "tests/store/test_writing.py::test_stamps_rise_although_the_wall_clock_goes_back",
    ),
    "U1": Mutant(
        "cockpit/store/schema.py",
        "        for statement in SHARING:\n            database.conn.execute(statement)",
        "        pass",
        "tests/store/test_schema.py::test_every_released_schema_opens",
    ),
    "U2": Mutant(
        "cockpit/store/opening.py",
        "        if version > SCHEMA_VERSION:",
        "        if version < 0:",
        "tests/store/test_opening.py::test_a_newer_file_is_refused_in_a_sentence_and_left_alone",
    ),
    "U3": Mutant(
        "cockpit/domain/envelope.py",
        "return self.k in BODY_TYPES and self.v <= VERSION",
        "return self.k in BODY_TYPES or self.v > VERSION",
        "tests/store/test_projections.py::test_an_event_of_a_later_version_is_kept_word_for_word",
    ),
}
"""Promise → its guard taken off."""
