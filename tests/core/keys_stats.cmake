# SPDX-License-Identifier: GPL-3.0-or-later
cachedeck_test(tst_key_set LABEL core TIMEOUT 300 SOURCES tst_key_set.cpp LINK cachedeck_keys_stats)
cachedeck_test(tst_keys_stats LABEL core TIMEOUT 300 SOURCES tst_keys_stats.cpp LINK cachedeck_keys_stats)
cachedeck_test(tst_keys_folding LABEL core TIMEOUT 300 SOURCES tst_keys_folding.cpp LINK cachedeck_keys_stats)
cachedeck_test(tst_keys_analysis LABEL core SOURCES tst_keys_analysis.cpp LINK cachedeck_keys_stats)
