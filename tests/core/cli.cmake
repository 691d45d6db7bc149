# SPDX-License-Identifier: GPL-3.0-or-later
cachedeck_test(tst_cli LABEL core SOURCES tst_cli.cpp LINK cachedeck_cli)
cachedeck_test(tst_cli_keys LABEL core SOURCES tst_cli_keys.cpp LINK cachedeck_cli)
