"""Holds structured reports of an export against the segmentations beside them, without Gadolin:
pydicom counts the voxels of the segment that each figure is of, and the project's own file of the
stack says what a voxel of each slice stands for. PROJECT EXPORT. Prints how many figures agree;
ends with 1 at the first that does not."""
import json
import pathlib
import struct
import sys

import numpy as np
import pydicom

project, export = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
agreed = 0


def about(stack):
    data = (project / "stacks" / f"{stack}.safetensors").read_bytes()
    length = struct.unpack("<Q", data[:8])[0]
    return json.loads(json.loads(data[8:8 + length])["__metadata__"]["gadolin"])


def volumes_ml(seg, stack):
    """Of each segment, by number."""
    facts = about(stack)
    area_mm2 = facts["geometry"]["spacing_mm"][0] * facts["geometry"]["spacing_mm"][1]
    origins = np.array([each["origin_mm"] for each in facts["slices"]])
    frames = seg.pixel_array.reshape(-1, seg.Rows, seg.Columns)
    volumes = {}
    for frame, group in zip(frames, seg.PerFrameFunctionalGroupsSequence):
        place = np.array(group.PlanePositionSequence[0].ImagePositionPatient, float)
        z = int(np.linalg.norm(origins - place, axis=1).argmin())
        number = group.SegmentIdentificationSequence[0].ReferencedSegmentNumber
        ml = float(frame.sum()) * area_mm2 * facts["slices"][z]["extent_mm"] * 1e-3
        volumes[number] = volumes.get(number, 0) + ml
    return volumes


def name(item):
    return item.ConceptNameCodeSequence[0].CodeValue if "ConceptNameCodeSequence" in item else ""


for path in sorted(export.glob("*/*-sr.dcm")):
    stack = path.parent.name
    report = pydicom.dcmread(path)
    seg = pydicom.dcmread(path.with_name(path.name.replace("-sr.dcm", "-seg.dcm")))
    types = {each.SegmentNumber: each.SegmentedPropertyTypeCodeSequence[0].CodeValue
             for each in seg.SegmentSequence}
    tracking = {each.SegmentNumber: each.TrackingUID for each in seg.SegmentSequence}
    volumes = volumes_ml(seg, stack)
    myocardium = next((volumes[n] for n, code in types.items() if code == "74281007"), None)
    evidence = {instance.ReferencedSOPInstanceUID
                for study in report.CurrentRequestedProcedureEvidenceSequence
                for series in study.ReferencedSeriesSequence
                for instance in series.ReferencedSOPSequence}
    if seg.SOPInstanceUID not in evidence or report.StudyInstanceUID != seg.StudyInstanceUID \
            or report.PatientID != seg.PatientID:
        sys.exit(f"{path}: of another study than its segmentation")
    seen = set()
    groups = [group for part in report.ContentSequence if name(part) == "126010"
              for group in part.ContentSequence]
    for group in groups:
        items = {name(each): each for each in group.ContentSequence if each.ValueType != "NUM"}
        reference = items["121191"].ReferencedSOPSequence[0]
        number = reference.ReferencedSegmentNumber
        if reference.ReferencedSOPInstanceUID != seg.SOPInstanceUID or number not in types:
            sys.exit(f"{path}: a group of no segment")
        if items["112040"].UID != tracking[number]:
            sys.exit(f"{path}: a group tracks something else")
        if items["121071"].ConceptCodeSequence[0].CodeValue != types[number]:
            sys.exit(f"{path}: a group finds something else than its segment")
        for each in group.ContentSequence:
            if each.ValueType != "NUM":
                continue
            value = each.MeasuredValueSequence[0]
            unit = value.MeasurementUnitsCodeSequence[0]
            kind = (name(each), unit.CodeValue, unit.CodingSchemeDesignator)
            wanted = {("118565006", "ml", "UCUM"): lambda: volumes[number],
                      ("118538004", "g", "UCUM"): lambda: volumes[number] * 1.05,
                      ("PERCENT_LVM", "%", "UCUM"): lambda: 100 * volumes[number] / myocardium}
            if abs(float(value.NumericValue) - wanted[kind]()) > 2e-4:
                sys.exit(f"{path}: {kind} of segment {number} is {value.NumericValue}, not "
                         f"{wanted[kind]()}")
            seen.add(number)
            agreed += 1
    if seen != set(types):
        sys.exit(f"{path}: a segment without a figure")
print(agreed)
