# SPDX-License-Identifier: GPL-3.0-or-later
cachedeck_test(tst_snapshot_take LABEL live TIMEOUT 240 SOURCES tst_snapshot_take.cpp tst_snapshot_support.h LINK cachedeck_snapshot_take cachedeck_test_support)
cachedeck_test(tst_snapshot_program LABEL live TIMEOUT 240 SOURCES tst_snapshot_program.cpp tst_snapshot_support.h LINK cachedeck_snapshot_take cachedeck_snapshot_bundle cachedeck_test_support)
