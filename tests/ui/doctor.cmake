# SPDX-License-Identifier: GPL-3.0-or-later
cachedeck_test(tst_doctor_page LABEL ui SOURCES tst_doctor_page.cpp tst_window_pictures.h LINK cachedeck_ui_doctor cachedeck_chart_test_data)
