"""check.py FOLDER: opens what `InteropTool goldens` wrote in the frameworks that are here, and compares the probabilities.
Of NumPy, PyTorch, safetensors, Keras (3 or 2), ONNX and ONNX Runtime what is missing is left out, and that is said."""
import importlib
import json
import os
import sys

import numpy

MOST_DIFFERENCE = 1e-5


def find(name):
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


torch, keras, onnx, onnxruntime = find("torch"), find("keras"), find("onnx"), find("onnxruntime")
safetensors = find("safetensors.torch")


def build(modules):
    """The stack as a torch module, whose parts have the names that the state dict must have."""
    functional, root, steps = torch.nn.functional, torch.nn.Module(), []

    def add(name, module):
        at, parts = root, name.split(".")
        for part in parts[:-1]:
            if not hasattr(at, part):
                at.add_module(part, torch.nn.Module())
            at = getattr(at, part)
        at.add_module(parts[-1], module)
        return module

    for kind, *rest in modules:
        if kind == "conv":
            name, inputs, filters, kernel, stride, pads, dilation, groups, bias = rest
            conv = add(name, torch.nn.Conv2d(inputs, filters, tuple(kernel), tuple(stride), 0, tuple(dilation), groups, bias))
            steps.append(lambda x, conv=conv, pads=pads: conv(functional.pad(x, pads)))
        elif kind == "dense":
            steps.append(add(rest[0], torch.nn.Linear(rest[1], rest[2], bias=rest[3])))
        elif kind == "norm":
            steps.append(add(rest[0], (torch.nn.BatchNorm1d if rest[2] else torch.nn.BatchNorm2d)(rest[1], eps=rest[3])))
        elif kind == "max":
            steps.append(lambda x, k=rest[0], s=rest[1], p=rest[2]:
                         functional.max_pool2d(functional.pad(x, p, value=-numpy.inf), tuple(k), tuple(s)))
        elif kind == "mean":
            steps.append(lambda x, k=rest[0], s=rest[1]: functional.avg_pool2d(x, tuple(k), tuple(s)))
        elif kind == "adaptive":
            steps.append(lambda x, size=rest[0]: functional.adaptive_avg_pool2d(x, tuple(size)))
        elif kind == "pad":
            steps.append(lambda x, p=rest[0]: functional.pad(x, p))
        elif kind == "lrn":
            steps.append(torch.nn.LocalResponseNorm(*rest))
        elif kind == "leaky":
            steps.append(torch.nn.LeakyReLU(rest[0]))
        elif kind == "elu":
            steps.append(torch.nn.ELU(rest[0]))
        elif kind == "flatten":
            steps.append(torch.nn.Flatten())
        else:
            steps.append({"Relu": torch.relu, "Sigmoid": torch.sigmoid, "Tanh": torch.tanh, "Elu": functional.elu,
                          "Linear": lambda x: x, "Softmax": lambda x: torch.softmax(x, 1)}[rest[0]])
    return root, steps


def run_torch(network, weights, x):
    root, steps = build(network["modules"])
    root.load_state_dict(weights, strict=True)
    root.eval()
    value = torch.from_numpy(numpy.ascontiguousarray(x.transpose(0, 3, 1, 2)))
    with torch.no_grad():
        for step in steps:
            value = step(value)
    return value.numpy()


def read_safetensors(path):
    """By the format's description where the package is missing: numbers of 32 bits, and of 64 without a fraction."""
    if safetensors:
        return safetensors.load_file(path), "safetensors"
    data = open(path, "rb").read()
    length = int.from_bytes(data[:8], "little")
    table = json.loads(data[8:8 + length])
    table.pop("__metadata__", None)
    return {name: torch.from_numpy(numpy.frombuffer(
        data[8 + length:][entry["data_offsets"][0]:entry["data_offsets"][1]],
        {"F32": "<f4", "I64": "<i8"}[entry["dtype"]]).reshape(entry["shape"]).copy())
        for name, entry in table.items()}, "the format's description"


def run(network, path, pictures, x):
    """What the framework that owns the format gives; None without it."""
    if path.endswith(".pth"):
        return torch and (f"PyTorch {torch.__version__}", run_torch(network, torch.load(path, weights_only=True), x))
    if path.endswith(".safetensors"):
        if not torch:
            return None
        weights, reader = read_safetensors(path)
        return reader, run_torch(network, weights, x)
    if path.endswith(".onnx"):
        if onnx:
            onnx.checker.check_model(path)
        if not onnxruntime:
            return None
        session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
        return f"ONNX Runtime {onnxruntime.__version__}", session.run(["Score"], {"Pixels": pictures})[0]
    if path.endswith(".weights.h5"):
        if not keras:
            return None
        whole = path[:-len(".weights.h5")] + (".keras" if keras.__version__ >= "3" else ".h5")
        model = keras.models.load_model(whole, compile=False)
        for weight in model.weights:
            weight.assign(numpy.zeros(weight.shape, "float32"))
        model.load_weights(path)
        return f"Keras {keras.__version__}", numpy.asarray(model(x))
    if path.endswith((".keras", ".h5")):
        if not keras or (path.endswith(".keras") and keras.__version__ < "3"):
            return None
        return f"Keras {keras.__version__}", numpy.asarray(keras.models.load_model(path, compile=False)(x))
    return None  # TensorFlow.js is check.cjs' part


def main(folder):
    largest, left_out, status = {}, {}, 0
    for network in json.load(open(os.path.join(folder, "networks.json"))):
        side = network["side"]
        pictures = numpy.fromfile(os.path.join(folder, network["name"] + ".pictures"), numpy.uint8).reshape(-1, side, side, 3)
        channels = pictures.astype("float32")
        if len(network["mean"]) == 1:  # as PIL's L
            channels = ((pictures.astype("int64") @ [19595, 38470, 7471] + 32768) >> 16)[..., None].astype("float32")
        x = ((channels - numpy.array(network["mean"], "float32")) / numpy.array(network["deviation"], "float32")).astype("float32")
        expected = numpy.array(network["probabilities"], "float32").reshape(len(pictures), -1)
        for name in network["files"]:
            ending = name[len(network["name"]):]
            try:
                result = run(network, os.path.join(folder, name), pictures, x)
            except Exception as fault:
                print(f"{name}: {type(fault).__name__}: {str(fault)[:300]}")
                status = 1
                continue
            if not result and not name.endswith(".json"):
                left_out[ending] = left_out.get(ending, 0) + 1
                continue
            if not result:
                continue
            difference = float(abs(result[1] - expected).max())
            if not difference <= MOST_DIFFERENCE:
                print(f"{name}: {result[0]} differs by {difference:.1e}")
                status = 1
            count, most = largest.get((ending, result[0]), (0, 0))
            largest[ending, result[0]] = (count + 1, max(most, difference))
    for (ending, framework), (count, most) in sorted(largest.items()):
        print(f"ours -> {framework:24} {ending:14} {count} networks, largest difference {most:.1e}")
    for ending, count in sorted(left_out.items()):
        print(f"ours -> nothing here opens   {ending:14} {count} networks")
    return status


sys.exit(main(sys.argv[1]))
