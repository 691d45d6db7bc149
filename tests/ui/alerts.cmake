# SPDX-License-Identifier: GPL-3.0-or-later
cachedeck_test(tst_alerts_page LABEL ui SOURCES tst_alerts_page.cpp LINK cachedeck_ui_alerts cachedeck_chart_test_data)
