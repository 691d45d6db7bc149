# SPDX-License-Identifier: GPL-3.0-or-later
cachedeck_test(tst_pool_options LABEL core SOURCES tst_pool_options.cpp LINK cachedeck_cacheaside)
