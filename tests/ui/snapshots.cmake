# SPDX-License-Identifier: GPL-3.0-or-later
cachedeck_test(tst_pictures LABEL ui SOURCES tst_pictures.cpp LINK cachedeck_overview cachedeck_chart_test_data)
cachedeck_test(tst_snapshots_page LABEL ui SOURCES tst_snapshots_page.cpp LINK cachedeck_ui_snapshots cachedeck_chart_test_data)
cachedeck_test(tst_fact_tables LABEL ui SOURCES tst_fact_tables.cpp LINK cachedeck_ui_snapshots cachedeck_chart_test_data)
cachedeck_test(tst_compare_times LABEL ui SOURCES tst_compare_times.cpp LINK cachedeck_ui_snapshots cachedeck_chart_test_data)
cachedeck_test(tst_range_series LABEL ui SOURCES tst_range_series.cpp LINK cachedeck_ui_snapshots)
