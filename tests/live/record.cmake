# SPDX-License-Identifier: GPL-3.0-or-later
cachedeck_test(tst_record_program LABEL live TIMEOUT 120 SOURCES tst_record_program.cpp LINK cachedeck_recording cachedeck_test_support)
add_dependencies(tst_record_program cachedeck)
