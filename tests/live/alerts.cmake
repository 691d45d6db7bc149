# SPDX-License-Identifier: GPL-3.0-or-later
cachedeck_test(tst_alerts LABEL live TIMEOUT 180 SOURCES tst_alerts.cpp LINK cachedeck_alerts cachedeck_test_support)
