# SPDX-License-Identifier: GPL-3.0-or-later
cachedeck_test(tst_rule_threshold LABEL core SOURCES tst_rule_threshold.cpp LINK cachedeck_alerts)
cachedeck_test(tst_firing_now LABEL core SOURCES tst_firing_now.cpp LINK cachedeck_alerts)
cachedeck_test(tst_trial_verdict LABEL core SOURCES tst_trial_verdict.cpp LINK cachedeck_alerts)
