# SPDX-License-Identifier: GPL-3.0-or-later
cachedeck_test(tst_keys_text LABEL ui SOURCES tst_keys_text.cpp LINK cachedeck_ui_keys)
cachedeck_test(tst_keys_models LABEL ui SOURCES tst_keys_models.cpp tst_window_pictures.h LINK cachedeck_ui_keys)
cachedeck_test(tst_keys_panels LABEL ui SOURCES tst_keys_panels.cpp tst_window_pictures.h LINK cachedeck_ui_keys)
