"""Holds an export against the project it came from, without Gadolin: NIfTI through nibabel, the
project through sqlite3 and numpy. PROJECT EXPORT FORMAT, where FORMAT is nifti, nnunet or emidec.
Prints how many files agree voxel by voxel and place by place; ends with 1 at the first that does
not."""
import csv
import json
import pathlib
import sqlite3
import struct
import sys

import nibabel
import numpy as np

project, export, layout = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3]
database = sqlite3.connect(f"file:{project / 'project.sqlite'}?mode=ro", uri=True)
agreed = 0


def read_safetensors(path):
    data = path.read_bytes()
    length = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + length])
    types = {"I16": "<i2", "U8": "u1", "F32": "<f4"}
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__" and entry["dtype"] in types:
            first, last = entry["data_offsets"]
            block = data[8 + length + first:8 + length + last]
            tensors[name] = np.frombuffer(block, types[entry["dtype"]]).reshape(entry["shape"])
    return tensors, json.loads(header.get("__metadata__", {}).get("gadolin", "{}"))


def corners(size):
    return np.array([[x, y, z, 1] for x in (0, size[0] - 1) for y in (0, size[1] - 1)
                     for z in (0, size[2] - 1)], float)


def places(geometry, index):
    """LPS of voxel indices as the project's geometry says."""
    axes, step = np.array(geometry["axes"]), np.array(geometry["spacing_mm"])
    return np.array(geometry["origin_mm"]) + (index[:, :3] * step) @ axes


def hold(name, path, wanted, geometry, turned=False):
    """`wanted` is [slice, row, column]; `turned`: the file counts slices from the other end."""
    global agreed
    image = nibabel.load(path)
    voxels = np.asanyarray(image.dataobj).transpose(2, 1, 0)
    if turned:
        voxels = voxels[::-1]
    if voxels.shape != wanted.shape or not np.array_equal(voxels, wanted):
        sys.exit(f"{name}: {path} holds other voxels")
    index = corners(geometry["size"])
    other = index.copy()
    if turned:
        other[:, 2] = geometry["size"][2] - 1 - other[:, 2]
    for affine in (image.affine, image.get_sform(), image.get_qform()):
        lps = (affine @ other.T).T[:, :3] * [-1, -1, 1]
        apart = np.abs(lps - places(geometry, index)).max()
        if apart > 1e-3:
            sys.exit(f"{name}: {path} lies {apart} mm away")
    if not np.allclose(image.header.get_zooms()[:3], geometry["spacing_mm"], atol=1e-5):
        sys.exit(f"{name}: {path} has voxels of another size")
    agreed += 1


def stack_of(stack):
    tensors, about = read_safetensors(project / "stacks" / f"{stack}.safetensors")
    return tensors["image"], about


def mask_named(sha256):
    return read_safetensors(project / "masks" / f"{sha256}.safetensors")[0]["mask"]


if layout == "nifti":
    for path in sorted((export / "images").iterdir()):
        stack = path.name.removesuffix(".nii.gz")
        image, about = stack_of(stack)
        hold(stack, path, image, about["geometry"])
        labels = export / "labels" / path.name
        row = database.execute("SELECT sha256 FROM mask WHERE stack = ? AND source != 'prediction' "
                               "ORDER BY id DESC LIMIT 1", (stack,)).fetchone()
        if (row is not None) != labels.exists():
            sys.exit(f"{stack}: a mask too many or too few")
        if row:
            hold(stack, labels, mask_named(row[0]), about["geometry"])
        for mask in sorted(export.glob(f"predictions/*/{stack}_mask.nii.gz")):
            run = mask.parent.name
            row = database.execute(
                "SELECT m.sha256 FROM prediction p JOIN mask m ON m.id = p.mask WHERE p.stack = ? "
                "AND p.run = ? ORDER BY p.id DESC LIMIT 1", (stack, run)).fetchone()
            hold(stack, mask, mask_named(row[0]), about["geometry"])
            source = project / "runs" / run / "predictions" / f"{stack}.safetensors"
            maps = read_safetensors(source)[0] if source.exists() else {}
            for name in ("p_myocardium", "p_fibrosis", "cam"):
                file = mask.with_name(f"{stack}_{name}.nii.gz")
                if (name in maps) != file.exists():
                    sys.exit(f"{stack}: {name} is missing or too many")
                if name in maps:
                    wanted = maps[name].astype(np.float32) / np.float32(255)
                    hold(stack, file, wanted, about["geometry"])
else:
    for case in csv.DictReader(open(export / "cases.csv", encoding="utf-8")):
        if not case["folder"]:
            continue
        image, about = stack_of(case["stack"])
        name, folder = case["case"], export / case["folder"]
        turned = layout == "emidec" and not about["apex_first"]
        if layout == "emidec":
            image_file = folder / "Images" / f"{name}.nii.gz"
            mask_file = folder / "Contours" / f"{name}.nii.gz"
        else:
            image_file = folder / f"{name}_0000.nii.gz"
            mask_file = export / case["folder"].replace("images", "labels") / f"{name}.nii.gz"
        hold(name, image_file, image, about["geometry"], turned)
        if case["reference_sha256"]:
            wanted = mask_named(case["reference_sha256"])
            hold(name, mask_file, wanted, about["geometry"], turned)
print(agreed)
