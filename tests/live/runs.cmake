# SPDX-License-Identifier: GPL-3.0-or-later
cachedeck_test(tst_run_push LABEL live SOURCES tst_run_push.cpp ../core/tst_run_support.h LINK cachedeck_runs cachedeck_test_support)
