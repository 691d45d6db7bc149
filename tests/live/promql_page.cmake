# SPDX-License-Identifier: GPL-3.0-or-later
cachedeck_test(tst_promql_page_live LABEL live TIMEOUT 180 SOURCES tst_promql_page.cpp "${PROJECT_SOURCE_DIR}/tests/ui/tst_window_pictures.h" LINK cachedeck_ui_promql cachedeck_overview cachedeck_test_support)
