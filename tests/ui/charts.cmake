# SPDX-License-Identifier: GPL-3.0-or-later
add_library(cachedeck_chart_test_data STATIC chart_data.cpp chart_data.h)
target_include_directories(cachedeck_chart_test_data PUBLIC "${PROJECT_SOURCE_DIR}")
target_link_libraries(cachedeck_chart_test_data PUBLIC cachedeck_metrics PRIVATE cachedeck_build)

cachedeck_test(tst_chart_theme LABEL ui SOURCES tst_chart_theme.cpp LINK cachedeck_widgets cachedeck_chart_test_data)
cachedeck_test(tst_chart_scale LABEL ui SOURCES tst_chart_scale.cpp LINK cachedeck_charts)
cachedeck_test(tst_chart_plot LABEL ui SOURCES tst_chart_plot.cpp LINK cachedeck_charts cachedeck_chart_test_data)
cachedeck_test(tst_chart_marks LABEL ui SOURCES tst_chart_marks.cpp LINK cachedeck_charts cachedeck_chart_test_data)
cachedeck_test(tst_chart_alerts LABEL ui SOURCES tst_chart_alerts.cpp LINK cachedeck_overview cachedeck_chart_test_data)
cachedeck_test(tst_chart_panel LABEL ui SOURCES tst_chart_panel.cpp LINK cachedeck_charts cachedeck_chart_test_data)
cachedeck_test(tst_overview LABEL ui SOURCES tst_overview.cpp LINK cachedeck_overview cachedeck_chart_test_data)
