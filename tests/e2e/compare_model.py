"""Opens an exported network without Gadolin: the safetensors file with numpy alone, the TorchScript
with torch. Runs a U-Net written here from the weights that numpy read, and the TorchScript, on the
same input; prints how far apart they are."""
import json
import struct
import sys

import numpy as np
import torch
import torch.nn.functional as F


def read_safetensors(path):
    data = open(path, "rb").read()
    length = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + length])
    types = {"F32": "<f4", "I64": "<i8"}
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        first, last = entry["data_offsets"]
        block = data[8 + length + first:8 + length + last]
        tensors[name] = np.frombuffer(block, types[entry["dtype"]]).reshape(entry["shape"])
    return tensors


def unet(weights, x):
    w = {name: torch.from_numpy(values.copy()) for name, values in weights.items()}

    def convolutions(x, name):
        for conv, norm in ((0, 1), (3, 4)):
            x = F.conv2d(x, w[f"{name}.{conv}.weight"], w[f"{name}.{conv}.bias"], padding=1)
            x = F.batch_norm(x, w[f"{name}.{norm}.running_mean"], w[f"{name}.{norm}.running_var"],
                             w[f"{name}.{norm}.weight"], w[f"{name}.{norm}.bias"])
            x = F.relu(x)
        return x

    skips = []
    for level in range(5):
        if level:
            x = F.max_pool2d(x, 2)
        x = convolutions(x, f"down{level}")
        skips.append(x)
    for level in (3, 2, 1, 0):
        x = F.conv_transpose2d(x, w[f"rise{level}.weight"], w[f"rise{level}.bias"], stride=2)
        x = convolutions(torch.cat([x, skips[level]], 1), f"up{level}")
    return F.conv2d(x, w["head.weight"], w["head.bias"])


def main(folder):
    card = json.load(open(folder + "/model.json"))
    torch.manual_seed(7)
    for network in card["networks"]:
        weights = read_safetensors(f"{folder}/{network['weights']}")
        module = torch.jit.load(f"{folder}/{network['torchscript']}")
        inside = {name: value.numpy() for name, value in module.state_dict().items()}
        same = all(np.array_equal(values, inside[name.replace(".", "_")])
                   for name, values in weights.items()) and len(inside) == len(weights)
        side = network["side_px"]
        x = torch.randn(2, network["channels_in"], side, side)
        with torch.no_grad():
            scripted = module(x)
            apart = float((scripted - unet(weights, x)).abs().max()) if network["kind"] == "U-Net" else 0.0
        print(json.dumps({"stage": network["stage"], "same_weights": same, "apart": apart,
                          "finite": bool(torch.isfinite(scripted).all()),
                          "channels_out": scripted.shape[1]}))


main(sys.argv[1])
