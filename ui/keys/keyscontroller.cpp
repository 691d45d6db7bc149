// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keys/keyscontroller.h"

#include "ui/keys/keyquestions.h"

namespace cachedeck {

using namespace keys;

namespace {

constexpr int namesOfATick = 20'000;
constexpr int quickTickMs = 40, calmTickMs = 250;

/// After an error (a broken link, keys that have moved to another server) the way is looked for anew.
template <typename Value>
Result<Value> settled(KeyLink& link, Result<Value> result) {
  if (!result) link.close();
  return result;
}

}  // namespace

/// One worker for each purpose, so that a scan of millions of keys keeps nobody from looking at one.
struct KeysController::Work {
  explicit Work(const RedisOptions& redis) : link(std::make_shared<KeyLink>(redis)), tree(std::make_shared<std::unique_ptr<Analysis>>()) {
    look.atExit([link = link] { link->close(); });
  }
  std::shared_ptr<KeyLink> link;                       // of `look`
  std::shared_ptr<std::unique_ptr<Analysis>> tree;     // of `scan`
  Worker scan{QStringLiteral("keys scan")}, list{QStringLiteral("keys list")}, look{QStringLiteral("keys look")};
};

KeysController::KeysController(const Clock& clock, QObject* parent) : QObject(parent), m_clock(clock) {
  m_ticks.setInterval(calmTickMs);
  connect(&m_ticks, &QTimer::timeout, this, &KeysController::look);
}

KeysController::~KeysController() { close(); }

void KeysController::open(const KeysTarget& target) {
  close();
  m_target = target;
  m_work = std::make_unique<Work>(target.redis);
}

void KeysController::close() {
  stop();
  m_treeMail.reset();
  m_listMail.reset();
  m_treeEnd.reset();
  m_listEnd.reset();
  m_treeFillsList = false;
  m_ticks.stop();
  m_work.reset();
  m_target = {};
  m_skewMs = 0;
}

void KeysController::scan(const Selector& filter, bool measured) {
  if (!m_work) return;
  stop();
  stopList();
  m_treeEnd.reset();
  const auto mail = std::make_shared<ScanMail>();
  m_treeMail = mail;
  m_treeFillsList = true;
  Q_EMIT treeBegan();
  Q_EMIT listBegan(filterScope(filter));
  Q_EMIT treeMoved(0, 0, 0, true);
  m_ticks.start(quickTickMs);
  m_work->scan.post(
      this,
      [job = ScanJob{m_target.redis, filter, {}, measured}, mail, tree = m_work->tree, separator = m_target.separator, &clock = m_clock](std::stop_token stop) {
        *tree = std::make_unique<Analysis>(separator, Analysis::Limits{});
        return scanInto(job, *mail, tree->get(), clock, stop);
      },
      [this, mail](const Result<ScanEnd>& end) { finishTree(mail, end); });
}

void KeysController::list(const KeyScope& scope) {
  if (!m_work) return;
  stopList();
  m_treeFillsList = false;
  const auto mail = std::make_shared<ScanMail>();
  m_listMail = mail;
  Q_EMIT listBegan(scope);
  Q_EMIT listMoved(0, 0, 0, true);
  m_ticks.start(quickTickMs);
  m_work->list.post(
      this, [job = ScanJob{m_target.redis, scope.selector, scope.also, false}, mail, &clock = m_clock](std::stop_token stop) { return scanInto(job, *mail, nullptr, clock, stop); },
      [this, mail](const Result<ScanEnd>& end) { finishList(mail, end); });
}

void KeysController::stop() {
  for (const auto& mail : {m_treeMail, m_listMail})
    if (mail) mail->stop.request_stop();
}

void KeysController::stopList() {
  if (m_listMail) m_listMail->stop.request_stop();
  m_listMail.reset();
  m_listEnd.reset();
}

void KeysController::finishTree(const std::shared_ptr<ScanMail>& mail, const Result<ScanEnd>& end) {
  if (mail != m_treeMail) return;
  m_treeEnd = end;
  look();
}

void KeysController::finishList(const std::shared_ptr<ScanMail>& mail, const Result<ScanEnd>& end) {
  if (mail != m_listMail) return;
  m_listEnd = end;
  look();
}

// At most so many names a tick: the window answers in between, however fast they come.
bool KeysController::deliver(ScanMail& mail) {
  QList<NameBlock> part;
  bool all = false;
  {
    const std::scoped_lock held(mail.mutex);
    for (int names = 0; !mail.names.empty() && names < namesOfATick; mail.names.pop_front()) {
      names += mail.names.front().size();
      part.append(std::move(mail.names.front()));
    }
    all = mail.names.empty();
  }
  if (!part.isEmpty()) Q_EMIT namesCame(part);
  return all;
}

void KeysController::look() {
  if (m_treeMail) {
    const std::shared_ptr<ScanMail> mail = m_treeMail;
    std::shared_ptr<const TreeShot> shot;
    {
      const std::scoped_lock held(mail->mutex);
      shot = std::move(mail->shot);
    }
    if (shot) Q_EMIT treeCame(*shot);
    const bool all = !m_treeFillsList || deliver(*mail);
    const qint64 scanned = mail->progress.scanned, expected = mail->progress.expected, matched = mail->progress.matched;
    Q_EMIT treeMoved(scanned, expected, matched, !m_treeEnd);
    if (m_treeFillsList) Q_EMIT listMoved(scanned, expected, matched, true);  // until all names are handed over
    if (m_treeEnd && all) endTree(*std::exchange(m_treeEnd, std::nullopt));
  }
  if (m_listMail) {
    const std::shared_ptr<ScanMail> mail = m_listMail;
    const bool all = deliver(*mail);
    if (!m_listEnd) Q_EMIT listMoved(mail->progress.scanned, mail->progress.expected, mail->progress.matched, true);
    else if (all) endList(*std::exchange(m_listEnd, std::nullopt));
  }
  if (!m_treeMail && !m_listMail) m_ticks.stop();
}

void KeysController::endTree(const Result<ScanEnd>& end) {
  const std::shared_ptr<ScanMail> mail = std::exchange(m_treeMail, nullptr);
  const bool filled = std::exchange(m_treeFillsList, false);
  const qint64 matched = end ? end->matched : mail->progress.matched.load();
  Q_EMIT treeMoved(mail->progress.scanned, mail->progress.expected, matched, false);
  if (filled) Q_EMIT listMoved(mail->progress.scanned, mail->progress.expected, matched, false);
  if (!end && !end.error().isCancelled()) Q_EMIT failed(end.error());
  if (!end) return;
  Q_EMIT treeEnded(*end);
}

void KeysController::endList(const Result<ScanEnd>& end) {
  const std::shared_ptr<ScanMail> mail = std::exchange(m_listMail, nullptr);
  Q_EMIT listMoved(mail->progress.scanned, mail->progress.expected, end ? end->matched : mail->progress.matched.load(), false);
  if (!end && !end.error().isCancelled()) Q_EMIT failed(end.error());
}

void KeysController::openLevel(const QByteArray& prefix) {
  if (!m_work) return;
  if (m_treeMail) {
    const std::scoped_lock held(m_treeMail->mutex);
    m_treeMail->open.insert(prefix);
  }
  // Waits behind a scan that is under way; that one's own pictures come first.
  m_work->scan.post(
      this, [tree = m_work->tree, prefix](std::stop_token) { return *tree ? levelOf((*tree)->prefixes(), prefix) : PrefixLevel{prefix, {}, 0, 0}; },
      [this](const PrefixLevel& level) { Q_EMIT levelCame(level); });
}

void KeysController::fetchRows(const QList<QByteArray>& names) {
  if (!m_work || names.isEmpty()) return;
  m_work->look.post(
      this,
      [link = m_work->link, names, &clock = m_clock](std::stop_token stop) { return settled(*link, askRows(*link, names, clock, stop)); },
      [this, names](const Result<RowsAnswer>& answer) {
        if (!answer) {
          if (!answer.error().isCancelled()) Q_EMIT failed(answer.error());
          return;
        }
        if (answer->serverMs > 0) m_skewMs = answer->serverMs - m_clock.now().wallMs;
        Q_EMIT rowsCame(answer->rows);
      });
}

void KeysController::inspect(const QByteArray& name) {
  if (!m_work) return;
  m_work->look.post(
      this,
      [link = m_work->link, name](std::stop_token stop) -> Result<Inspection> {
        const Result<RedisConnection*> connection = link->to(name, stop);
        return settled(*link, connection ? askInspection(**connection, name, stop) : Result<Inspection>(connection.error()));
      },
      [this, name](const Result<Inspection>& inspection) {
        if (!inspection) {
          if (!inspection.error().isCancelled()) Q_EMIT inspectFailed(name, inspection.error());
          return;
        }
        Q_EMIT inspected(*inspection);
      });
}

void KeysController::fetchMore(const QByteArray& name, const QByteArray& type, const QByteArray& position) {
  if (!m_work) return;
  m_work->look.post(
      this,
      [link = m_work->link, name, type, position](std::stop_token stop) -> Result<ValuePage> {
        const Result<RedisConnection*> connection = link->to(name, stop);
        return settled(*link, connection ? valuePage(**connection, name, type, position, rowsOfAPage, stop) : Result<ValuePage>(connection.error()));
      },
      [this, name](const Result<ValuePage>& page) {
        if (page) Q_EMIT moreCame(name, *page);
        else if (!page.error().isCancelled()) Q_EMIT inspectFailed(name, page.error());
      });
}

void KeysController::askRights(const QByteArray& name) {
  if (!m_work) return;
  m_work->look.post(
      this,
      [redis = m_target.redis, name](std::stop_token stop) -> Result<KeyRights> {
        KeyLink link(redis);  // thrown away: whatever happens in between, nothing is carried out
        const Result<RedisConnection*> connection = link.to(name, stop);
        return connection ? askKeyRights(**connection, name, stop) : Result<KeyRights>(connection.error());
      },
      // An account that may not even ask: the server's own answer to the action has to do.
      [this](const Result<KeyRights>& rights) { Q_EMIT rightsCame(rights ? *rights : KeyRights{}); });
}

}  // namespace cachedeck
