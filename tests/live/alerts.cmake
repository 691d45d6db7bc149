# SPDX-License-Identifier: GPL-3.0-or-later
cachedeck_test(tst_alerts LABEL live TIMEOUT 300 SOURCES tst_alerts.cpp LINK cachedeck_alerts cachedeck_test_support)
cachedeck_test(tst_alerts_page_live LABEL live TIMEOUT 240 SOURCES tst_alerts_page.cpp LINK cachedeck_ui_alerts cachedeck_test_support)
cachedeck_test(tst_desktop_notice LABEL live SOURCES tst_desktop_notice.cpp LINK cachedeck_console Qt6::DBus)
