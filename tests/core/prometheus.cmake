# SPDX-License-Identifier: GPL-3.0-or-later
cachedeck_test(tst_http LABEL core SOURCES tst_http.cpp tst_http.h LINK cachedeck_http cachedeck_test_support)
cachedeck_test(tst_prometheus_json LABEL core SOURCES tst_prometheus_json.cpp LINK cachedeck_prometheus)
cachedeck_test(tst_prometheus_source LABEL core SOURCES tst_prometheus_source.cpp tst_http.h LINK cachedeck_prometheus cachedeck_test_support)
cachedeck_test(tst_prometheus_service LABEL core SOURCES tst_prometheus_service.cpp tst_http.h LINK cachedeck_prometheus cachedeck_test_support)
