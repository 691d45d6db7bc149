# SPDX-License-Identifier: GPL-3.0-or-later
# Pictures and documents of a snapshot, for the page and for the command.
cachedeck_library(cachedeck_ui_snapshot_render
  SOURCES reportlook.cpp reportlook.h render.cpp render.h renderpdf.cpp pdfpages.cpp pdfpages.h pdfcolumns.cpp pdfcolumns.h pdftext.cpp pdftext.h
  LINK cachedeck_snapshot_reports cachedeck_overview)
target_precompile_headers(cachedeck_ui_snapshot_render REUSE_FROM cachedeck_theme)
