// A patient whose name is a script, with tags in every text that comes from outside: nothing in the window reads them
// as more than text.

#include <QAbstractItemView>
#include <QHeaderView>
#include <QJsonArray>
#include <QJsonObject>
#include <QLabel>
#include <QMessageBox>
#include <QPushButton>
#include <QTextDocument>
#include <functional>

#include "core/imaging/stack_file.h"
#include "database/clinical.h"
#include "database/journal.h"
#include "database/labels.h"
#include "database/set_aside.h"
#include "tests/ui/window_fixture.h"
#include "ui/widgets/chores.h"
#include "ui/widgets/small_parts.h"

namespace gadolin {
namespace {

const std::string script_tag = "<script>alert(1)</script>";
const std::string image_tag = "<img src=x onerror=alert(2)>";
const std::string bold_tag = "<b>LGE</b> SAX";

QString q(const std::string& text) {
  return QString::fromStdString(text);
}

/// The phantom of that number as the patient `script_tag`, with tags wherever a text can stand.
Result<void> addStranger(session::Project& project, int index, const std::string& id) {
  const phantom::Subject& subject = test::phantomSubject(index);
  const Stack& stack = subject.shown();
  db::StackRecord record;
  record.id = id;
  record.patient = script_tag;
  record.size = stack.image.geometry.size;
  record.spacing_mm = stack.image.geometry.spacing_mm;
  record.apex_first = stack.apex_first;
  record.content_hash = contentHash(stack);
  record.description = bold_tag;
  record.notes = {image_tag};
  GADOLIN_CHECK(writeStack(project.paths().stack(id), stack));
  const std::string mask_hash = contentHash(subject.truth);
  GADOLIN_CHECK(writeMask(project.paths().mask(mask_hash), subject.truth));
  return project.writeNow<void>([&](db::Database& database) -> Result<void> {
    GADOLIN_CHECK(db::addStack(database, record));
    db::MaskRecord mask;
    mask.stack = id;
    mask.author = image_tag;
    mask.sha256 = mask_hash;
    GADOLIN_CHECK(db::addMask(database, mask));
    mask.source = db::MaskSource::Prediction;
    mask.author = mask.run = "run-1";
    db::PredictionRecord prediction;
    GADOLIN_TRY(prediction.mask, db::addMask(database, mask));
    prediction.run = "run-1";
    prediction.stack = id;
    prediction.myocardium_ml = 100;
    prediction.scar_ml = 10;
    GADOLIN_TRY(const auto number, db::addPrediction(database, prediction));
    db::ReviewRecord review;
    review.prediction = number;
    review.verdict = db::Verdict::Rejected;
    review.comment = script_tag;
    review.reader = image_tag;
    GADOLIN_CHECK(db::addReview(database, review));
    const std::vector<db::SliceChange> changes{{0, SliceLabel::None}, {2, SliceLabel::Fibrosis}};
    GADOLIN_CHECK(db::setSliceLabels(database, id, changes, image_tag, 2, "key"));
    GADOLIN_CHECK(db::setClinicalValues(database, {{bold_tag, "", "text"}},
                                        {{script_tag, bold_tag, image_tag, std::nullopt}}, script_tag));
    GADOLIN_CHECK(db::addRefusal(database, {script_tag + "/im1", image_tag, "corrupt", "", script_tag}));
    return db::setPart(database, script_tag, dataset::Part::Test);
  });
}

class ScriptAsText : public test::WindowFixture {
 protected:
  void openStranger() {
    root_ = folder_.path() / "lab.gadolin";
    test::PhantomOptions options;
    options.patients = 0;
    options.predictions = true;
    ASSERT_TRUE(test::makePhantomProject(root_, options).ok());
    {
      auto project = session::Project::open(root_);
      ASSERT_TRUE(project.ok());
      for (const int index : {0, 1}) {
        const auto added = addStranger(**project, index, "S" + std::to_string(index));
        ASSERT_TRUE(added.ok()) << added.error().message;
      }
      ASSERT_TRUE((*project)->writeNow<void>([](db::Database& database) {
        return db::setAside(database, {"S1"}, image_tag, script_tag);
      }));
    }
    ASSERT_NO_FATAL_FAILURE(openNewWindow());
  }

