"""What scripts/gpu-check needs PyTorch for: the same step in plain PyTorch, and the table.

    gpu_check.py steps [--device cuda] [--batch-sizes 128 512] [--seconds 1]    a line of JSON: images/s
    gpu_check.py table FOLDER LIBTORCH                                          the table of the figures in FOLDER
"""

import argparse
import datetime
import json
import os
import platform
import re
import time

import torch
from torch import nn

PRECISIONS = ["Float32", "TensorFloat32", "BFloat16"]


def network():
    """AlexNet.Keras(10, dropout: 0.5) of this library."""
    return nn.Sequential(
        nn.Conv2d(3, 96, 11, stride=4), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2),
        nn.Conv2d(96, 256, 5, padding=2), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2),
        nn.Conv2d(256, 384, 3, padding=1), nn.ReLU(inplace=True),
        nn.Conv2d(384, 384, 3, padding=1), nn.ReLU(inplace=True),
        nn.Conv2d(384, 256, 3, padding=1), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2),
        nn.Flatten(),
        nn.Dropout(0.5), nn.Linear(9216, 4096), nn.ReLU(inplace=True),
        nn.Dropout(0.5), nn.Linear(4096, 4096), nn.ReLU(inplace=True),
        nn.Linear(4096, 10))


def rate(device, batch, precision, seconds):
    """Images/s of training steps on noise that is on the device; the loss is read every fourth step."""
    torch.backends.cuda.matmul.allow_tf32 = precision == "TensorFloat32"
    torch.backends.cudnn.allow_tf32 = precision == "TensorFloat32"
    model = network().to(device).to(memory_format=torch.channels_last)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.001, momentum=0.9, weight_decay=5e-4)
    pixels = torch.randint(0, 256, (batch, 227, 227, 3), dtype=torch.uint8, device=device)
    labels = torch.randint(0, 10, (batch,), device=device)
    mean, scale = torch.full((3,), 120.0, device=device), torch.full((3,), 1 / 60, device=device)

    def run(steps):
        loss = None
        for step in range(steps):
            pictures = pixels.float().sub_(mean).mul_(scale).permute(0, 3, 1, 2)  # N x 3 x 227 x 227, channels last
            optimizer.zero_grad(set_to_none=True)
            with torch.autocast(device, dtype=torch.bfloat16, enabled=precision == "BFloat16"):
                loss = nn.functional.cross_entropy(model(pictures), labels)
            loss.backward()
            optimizer.step()
            if step % 4 == 3:
                loss.item()
        return loss.item()

    steps = 2
    while True:
        run(1)
        start = time.perf_counter()
        run(steps)
        if device == "cuda":
            torch.cuda.synchronize()
        took = time.perf_counter() - start
        if took >= seconds:
            return steps * batch / took
        steps = max(2 * steps, int(1.2 * seconds * steps / took))


def measure_steps(device, batches, seconds):
    rates = {}
    for batch in batches:
        for precision in PRECISIONS if device == "cuda" else ["Float32", "BFloat16"]:
            try:
                rates[f"{batch} {precision}"] = rate(device, batch, precision, seconds)
            except RuntimeError as fault:
                if "out of memory" not in str(fault):
                    raise
                rates[f"{batch} {precision}"] = None
                torch.cuda.empty_cache()
    return rates


def read(folder, name):
    with open(os.path.join(folder, name)) as file:
        return json.load(file)


def version_of(libtorch):
    for name in ("version.txt", "build-version", "version.py"):
        path = os.path.join(libtorch, name)
        if os.path.exists(path):
            with open(path) as file:
                found = re.search(r"\d+\.\d+(\.\d+)?[\w.+]*", file.read())
            if found:
                return found.group()
    return "unknown"


def card():
    if not torch.cuda.is_available():
        return "no card"
    memory = torch.cuda.get_device_properties(0).total_memory / 2**30
    return f"{torch.cuda.get_device_name(0)}, {memory:.0f} GiB"


def mean(rounds, key):
    figures = [figures.get(key) for figures in rounds]
    return None if None in figures else sum(figures) / len(figures)


def write_table(folder, libtorch):
    ours, plain = ([read(folder, f"{name}-{round}.json") for round in (1, 2)] for name in ("ours", "pytorch"))
    epoch, losses = read(folder, "epoch.json"), read(folder, "losses.json")
    print(f"{card()}; {platform.machine()} with {os.cpu_count()} processors; LibTorch {version_of(libtorch)}, PyTorch "
          f"{torch.__version__}, cuDNN {torch.backends.cudnn.version()}; {datetime.date.today().isoformat()}\n")
    print("| what | batch | precision | this library | plain PyTorch | ratio |")
    print("| --- | ---: | --- | ---: | ---: | ---: |")
    for key in ours[0]:
        batch, precision = key.split()
        a, b = mean(ours, key), mean(plain, key)
        figures = [f"{figure:,.0f} images/s" if figure else "does not fit" for figure in (a, b)]
        ratio = f"{a / b:.2f}" if a and b else ""
        print(f"| training step | {batch} | {precision} | {figures[0]} | {figures[1]} | {ratio} |")
    whole, step = epoch["imagesPerSecond"], mean(ours, "128 BFloat16")
    what = f"epoch of {epoch['pictures']:,.0f} made pictures, {epoch['seconds']:.1f} s"
    ratio = f"{whole / step:.2f} of the step" if step else ""
    print(f"| {what} | 128 | BFloat16 | {whole:,.0f} images/s | | {ratio} |")
    apart = max(abs(a - b) for a, b in zip(losses["gpu"], losses["cpu"]))
    print(f"\nThe loss of {len(losses['gpu'])} of 20 steps in Float32 differs between card and processor by at most "
          f"{apart:.1e}: {'within' if apart <= 1e-3 else 'MORE THAN'} 1e-3.")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(dest="command", required=True)
    steps = commands.add_parser("steps")
    steps.add_argument("--device", default="cuda")
    steps.add_argument("--batch-sizes", type=int, nargs="+", default=[128, 512])
    steps.add_argument("--seconds", type=float, default=1)
    table = commands.add_parser("table")
    table.add_argument("folder")
    table.add_argument("libtorch")
    arguments = parser.parse_args()
    if arguments.command == "steps":
        print(json.dumps(measure_steps(arguments.device, arguments.batch_sizes, arguments.seconds)))
    else:
        write_table(arguments.folder, arguments.libtorch)
