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
        "last - len(numbered))",
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
        "            self._told = trouble\n            _call(watcher[1], trouble)",
        "            self._told = trouble",
        "tests/app/test_not_recording.py::test_a_file_that_went_is_said_in_time_and_that_it_is_back",
    ),
    "C1": Mutant(
        "cockpit/store/connection.py",
        'self._patiently("BEGIN IMMEDIATE")',
        'self._patiently("BEGIN")',
        "tests/store/test_processes.py::test_two_processes_write_side_by_side",
    ),
    "C2": Mutant(
        "cockpit/service/runner.py",
        "        written = self._writer.put(work)\n",
        "        written = self._writer.put(work)\n"
        "        with suppress(Exception):\n            written.result(2)\n",
        "tests/app/test_foreign_lock.py::test_a_foreign_write_lock_stops_neither_clock_nor_keys",
    ),
    "C3": Mutant(
        "cockpit/app.py",
        "            lambda: self.post_message(StoreChanged()),",
        "            lambda: None,",
        "tests/screens/test_incident.py::test_what_another_process_writes_is_shown_and_nothing_moves",
    ),
    "S4": Mutant(
        "cockpit/sync/transport.py",
        "if len(body) > self._max_bytes:",
        "if not body:",
        "tests/sync/test_transport.py::test_a_bomb_of_300_megabytes_costs_next_to_nothing",
    ),
    "S7": Mutant(
        "cockpit/widgets/draft_area.py",
        "        self.splice(compare(self.text, break_long_lines(clean_draft(text))))",
        "        self.show_text(text)",
        "tests/screens/test_incident_postmortem.py::test_what_another_person_writes_merges_around_the_cursor",
    ),
    "I2": Mutant(
        "cockpit/screens/too_small.py",
        "markup=False",
        "markup=True",
        "tests/house/test_markup.py::test_no_text_goes_through_markup",
    ),
    "I4": Mutant(
        "cockpit/widgets/draft_area.py",
        "pasted = clean_draft(event.text)",
        'pasted = clean_draft(event.text).partition("\\n")[0]',
        "tests/widgets/test_draft_area.py::test_a_paste_of_a_megabyte_is_taken_whole_and_soon",
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
    "T3": Mutant(
        "cockpit/service/endings.py",
        "            os._exit(self.code)",
        "            pass",
        "tests/promises/test_t3_frozen.py::test_what_is_typed_is_kept_and_a_signal_ends_it",
    ),
    "T4": Mutant(
        "cockpit/screens/app_actions.py",
        "        self.drafts.flush()\n        self.action_suspend_process()",
        "        self.action_suspend_process()",
        "tests/terminal/test_job_control.py::test_the_app_is_put_aside_and_comes_back",
    ),
    "T5": Mutant(
        "cockpit/clipboard.py",
        "            os.killpg(process.pid, signal.SIGKILL)",
        "            process.kill()",
        "tests/test_clipboard.py::test_a_hanging_tool_is_ended_with_its_children",
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
    "Z1": Mutant(
        "cockpit/app.py",
        "        self.watch_promises(now)",
        "        pass",
        "tests/app/test_promise_alarm.py::test_forty_minutes_asleep_are_forty_minutes_less",
    ),
    "Z2": Mutant(
        "cockpit/domain/clock.py",
        "    if now > last[:_MS_DIGITS]:",
        "    if now != last[:_MS_DIGITS]:",
        "tests/store/test_writing.py::test_stamps_rise_although_the_wall_clock_goes_back",
    ),
    "Z3": Mutant(
        "cockpit/domain/times.py",
        "    return second if second <= now else first",
        "    return first",
        "tests/domain/test_times.py::test_a_time_that_comes_twice_is_the_most_recent_one",
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
    "R1": Mutant(
        "cockpit/store/tables.py",
        "ON entry (inc, at, t, id, told, hidden, kind, starred)",
        "ON entry (inc, at)",
        "tests/store/test_timeline_pages.py::test_pages_of_many_entries_stay_quick",
    ),
}
"""Promise → its guard taken off."""
