# SPDX-License-Identifier: GPL-3.0-or-later
cachedeck_test(tst_axis_steps LABEL core SOURCES tst_axis_steps.cpp LINK cachedeck_metrics)
cachedeck_test(tst_format LABEL core SOURCES tst_format.cpp LINK cachedeck_metrics)
cachedeck_test(tst_history LABEL core SOURCES tst_history.cpp LINK cachedeck_metrics)
