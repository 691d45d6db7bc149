# SPDX-License-Identifier: GPL-3.0-or-later
cachedeck_test(tst_snapshot_bundle LABEL core SOURCES tst_snapshot_bundle.cpp tst_snapshot_bundle_support.h LINK cachedeck_snapshot_bundle)
