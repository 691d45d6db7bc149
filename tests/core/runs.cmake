# SPDX-License-Identifier: GPL-3.0-or-later
cachedeck_test(tst_run_record LABEL core SOURCES tst_run_record.cpp tst_run_support.h LINK cachedeck_runs)
cachedeck_test(tst_run_store LABEL core SOURCES tst_run_store.cpp tst_run_support.h LINK cachedeck_runs)
cachedeck_test(tst_run_compare LABEL core TIMEOUT 900 SOURCES tst_run_compare.cpp tst_run_support.h LINK cachedeck_runs)
cachedeck_test(tst_run_reports LABEL core SOURCES tst_run_reports.cpp tst_run_support.h LINK cachedeck_runs)
cachedeck_test(tst_run_outcome LABEL core SOURCES tst_run_outcome.cpp tst_run_support.h LINK cachedeck_runs)
cachedeck_test(tst_series_keeper LABEL core SOURCES tst_series_keeper.cpp tst_run_support.h LINK cachedeck_runs)
cachedeck_test(tst_run_guard LABEL core SOURCES tst_run_guard.cpp LINK cachedeck_runs)
cachedeck_test(tst_k6_feed LABEL core SOURCES tst_k6_feed.cpp k6_sample.h LINK cachedeck_runs)
