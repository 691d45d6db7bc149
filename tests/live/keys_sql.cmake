# SPDX-License-Identifier: GPL-3.0-or-later
cachedeck_test(tst_keys_query LABEL live SOURCES tst_keys_query.cpp LINK cachedeck_keys_sql cachedeck_test_support)
