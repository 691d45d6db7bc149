# SPDX-License-Identifier: GPL-3.0-or-later
cachedeck_test(tst_topology_live LABEL live TIMEOUT 300 SOURCES tst_topology_live.cpp LINK cachedeck_redis cachedeck_test_support)
cachedeck_test(tst_cluster_links LABEL live TIMEOUT 300 SOURCES tst_cluster_links.cpp LINK cachedeck_redis cachedeck_test_support)
