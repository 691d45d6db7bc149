# SPDX-License-Identifier: GPL-3.0-or-later
cachedeck_test(tst_rule_threshold LABEL core SOURCES tst_rule_threshold.cpp LINK cachedeck_alerts)
