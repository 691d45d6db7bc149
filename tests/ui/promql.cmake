# SPDX-License-Identifier: GPL-3.0-or-later
cachedeck_test(tst_promql_page LABEL ui SOURCES tst_promql_page.cpp tst_window_pictures.h LINK cachedeck_ui_promql cachedeck_overview cachedeck_chart_test_data cachedeck_test_support)
cachedeck_test(tst_promql_place LABEL ui SOURCES tst_promql_place.cpp LINK cachedeck_ui_promql)
