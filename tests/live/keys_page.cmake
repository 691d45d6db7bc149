# SPDX-License-Identifier: GPL-3.0-or-later
cachedeck_test(tst_keys_page LABEL live TIMEOUT 240 SOURCES tst_keys_page.cpp LINK cachedeck_ui_keys cachedeck_test_support)
cachedeck_test(tst_keys_console LABEL live TIMEOUT 240 SOURCES tst_keys_console.cpp LINK cachedeck_console cachedeck_test_support)
