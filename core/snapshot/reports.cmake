# SPDX-License-Identifier: GPL-3.0-or-later
# Exports of snapshots and their comparison. No Gui: pictures and PDF are ui/snapshots' matter.
cachedeck_library(cachedeck_snapshot_reports
  SOURCES report_text.cpp report_text.h report_look.h figures.cpp figures.h scorecards.cpp scorecards.h report_tables.cpp report_tables.h
          chart_axis.cpp chart_axis.h chart_data.cpp chart_data.h chart_marks.cpp chart_marks.h svg_text.cpp svg_text.h svg_lines.cpp svg_lines.h svg_marks.cpp svg_marks.h svg_chart.cpp svg_chart.h svg_sheet.cpp
          report_formats.cpp report_formats.h csv_writer.cpp json_writer.cpp report_json.h markdown_writer.cpp markdown_parts.h
          html_page.cpp html_page.h page_parts.cpp hover_json.cpp hover_json.h html_writer.cpp
          compare.cpp compare.h compare_figures.cpp compare_figures.h compare_facts.cpp compare_facts.h compare_tables.cpp compare_tables.h compare_text.cpp compare_html.cpp
          stretch.cpp stretch.h compare_stretches.cpp compare_stretches.h
  LINK cachedeck_snapshot)
target_precompile_headers(cachedeck_snapshot_reports REUSE_FROM cachedeck_base)
