# SPDX-License-Identifier: GPL-3.0-or-later
cachedeck_test(tst_load_direct LABEL live TIMEOUT 240 SOURCES tst_load_direct.cpp LINK cachedeck_runs cachedeck_test_support)
