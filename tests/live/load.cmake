# SPDX-License-Identifier: GPL-3.0-or-later
cachedeck_test(tst_load_program LABEL live SOURCES tst_load_program.cpp LINK cachedeck_runs cachedeck_test_support)
cachedeck_test(tst_k6_run LABEL live SOURCES tst_k6_run.cpp LINK cachedeck_runs)
