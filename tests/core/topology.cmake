# SPDX-License-Identifier: GPL-3.0-or-later
cachedeck_test(tst_topology LABEL core SOURCES tst_topology.cpp LINK cachedeck_redis cachedeck_test_support)
