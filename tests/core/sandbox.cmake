# SPDX-License-Identifier: GPL-3.0-or-later
cachedeck_test(tst_server_process LABEL core SOURCES tst_server_process.cpp LINK cachedeck_process)
cachedeck_test(tst_sandbox_parts LABEL core SOURCES tst_sandbox_parts.cpp LINK cachedeck_sandbox)
cachedeck_test(tst_traffic_shape LABEL core SOURCES tst_traffic_shape.cpp LINK cachedeck_traffic)
cachedeck_test(tst_traffic_link LABEL core SOURCES tst_traffic_link.cpp LINK cachedeck_traffic cachedeck_test_support)
