# SPDX-License-Identifier: GPL-3.0-or-later
cachedeck_test(tst_cli LABEL core SOURCES tst_cli.cpp LINK cachedeck_cli)
