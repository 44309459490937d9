#include <filesystem>
#include <memory>

#include "app/ctl/command.h"
#include "core/base/files.h"
#include "ui/session/agreement_table.h"
#include "ui/session/project.h"

namespace gadolin::ctl {
namespace {

struct AgreementArguments {
  std::string project;
  session::ModelChoice model;
  std::string csv;
};

struct Compared {
  session::LabelAgreement labels;
  session::MaskAgreement masks;
};

Result<Compared> compare(const AgreementArguments& arguments, Output& output) {
  GADOLIN_TRY(const auto project,
              session::Project::open(arguments.project, session::Access::ReadOnly));
  Compared compared;
  GADOLIN_TRY(compared.labels, session::labelAgreement(project->reader()));
  GADOLIN_TRY(compared.masks,
              session::maskAgreement(project->paths(), project->reader(), arguments.model,
                                     [&output](int done, int total) {
                                       if (!output.json) output.progress("Comparing", done, total);
                                     }));
  if (!arguments.csv.empty()) {
    GADOLIN_CHECK(writeFileAtomically(
        arguments.csv, session::toCsv(session::agreementRows(compared.labels, compared.masks))));
  }
  return compared;
}

}  // namespace

void addAgreement(CLI::App& app, Context& context) {
  auto arguments = std::make_shared<AgreementArguments>();
  auto* command = app.add_subcommand(
      "agreement", "How far readers agree on labels and masks, and a model with them");
  command->add_option("project", arguments->project, "Project folder")->required();
  command->add_option("--run", arguments->model.run,
                      "Whose predictions are compared; else the newest of each stack");
  command->add_option("--split", arguments->model.part,
                      "Over whom a model is compared: train, val, test (default) or all");
  command->add_option("--csv", arguments->csv, "File to write the figures to");
  command->callback([arguments, &context] {
    const auto compared = compare(*arguments, context.output);
    if (!compared) {
      context.status = context.output.fail(compared.error());
      return;
    }
    std::string text = session::toText(compared->labels, compared->masks);
    if (!arguments->csv.empty()) text += "\nThe figures are in " + arguments->csv + ".";
    context.output.summary(nlohmann::json::parse(session::toJson(compared->labels, compared->masks,
                                                                 arguments->model.run)),
                           text);
  });
}

}  // namespace gadolin::ctl
