# SPDX-License-Identifier: GPL-3.0-or-later
# `cachedeck snapshot …`, part of cachedeck_cli.
target_sources(cachedeck_cli PRIVATE
  snapshot/snapshot_command.cpp snapshot/snapshot_command.h snapshot/snapshot_look.cpp snapshot/snapshot_look.h
  snapshot/snapshot_place.cpp snapshot/snapshot_place.h snapshot/snapshot_take.cpp snapshot/snapshot_take.h snapshot/snapshot_text.cpp snapshot/snapshot_text.h)
target_link_libraries(cachedeck_cli PUBLIC cachedeck_snapshot_take cachedeck_snapshot_bundle cachedeck_snapshot_reports)
include(snapshot/report_commands.cmake)
