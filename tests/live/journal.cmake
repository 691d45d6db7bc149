# SPDX-License-Identifier: GPL-3.0-or-later
cachedeck_test(tst_journal_program LABEL live SOURCES tst_journal_program.cpp LINK cachedeck_journal)