  /// Whether Qt would lay this out as a page with our tags in it.
  static bool wouldRun(const QString& text) {
    if (!Qt::mightBeRichText(text)) return false;
    for (const auto& tag : {script_tag, image_tag, bold_tag})
      if (text.contains(q(tag))) return true;
    return false;
  }
  /// Counts what it meets as text; whatever would be more fails.
  void lookAt(const QString& text, bool plain, const QObject* where, const char* what) {
    for (const auto& tag : {script_tag, image_tag, bold_tag})
      if (text.contains(q(tag)) || text.contains(q(tag).toHtmlEscaped())) ++seen_;
    EXPECT_TRUE(plain || !wouldRun(text))
        << what << " of " << where->metaObject()->className() << " "
        << where->objectName().toStdString() << ": " << text.toStdString();
  }
  void lookAtModel(const QAbstractItemView& view) {
    const auto* model = view.model();
    if (model == nullptr) return;
    const std::function<void(const QModelIndex&)> below = [&](const QModelIndex& parent) {
      for (int row = 0; row < model->rowCount(parent); ++row) {
        for (int column = 0; column < model->columnCount(parent); ++column) {
          const auto index = model->index(row, column, parent);
          lookAt(index.data(Qt::DisplayRole).toString(), true, &view, "cell");
          for (const int role : {Qt::ToolTipRole, Qt::WhatsThisRole})
            lookAt(index.data(role).toString(), false, &view, "tooltip of a cell");
        }
        below(model->index(row, 0, parent));
      }
    };
    below({});
    for (int i = 0; i < model->columnCount(); ++i) {
      lookAt(model->headerData(i, Qt::Horizontal, Qt::DisplayRole).toString(), true, &view, "header");
      lookAt(model->headerData(i, Qt::Horizontal, Qt::ToolTipRole).toString(), false, &view,
             "tooltip of a header");
    }
  }
  /// Everything that is in the window and its dialogs now.
  int lookEverywhere() {
    seen_ = 0;
    for (const QWidget* widget : QApplication::allWidgets()) {
      lookAt(widget->toolTip(), false, widget, "tooltip");
      lookAt(widget->whatsThis(), false, widget, "what is this");
      if (const auto* label = qobject_cast<const QLabel*>(widget))
        lookAt(label->text(), label->textFormat() == Qt::PlainText, label, "text");
      if (const auto* view = qobject_cast<const QAbstractItemView*>(widget);
          view != nullptr && qobject_cast<const QHeaderView*>(widget) == nullptr)
        lookAtModel(*view);
    }
    return seen_;
  }

  int seen_ = 0;
};

TEST_F(ScriptAsText, InEveryWorkspace) {
  ASSERT_NO_FATAL_FAILURE(openStranger());
  for (int place = 0; place < widgets::place_count; ++place) {
    window_->showPlace(static_cast<widgets::Place>(place));
    settle();
    EXPECT_GT(lookEverywhere(), 0) << "workspace " << place << " shows the patient";
  }
}

TEST_F(ScriptAsText, InWhatAnImportSays) {
  ASSERT_NO_FATAL_FAILURE(openStranger());
  const int before = lookEverywhere();
  auto& chores = window_->chores();
  Q_EMIT chores.importStarted({q("/in/" + script_tag)});
  Q_EMIT chores.importRefused(q(script_tag + "/im1"), q(image_tag), QStringLiteral("corrupt"));
  Q_EMIT chores.importJudged({{QStringLiteral("series"), q(bold_tag)},
                              {QStringLiteral("name"), q(bold_tag)},
                              {QStringLiteral("path"), q(script_tag)},
                              {QStringLiteral("repeat"), q(image_tag)},
                              {QStringLiteral("slices"), 3},
                              {QStringLiteral("points"), 1},
                              {QStringLiteral("reasons"), QJsonArray{q(script_tag)}},
                              {QStringLiteral("taken"), true}});
  Q_EMIT chores.importProgress(1, 3, q(image_tag));
  EXPECT_GT(lookEverywhere(), before + 4);
  Q_EMIT chores.importEnded(true, q(script_tag + " could not be read"));
  EXPECT_GT(lookEverywhere(), before + 4);
}

TEST_F(ScriptAsText, InQuestionsNoticesAndTheListOfStacksSetAside) {
  ASSERT_NO_FATAL_FAILURE(openStranger());
  const int before = lookEverywhere();
  widgets::askFirst(window_.get(), QStringLiteral("question"), q("Remove " + script_tag + "?"), q(image_tag),
                    QStringLiteral("Remove"), [] {});
  EXPECT_GE(lookEverywhere(), before + 2);
  auto* question = window_->findChild<QMessageBox*>(QStringLiteral("question"));
  ASSERT_NE(question, nullptr);
  question->close();
  auto* aside = window_->findChild<QPushButton*>(QStringLiteral("asideButton"));
  ASSERT_TRUE(QTest::qWaitFor([&] { return aside->isVisible(); }, 5'000));
  QTest::mouseClick(aside, Qt::LeftButton);
  EXPECT_TRUE(QTest::qWaitFor([&] { return lookEverywhere() >= before + 3; }, 5'000))
      << "description, reason and who set it aside";
}

}  // namespace
}  // namespace gadolin
