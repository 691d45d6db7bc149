# SPDX-License-Identifier: GPL-3.0-or-later
cachedeck_test(tst_snapshot_parts LABEL core SOURCES tst_snapshot_parts.cpp LINK cachedeck_snapshot_take cachedeck_snapshot_bundle)
cachedeck_test(tst_merged_series LABEL core SOURCES tst_merged_series.cpp LINK cachedeck_snapshot_take cachedeck_snapshot_reports)
