// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDir>
#include <QLabel>
#include <QRegularExpression>
#include <QTest>
#include <QWidget>

namespace cachedeck::test {

/// Any warning fails the test, but for what the offscreen platform says of itself.
inline void failOnWarnings() {
  QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
}

/// Keeps a picture of a widget in the folder $CACHEDECK_PICTURES, for people to look at; without it, only grabs.
inline QImage picture(QWidget& widget, const QString& name) {
  QTest::qWait(1);  // new children are shown by the event loop
  const QImage image = widget.grab().toImage();
  const QString folder = qEnvironmentVariable("CACHEDECK_PICTURES");
  if (!folder.isEmpty() && QDir().mkpath(folder)) image.save(folder + QLatin1Char('/') + name + QStringLiteral(".png"));
  return image;
}

/// Every label takes its text literally, and no tooltip reads a server's or operator's text as markup.
inline void verifyPlainText(const QWidget& root, const QString& hostile) {
  for (const QLabel* const label : root.findChildren<QLabel*>())
    if (!label->text().isEmpty()) QCOMPARE(label->textFormat(), Qt::PlainText);
  for (const QWidget* const widget : root.findChildren<QWidget*>()) QVERIFY(!widget->toolTip().contains(hostile));
}

}  // namespace cachedeck::test
