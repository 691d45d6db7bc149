# SPDX-License-Identifier: GPL-3.0-or-later
cachedeck_test(tst_journal LABEL core SOURCES tst_journal.cpp tst_journal_support.h LINK cachedeck_journal)
cachedeck_test(tst_journal_file LABEL core SOURCES tst_journal_file.cpp tst_journal_support.h LINK cachedeck_journal)
cachedeck_test(tst_journal_export LABEL core SOURCES tst_journal_export.cpp tst_journal_support.h LINK cachedeck_cli)
cachedeck_test(tst_state_key LABEL core SOURCES tst_state_key.cpp tst_journal_support.h LINK cachedeck_journal)
cachedeck_test(tst_action_events LABEL core SOURCES tst_action_events.cpp tst_journal_support.h LINK cachedeck_journal)
cachedeck_test(tst_after_action LABEL core SOURCES tst_after_action.cpp LINK cachedeck_after_action)
