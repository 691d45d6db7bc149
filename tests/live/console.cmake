# SPDX-License-Identifier: GPL-3.0-or-later
cachedeck_test(tst_console LABEL live TIMEOUT 240 SOURCES tst_console.cpp service_exporter.h LINK cachedeck_console cachedeck_test_support)
cachedeck_test(tst_action_track LABEL live SOURCES tst_action_track.cpp LINK cachedeck_console cachedeck_test_support)
cachedeck_test(tst_program LABEL live TIMEOUT 240 SOURCES tst_program.cpp LINK cachedeck_sandbox cachedeck_test_support Qt6::Gui)
cachedeck_test(tst_snapshot_console LABEL live TIMEOUT 240 SOURCES tst_snapshot_console.cpp LINK cachedeck_console cachedeck_test_support)
