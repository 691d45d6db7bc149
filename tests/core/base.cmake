# SPDX-License-Identifier: GPL-3.0-or-later
cachedeck_test(tst_base LABEL core SOURCES tst_base.cpp LINK cachedeck_base)
cachedeck_test(tst_poller LABEL core SOURCES tst_poller.cpp LINK cachedeck_sources)
cachedeck_test(tst_whole_file LABEL core SOURCES tst_whole_file.cpp LINK cachedeck_profiles)
