# SPDX-License-Identifier: GPL-3.0-or-later
cachedeck_test(tst_key_decode LABEL core SOURCES tst_key_decode.cpp LINK cachedeck_keys_inspect)
cachedeck_test(tst_key_packed LABEL core SOURCES tst_key_packed.cpp LINK cachedeck_keys_inspect)
cachedeck_test(tst_key_escape LABEL core SOURCES tst_key_escape.cpp LINK cachedeck_keys_inspect)
cachedeck_test(tst_keys_inspect_hostile LABEL core SOURCES tst_keys_inspect_hostile.cpp LINK cachedeck_keys_inspect cachedeck_test_support)
