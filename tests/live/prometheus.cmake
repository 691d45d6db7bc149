# SPDX-License-Identifier: GPL-3.0-or-later
cachedeck_test(tst_prometheus_live LABEL live TIMEOUT 180 SOURCES tst_prometheus_live.cpp LINK cachedeck_prometheus cachedeck_test_support)
cachedeck_test(tst_prometheus_history LABEL live TIMEOUT 300 SOURCES tst_prometheus_history.cpp LINK cachedeck_prometheus cachedeck_test_support)
cachedeck_test(tst_prometheus_service_live LABEL live TIMEOUT 240 SOURCES tst_prometheus_service_live.cpp service_exporter.h LINK cachedeck_prometheus cachedeck_test_support)
