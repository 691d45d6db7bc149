# SPDX-License-Identifier: GPL-3.0-or-later
cachedeck_test(tst_snapshot_render LABEL ui SOURCES tst_snapshot_render.cpp LINK cachedeck_ui_snapshot_render)
cachedeck_test(tst_snapshot_commands LABEL ui SOURCES tst_snapshot_commands.cpp LINK cachedeck_recording cachedeck_snapshot_bundle cachedeck_snapshot_reports Qt6::Gui)
add_dependencies(tst_snapshot_commands cachedeck)
