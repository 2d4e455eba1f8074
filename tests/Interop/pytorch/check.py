"""write FOLDER: saves torchvision's AlexNet with random weights, pictures and their logits.
read FOLDER: loads what we wrote of it and compares the logits. Needs Debian's python3-torch and python3-torchvision."""
import copy
import json
import os
import sys

import numpy
import torch
import torchvision

MOST_DIFFERENCE = 1e-4
MEAN = torch.tensor([0.485, 0.456, 0.406]).reshape(3, 1, 1)
DEVIATION = torch.tensor([0.229, 0.224, 0.225]).reshape(3, 1, 1)


def logits_of(model, pictures):
    x = torch.from_numpy(pictures).permute(0, 3, 1, 2).float() / 255
    with torch.no_grad():
        return model.eval()((x - MEAN) / DEVIATION)


class Viewed(torch.nn.Module):
    """The same network as it was written before torch.flatten, padded by a layer of its own."""

    def __init__(self, model):
        super().__init__()
        self.pad = torch.nn.ZeroPad2d(2)
        self.features, self.classifier = copy.deepcopy(model.features), model.classifier
        self.features[0].padding = (0, 0)

    def forward(self, x):
        x = self.features(self.pad(x))
        return self.classifier(x.view(x.size(0), 256 * 6 * 6))


def write(folder):
    torch.manual_seed(1)
    model = torchvision.models.alexnet(weights=None)
    pictures = numpy.random.default_rng(1).integers(0, 256, (3, 224, 224, 3), dtype=numpy.uint8)
    with torch.no_grad():
        for layer in (*model.features, *model.classifier):
            if hasattr(layer, "weight"):
                torch.nn.init.kaiming_normal_(layer.weight)  # signals keep their size
        model.classifier[6].weight /= 4  # logits of about 5
    place = lambda name: os.path.join(folder, name)
    torch.save(model.state_dict(), place("theirs.pth"))
    torch.save(model.state_dict(), place("theirs-legacy.pth"), _use_new_zipfile_serialization=False)
    wrapped = torch.nn.DataParallel(model).state_dict()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
    torch.save({"state_dict": wrapped, "optimizer": optimizer.state_dict(), "epoch": 3}, place("theirs-parallel.pt"))
    torch.onnx.export(model.eval(), torch.zeros(1, 3, 224, 224), place("theirs.onnx"), input_names=["input"],
                      dynamic_axes={"input": {0: "n"}})
    torch.onnx.export(Viewed(model).eval(), torch.zeros(1, 3, 224, 224), place("theirs-view.onnx"), input_names=["input"],
                      dynamic_axes={"input": {0: "n"}})
    pictures.tofile(place("pictures.bin"))
    logits_of(model, pictures).numpy().tofile(place("logits.bin"))


def read_safetensors(path):
    """By the format's description; Debian 12 has no python3-safetensors."""
    try:
        from safetensors.torch import load_file
        return load_file(path), "safetensors"
    except ImportError:
        data = open(path, "rb").read()
        length = int.from_bytes(data[:8], "little")
        table = json.loads(data[8:8 + length])
        table.pop("__metadata__", None)
        numbers = torch.frombuffer(bytearray(data[8 + length:]), dtype=torch.float32)
        return {name: numbers[entry["data_offsets"][0] // 4:entry["data_offsets"][1] // 4].reshape(entry["shape"])
                for name, entry in table.items()}, "the format's description"


def read(folder):
    place = lambda name: os.path.join(folder, name)
    pictures = numpy.fromfile(place("pictures.bin"), dtype=numpy.uint8).reshape(-1, 224, 224, 3)
    expected = torch.from_numpy(numpy.fromfile(place("logits.bin"), dtype=numpy.float32)).reshape(len(pictures), -1)
    safetensors, reader = read_safetensors(place("ours.safetensors"))
    files = {
        "ours.pth (weights_only=True)": torch.load(place("ours.pth"), weights_only=True),
        f"ours.safetensors ({reader})": safetensors,
    }
    status = 0
    for name, weights in files.items():
        model = torchvision.models.alexnet(weights=None)
        model.load_state_dict(weights, strict=True)
        largest = (logits_of(model, pictures) - expected).abs().max().item()
        print(f"ours -> PyTorch {torch.__version__}  {name}: largest difference {largest:.1e}, logits up to {expected.max():.2f}")
        if not largest <= MOST_DIFFERENCE:
            status = 1
    return status


sys.exit({"write": write, "read": read}[sys.argv[1]](sys.argv[2]))
