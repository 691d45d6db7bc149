# SPDX-License-Identifier: GPL-3.0-or-later
cachedeck_test(tst_load_direct_parts LABEL core SOURCES tst_load_direct_parts.cpp LINK cachedeck_runs cachedeck_cacheaside cachedeck_test_support)
