# SPDX-License-Identifier: GPL-3.0-or-later
cachedeck_test(tst_snapshot_render LABEL ui SOURCES tst_snapshot_render.cpp LINK cachedeck_ui_snapshot_render)
