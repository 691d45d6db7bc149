# SPDX-License-Identifier: GPL-3.0-or-later
cachedeck_test(tst_load_models LABEL ui SOURCES tst_load_models.cpp tst_window_pictures.h LINK cachedeck_ui_load)
cachedeck_test(tst_load_page LABEL ui SOURCES tst_load_page.cpp kept_run.h load_service.h load_stage.h tst_window_pictures.h LINK cachedeck_ui_load)
cachedeck_test(tst_load_guard LABEL ui SOURCES tst_load_guard.cpp load_service.h load_stage.h tst_window_pictures.h LINK cachedeck_ui_load)
cachedeck_test(tst_load_files LABEL ui SOURCES tst_load_files.cpp load_service.h load_stage.h tst_window_pictures.h LINK cachedeck_ui_load)
cachedeck_test(tst_load_k6 LABEL ui SOURCES tst_load_k6.cpp k6_stand_in.h load_stage.h tst_window_pictures.h LINK cachedeck_ui_load)
cachedeck_test(tst_load_kept LABEL ui SOURCES tst_load_kept.cpp kept_run.h load_service.h load_stage.h tst_window_pictures.h LINK cachedeck_ui_load)
cachedeck_test(tst_load_record LABEL ui SOURCES tst_load_record.cpp load_service.h load_stage.h tst_window_pictures.h LINK cachedeck_ui_load)
cachedeck_test(tst_load_opening LABEL ui SOURCES tst_load_opening.cpp LINK cachedeck_console cachedeck_test_support)
