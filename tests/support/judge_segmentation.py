"""Holds DICOM segmentations of an export against the project they came from, without Gadolin:
pydicom unpacks the bits, numpy compares. PROJECT EXPORT [IMAGES]; IMAGES is where the images lie
that the segmentations refer to, where that is not the export itself. Prints how many objects agree
pixel by pixel; ends with 1 at the first that does not."""
import json
import pathlib
import sqlite3
import struct
import sys

import numpy as np
import pydicom

project, export = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
images_below = pathlib.Path(sys.argv[3]) if len(sys.argv) > 3 else export
database = sqlite3.connect(f"file:{project / 'project.sqlite'}?mode=ro", uri=True)


def read_safetensors(path):
    data = path.read_bytes()
    length = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + length])
    types = {"I16": "<i2", "U8": "u1", "F32": "<f4"}
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__":
            first, last = entry["data_offsets"]
            block = data[8 + length + first:8 + length + last]
            tensors[name] = np.frombuffer(block, types[entry["dtype"]]).reshape(entry["shape"])
    return tensors, json.loads(header["__metadata__"]["gadolin"])


def mask_of(stack, who):
    if who.startswith("prediction-"):
        row = database.execute(
            "SELECT m.sha256 FROM prediction p JOIN mask m ON m.id = p.mask WHERE p.stack = ? AND "
            "p.run = ? ORDER BY p.id DESC LIMIT 1", (stack, who.removeprefix("prediction-")))
    else:
        row = database.execute("SELECT sha256 FROM mask WHERE stack = ? AND source != 'prediction' "
                               "ORDER BY id DESC LIMIT 1", (stack,))
    return read_safetensors(project / "masks" / f"{row.fetchone()[0]}.safetensors")[0]["mask"]


# Which labels a segment holds: the structures nest.
labels_of = {"87878005": [1], "74281007": [2, 3, 4], "12402003": [3, 4], "MVO": [4]}
images = {}
for path in images_below.rglob("*"):
    if path.is_file() and not path.name.endswith(("-seg.dcm", "-sr.dcm")):
        try:
            image = pydicom.dcmread(path, stop_before_pixels=True)
        except pydicom.errors.InvalidDicomError:
            continue
        images[image.SOPInstanceUID] = image
agreed = 0
for path in sorted(export.glob("*/*-seg.dcm")):
    stack, who = path.parent.name, path.name.removesuffix("-seg.dcm")
    about = read_safetensors(project / "stacks" / f"{stack}.safetensors")[1]
    mask = mask_of(stack, who)
    seg = pydicom.dcmread(path)
    frames = seg.pixel_array.reshape(-1, seg.Rows, seg.Columns)
    if frames.shape[0] != seg.NumberOfFrames or set(np.unique(frames)) - {0, 1}:
        sys.exit(f"{path}: frames that are none")
    shared = seg.SharedFunctionalGroupsSequence[0]
    measures = shared.PixelMeasuresSequence[0]
    turn = shared.PlaneOrientationSequence[0].ImageOrientationPatient
    geometry = about["geometry"]
    if not np.allclose(measures.PixelSpacing, geometry["spacing_mm"][1::-1], atol=1e-6):
        sys.exit(f"{path}: pixel size")
    if not np.allclose(turn, np.ravel(geometry["axes"][:2]), atol=1e-6):
        sys.exit(f"{path}: orientation")
    codes = {}
    for segment in seg.SegmentSequence:
        codes[segment.SegmentNumber] = segment.SegmentedPropertyTypeCodeSequence[0].CodeValue
    got = {code: np.zeros(mask.shape, bool) for code in codes.values()}
    origins = np.array([each["origin_mm"] for each in about["slices"]])
    for frame, group in zip(frames, seg.PerFrameFunctionalGroupsSequence):
        place = np.array(group.PlanePositionSequence[0].ImagePositionPatient, float)
        apart = np.linalg.norm(origins - place, axis=1)
        if apart.min() > 1e-3:
            sys.exit(f"{path}: a frame beside every slice")
        number = group.SegmentIdentificationSequence[0].ReferencedSegmentNumber
        got[codes[number]][apart.argmin()] |= frame.astype(bool)
        source = group.DerivationImageSequence[0].SourceImageSequence[0]
        image = images.get(source.ReferencedSOPInstanceUID)
        if image is None:
            sys.exit(f"{path}: a frame refers to an image that is not there")
        same = (image.StudyInstanceUID == seg.StudyInstanceUID
                and image.FrameOfReferenceUID == seg.FrameOfReferenceUID
                and image.SOPClassUID == source.ReferencedSOPClassUID
                and image.PatientID == seg.PatientID and image.PatientName == seg.PatientName
                and (image.Rows, image.Columns) == (seg.Rows, seg.Columns))
        if not same or not np.allclose(image.ImagePositionPatient, place, atol=1e-3):
            sys.exit(f"{path}: a frame refers to another image than its own")
    listed = {each.ReferencedSOPInstanceUID for series in seg.ReferencedSeriesSequence
              for each in series.ReferencedInstanceSequence}
    if len(listed) != mask.shape[0] or listed - set(images):
        sys.exit(f"{path}: the list of images")
    for code, labels in labels_of.items():
        wanted = np.isin(mask, labels)
        if code == "74281007" and not (mask == 2).any():
            wanted = np.zeros_like(wanted)  # scar alone does not say where the wall is
        if wanted.any() != (code in got) or (wanted.any() and not np.array_equal(got[code], wanted)):
            sys.exit(f"{path}: the voxels of {code}")
    agreed += 1
print(agreed)
