#include "ml/model/torchscript.h"

#include <algorithm>
#include <string>

#include "ml/model/drn.h"
#include "ml/model/unet.h"

namespace gadolin::ml {
namespace {

namespace nn = torch::nn;

std::string flat(std::string name) {
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
}

std::string listOf(const std::vector<std::int64_t>& values) {
  std::string text;
  for (const std::int64_t value : values) text += (text.empty() ? "" : ", ") + std::to_string(value);
  return "[" + text + "]";
}

/// Writes one line of the forward after another.
class Writer {
 public:
  explicit Writer(const Network& network) : network_(network) {}

  Result<std::string> write() {
    const auto* unet = dynamic_cast<const UNet*>(&network_);
    if (unet != nullptr)
      writeUNet();
    else if (dynamic_cast<const Drn*>(&network_) != nullptr)
      writeDrn();
    else
      unknown_ = "a network of another kind";
    if (!unknown_.empty())
      return Error{ErrorCode::Unsupported, "TorchScript cannot be written for " + unknown_ + "."};
    return "def forward(self, x: Tensor) -> Tensor:\n" + body_ + "    return x\n";
  }

 private:
  void line(const std::string& text) { body_ += "    " + text + "\n"; }

  static std::string tensor(const std::string& name) { return "self." + flat(name); }

  void writeConvolution(const nn::Conv2dImpl& layer, const std::string& name, const std::string& x) {
    const auto& options = layer.options;
    const auto* padding = c10::get_if<torch::ExpandingArray<2>>(&options.padding());
    if (padding == nullptr || !c10::holds_alternative<torch::enumtype::kZeros>(options.padding_mode())) {
      unknown_ = "the padding of " + name;
      return;
    }
    const std::vector<std::int64_t> stride(options.stride()->begin(), options.stride()->end());
    const std::vector<std::int64_t> around((*padding)->begin(), (*padding)->end());
    const std::vector<std::int64_t> dilation(options.dilation()->begin(), options.dilation()->end());
    line(x + " = torch.conv2d(" + x + ", " + tensor(name + ".weight") + ", " +
         (options.bias() ? tensor(name + ".bias") : "None") + ", " + listOf(stride) + ", " +
         listOf(around) + ", " + listOf(dilation) + ", " + std::to_string(options.groups()) + ")");
  }

  void writeNormalisation(const nn::BatchNorm2dImpl& layer, const std::string& name, const std::string& x) {
    char epsilon[32];
    std::snprintf(epsilon, sizeof epsilon, "%.17g", layer.options.eps());
    line(x + " = torch.batch_norm(" + x + ", " + tensor(name + ".weight") + ", " + tensor(name + ".bias") +
         ", " + tensor(name + ".running_mean") + ", " + tensor(name + ".running_var") +
         ", False, 0.1, " + epsilon + ", False)");
  }

  /// x becomes layer(x).
  void writeLayer(const nn::Module& layer, const std::string& name, const std::string& x) {
    if (const auto* sequence = layer.as<nn::Sequential>()) {
      for (const auto& child : sequence->named_children())
        writeLayer(*child.value(), name + "." + child.key(), x);
    } else if (const auto* convolution = layer.as<nn::Conv2d>()) {
      writeConvolution(*convolution, name, x);
    } else if (const auto* rise = layer.as<nn::ConvTranspose2d>()) {
      const auto& stride = rise->options.stride();
      line(x + " = torch.conv_transpose2d(" + x + ", " + tensor(name + ".weight") + ", " +
           tensor(name + ".bias") + ", " + listOf({stride->begin(), stride->end()}) + ")");
    } else if (const auto* norm = layer.as<nn::BatchNorm2d>()) {
      writeNormalisation(*norm, name, x);
    } else if (layer.as<nn::ReLU>() != nullptr) {
      line(x + " = torch.relu(" + x + ")");
    } else if (layer.named_children().contains("body")) {
      writeBlock(layer, name, x);
    } else {
      unknown_ = "the layer " + name;
    }
  }

  /// A residual block: relu(body(x) + shortcut(x)).
  void writeBlock(const nn::Module& block, const std::string& name, const std::string& x) {
    const auto children = block.named_children();
    line("kept = " + x);
    if (children.contains("shortcut")) writeLayer(*children["shortcut"], name + ".shortcut", "kept");
    writeLayer(*children["body"], name + ".body", x);
    line(x + " = torch.relu(" + x + " + kept)");
  }

  void writeChild(const std::string& name) {
    const auto children = network_.named_children();
    if (children.contains(name)) writeLayer(*children[name], name, "x");
    else unknown_ = "a network without the layer " + name;
  }

  void writeUNet() {
    for (int level = 0; level < 5; ++level) {
      if (level > 0) line("x = torch.max_pool2d(x, [2, 2])");
      writeChild("down" + std::to_string(level));
      if (level < 4) line("skip" + std::to_string(level) + " = x");
    }
    for (int level = 3; level >= 0; --level) {
      writeChild("rise" + std::to_string(level));
      line("x = torch.cat([x, skip" + std::to_string(level) + "], 1)");
      writeChild("up" + std::to_string(level));
    }
    writeChild("head");
  }

  void writeDrn() {
    writeChild("layers");
    writeChild("head");
  }

  const Network& network_;
  std::string body_, unknown_;
};

}  // namespace

Result<torch::jit::Module> scriptOf(const Network& network) {
  GADOLIN_TRY(const std::string source, Writer(network).write());
  const torch::NoGradGuard no_grad;
  torch::jit::Module module("GadolinNetwork");
  const auto copy = [](const torch::Tensor& tensor) {
    return tensor.detach().to(torch::kCPU).contiguous().clone();
  };
  for (const auto& item : network.named_parameters(true))
    module.register_parameter(flat(item.key()), copy(item.value()), false);
  for (const auto& item : network.named_buffers(true))
    module.register_buffer(flat(item.key()), copy(item.value()));
  module.define(source);
  module.eval();
  return module;
}

}  // namespace gadolin::ml
