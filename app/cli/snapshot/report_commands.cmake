# SPDX-License-Identifier: GPL-3.0-or-later
# An own library: of all commands only these draw, and so need Gui.
cachedeck_library(cachedeck_cli_snapshot_reports
  SOURCES snapshot/report_commands.cpp snapshot/report_commands.h snapshot/compare_sides.cpp snapshot/compare_sides.h
  LINK cachedeck_snapshot_bundle cachedeck_snapshot_reports cachedeck_ui_snapshot_render cachedeck_recording cachedeck_profiles CLI11::CLI11)
target_precompile_headers(cachedeck_cli_snapshot_reports REUSE_FROM cachedeck_theme)
target_link_libraries(cachedeck_cli PUBLIC cachedeck_cli_snapshot_reports)
