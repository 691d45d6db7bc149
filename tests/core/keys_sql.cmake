# SPDX-License-Identifier: GPL-3.0-or-later
cachedeck_test(tst_key_template LABEL core SOURCES tst_key_template.cpp LINK cachedeck_keys_sql)
