// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/keys/keys_arguments.h"

#include "app/cli/duration.h"
#include "core/keys/inspect.h"

#include <CLI/CLI.hpp>

#include <cmath>
#include <set>

namespace cachedeck {

using keys::Action;
using keys::ActionKind;
using keys::Condition;
using keys::Selector;

namespace {

Error usage(const QString& message) { return fail(Error::Kind::Usage, message); }

/// Names of keys, and what they begin with, as they are typed and shown: with the escapes of redis-cli. A pattern has none: its backslash is Redis's own.
Result<void> addNames(const std::vector<std::string>& typed, QList<QByteArray>& names) {
  for (const std::string& text : typed) {
    Result<QByteArray> name = keys::fromEscaped(QString::fromStdString(text));
    if (!name) return name.error();
    names.append(std::move(*name));
  }
  return {};
}

Result<std::optional<qint64>> milliseconds(const std::string& text) {
  if (text.empty()) return std::optional<qint64>();
  const auto span = parseDuration(QString::fromStdString(text), longestTtl);
  if (!span) return span.error();
  return std::optional<qint64>(span->count());
}

/// CLI11's own check takes nan, and writes its bound with 300 digits.
const CLI::Validator aboveNothing(
    [](std::string& text) {
      bool good = false;
      const double value = QString::fromStdString(text).toDouble(&good);
      return good && std::isfinite(value) && value > 0 ? std::string() : "“" + text.substr(0, 40) + "” is no number above 0";
    },
    "");

/// Redis's own types, and those of modules, whose names always have nine characters ("ReJSON-RL"). No key is of another.
const CLI::Validator typeOfKeys(
    [](std::string& text) {
      static const std::set<std::string> own{"string", "hash", "list", "set", "zset", "stream"};
      return own.contains(text) || text.size() == 9 ? std::string() : "“" + text.substr(0, 40) + "” is no type: string, hash, list, set, zset, stream, or a module's";
    },
    "");

const CLI::Validator notEmpty([](std::string& text) { return text.empty() ? std::string("may not be empty") : std::string(); }, "");

/// "10%" or "0.1".
Result<double> share(const std::string& text) {
  QString number = QString::fromStdString(text).trimmed();
  const bool percent = number.endsWith(QLatin1Char('%'));
  if (percent) number.chop(1);
  bool good = false;
  const double value = number.toDouble(&good);
  if (!good) return usage(QStringLiteral("“%1” is not a share. Write for example 10%.").arg(QString::fromStdString(text).left(40)));
  if (!percent && value > 1) return usage(QStringLiteral("“%1” is more than the whole. Write %1% for a share in percent.").arg(number.left(40)));
  return percent ? value / 100 : value;
}

/// "1h", for --add also "-1h"; "1h±10%" or "1h~10%" with a jitter.
Result<void> readTime(const std::string& text, bool signedToo, Action& action) {
  QString typed = QString::fromStdString(text);
  typed.replace(QStringLiteral("±"), QStringLiteral("~"));
  if (const QString jitter = typed.section(QLatin1Char('~'), 1); !jitter.isEmpty()) {
    const Result<double> value = share(jitter.toStdString());
    if (!value) return value.error();
    action.jitter = *value;
  }
  QString time = typed.section(QLatin1Char('~'), 0, 0).trimmed();
  const bool negative = signedToo && time.startsWith(QLatin1Char('-'));
  if (negative) time.remove(0, 1);
  const auto span = parseDuration(time, longestTtl);
  if (!span)
    return usage(QStringLiteral("“%1” is not a TTL. Write for example 90s, 10m, 2h or 60d (ten years at most); to remove keys, use `cachedeck keys delete`.").arg(time.left(40)));
  action.amountMs = negative ? -span->count() : span->count();
  return {};
}

}  // namespace

void KeysArguments::addSelection(CLI::App& command) {
  sources.addTo(command);
  command.add_flag("--json", json, "JSON, and nothing else on standard output: one object, of a list one a line");
  command.add_option("--match", match, "Keys that match this pattern, which goes to Redis as it is (* ? [a-z] [^a], \\ before a literal character); may be given several times")->type_name("PATTERN")->allow_extra_args(false);
  command.add_option("--prefix", prefix, "Keys whose names begin with this, written like --key: * and [ in it are characters like any others")->type_name("TEXT")->allow_extra_args(false);
  command.add_option("--key", key, "This key, with \\xNN, \\n, \\\" and \\\\ for what cannot be typed")->type_name("KEY")->allow_extra_args(false);
  command.add_option("--from-file", fromFile, "The keys that stand in this file (-: standard input), one a line, escaped like --key")->type_name("FILE");
  command.add_option("--sql", sql, "The keys that this query of the profile's PostgreSQL stands for, by --template")->type_name("QUERY");
  command.add_option("--template", keyTemplate, "The name of a key with the query's columns in braces: product:{id}")->type_name("TEXT");
  command.add_option("--type", type, "Only keys of this type (string, hash, list, set, zset, stream)")->type_name("TYPE")->check(typeOfKeys);
  command.add_option("--ttl-above", ttlAbove, "Only keys that expire later than in this time")->type_name("TIME");
  command.add_option("--ttl-below", ttlBelow, "Only keys that expire sooner")->type_name("TIME");
  command.add_flag("--no-ttl", noTtl, "Only keys without expiry");
  command.add_option("--idle-above", idleAbove, "Only keys that nobody has used for this time")->type_name("TIME");
  command.add_option("--larger-than", largerThan, "Only keys that take more memory than this")->type_name("BYTES")->check(CLI::NonNegativeNumber);
  command.add_option("--separator", separator, "What parts the segments of a name; else what the profile says")->type_name("TEXT")->check(notEmpty);
}

void KeysArguments::addConsent(CLI::App& command) {
  command.add_flag("--yes", yes, "Carry it out without asking (development profiles)");
  command.add_option("--confirm", confirm, "What has to be typed: the count (staging), the profile's name and the count (production)")->type_name("TEXT");
  command.add_option("--unlock", unlock, "Why a production profile is changed; the journal keeps it")->type_name("REASON");
}

void KeysArguments::addPace(CLI::App& command) {
  command.add_option("--budget-ms", budgetMs, "Longest time that others should wait for the server; the pages become smaller to keep it")->type_name("MS")->check(aboveNothing);
  command.add_option("--rate", rate, "Keys a second at most")->type_name("N")->check(aboveNothing);
}

void KeysArguments::addPages(CLI::App& command) {
  command.add_option("--undo-cap", undoCapMb, "Bytes that images may take, in MB (256)")->type_name("MB")->check(CLI::Range(1, 1 << 20));
  command.add_option("--page", page, "Keys of one exchange at most (500)")->type_name("N")->check(CLI::Range(1, 5000));
}

void KeysArguments::addRun(CLI::App& command) {
  addConsent(command);
  command.add_flag("--dry-run", dryRun, "Only make and show the plan");
  command.add_flag("--no-undo", noUndo, "Keep no images: faster, and it cannot be undone");
  addPace(command);
  addPages(command);
}

void KeysArguments::addTtl(CLI::App& command) {
  command.add_option("--set", set, "Every key expires after this time; 1h~10% spreads it")->type_name("TIME");
  command.add_option("--add", add, "Keys that expire do so later by this time; -10m: earlier")->type_name("TIME");
  command.add_option("--cap", cap, "Keys that would live longer, or for ever, expire after this time")->type_name("TIME");
  command.add_option("--floor", floor, "Keys that would expire sooner do so after this time")->type_name("TIME");
  command.add_option("--scale", scale, "Multiply the time left")->type_name("FACTOR")->check(aboveNothing);
  command.add_option("--jitter", jitter, "Change the time left by up to this share at random")->type_name("PERCENT");
  command.add_option("--soft-expire", softExpire, "Each key expires at a random moment within this time, never later than by itself")->type_name("TIME");
  command.add_flag("--persist", persist, "Keys do not expire any more");
  command.add_option("--only-if", onlyIf, "nx: without TTL, xx: with one, gt: it becomes later, lt: it becomes earlier")->check(CLI::IsMember({"nx", "xx", "gt", "lt"}));
}

Result<Selector> KeysArguments::selector() const {
  Selector selector;
  for (const std::string& pattern : match) selector.patterns.append(QByteArray::fromStdString(pattern));
  QList<QByteArray> prefixes;
  if (const Result<void> read = addNames(prefix, prefixes); !read) return read.error();
  if (prefixes.contains(QByteArray())) return usage(QStringLiteral("--prefix is empty, which every key begins with. For all of them, --match '*'."));
  for (const QByteArray& one : prefixes) selector.patterns.append(Selector::prefixPattern(one));
  if (const Result<void> read = addNames(key, selector.names); !read) return read.error();
  if (!fromFile.empty()) {
    Result<QList<QByteArray>> names = keys::namesFromFile(QString::fromStdString(fromFile));
    if (!names) return names.error();
    selector.names += *names;
  }
  selector.names += queried;
  selector.byName = !key.empty() || !fromFile.empty() || !sql.empty();
  if (selector.byName && !selector.patterns.isEmpty()) return usage(QStringLiteral("Name the keys, or give patterns: not both."));
  selector.type = QByteArray::fromStdString(type);
  for (const auto& [text, into] : {std::pair{&ttlAbove, &selector.ttlAboveMs}, std::pair{&ttlBelow, &selector.ttlBelowMs}}) {
    const auto ms = milliseconds(*text);
    if (!ms) return ms.error();
    *into = *ms;
  }
  if (selector.ttlAboveMs && selector.ttlBelowMs && *selector.ttlAboveMs >= *selector.ttlBelowMs) return usage(QStringLiteral("No TTL is above --ttl-above and below --ttl-below at once."));
  const auto idle = milliseconds(idleAbove);
  if (!idle) return idle.error();
  if (*idle) selector.idleAboveS = **idle / 1000;
  if (largerThan > 0) selector.bytesAbove = largerThan;
  selector.withoutTtl = noTtl;
  if (noTtl && (selector.ttlAboveMs || selector.ttlBelowMs)) return usage(QStringLiteral("--no-ttl and a bound for the TTL exclude each other."));
  return selector;
}

keys::RunOptions KeysArguments::runOptions(keys::RunOptions options) const {
  options.page = page.value_or(options.page);
  options.budgetMs = budgetMs.value_or(options.budgetMs);
  options.keysPerSecond = rate.value_or(options.keysPerSecond);
  options.undo = options.undo && !noUndo;
  if (undoCapMb) options.undoCap = *undoCapMb << 20;
  return options;
}

Result<Action> KeysArguments::deleteAction() const {
  Action action;
  if (softExpire.empty()) return action;
  action.kind = ActionKind::SoftExpire;
  if (const Result<void> read = readTime(softExpire, false, action); !read) return read.error();
  return action;
}

Result<Action> KeysArguments::ttlAction() const {
  struct Choice {
    const std::string& text;
    ActionKind kind;
  };
  Action action;
  int chosen = 0;
  for (const Choice& choice : {Choice{set, ActionKind::Set}, Choice{add, ActionKind::Add}, Choice{cap, ActionKind::Cap}, Choice{floor, ActionKind::Floor}, Choice{softExpire, ActionKind::SoftExpire}}) {
    if (choice.text.empty()) continue;
    ++chosen;
    action.kind = choice.kind;
    if (const Result<void> read = readTime(choice.text, choice.kind == ActionKind::Add, action); !read) return read.error();
  }
  if (scale > 0) {
    ++chosen;
    action.kind = ActionKind::Scale;
    action.factor = scale;
  }
  if (!jitter.empty()) {
    const Result<double> value = share(jitter);
    if (!value) return value.error();
    action.jitter = *value;
    if (action.kind != ActionKind::Set && action.kind != ActionKind::Cap) {
      ++chosen;
      action.kind = ActionKind::Jitter;
    }
  }
  if (persist) {
    ++chosen;
    action.kind = ActionKind::Persist;
  }
  if (chosen != 1) return usage(QStringLiteral("Say what becomes of the TTLs: one of --set, --add, --cap, --floor, --scale, --jitter, --soft-expire, --persist."));
  static const std::map<std::string, Condition> conditions{{"nx", Condition::Nx}, {"xx", Condition::Xx}, {"gt", Condition::Gt}, {"lt", Condition::Lt}};
  if (!onlyIf.empty()) action.condition = conditions.at(onlyIf);
  if (const Result<void> sound = keys::checkAction(action); !sound) return sound.error();
  return action;
}

}  // namespace cachedeck
