"""ResNet18.onnx and ResNetPreprocess.onnx of Microsoft.ML.DnnImageFeaturizer.ResNet18 to teacher.npz: batch normalization folded, 16 bits."""
import json, sys, numpy as np, onnx
from onnx import numpy_helper as nh
folder, out = sys.argv[1:3]
g = onnx.load(folder + "/ResNet18Onnx/ResNet18.onnx").graph; w = {i.name: nh.to_array(i).astype("f8") for i in g.initializer}
z, nodes, at = {}, [], lambda n: {a.name: list(a.ints) or a.f for a in n.attribute}; rename = {"Input247": "in"}; pending = {}
for n in g.node:
    i, o, a = [rename.get(x, x) for x in n.input], n.output[0], at(n)
    if n.op_type == "Conv": pending[o] = (i[0], i[1], a)
    elif n.op_type == "BatchNormalization":
        x, k, c = pending.pop(n.input[0]); gamma, beta, mean, var = (w[q] for q in n.input[1:5]); f = gamma / np.sqrt(var + a["epsilon"])
        z["w%d" % len(z)] = w[k] * f[:, None, None, None]; kn = "w%d" % (len(z) - 1); z["w%d" % len(z)] = beta - mean * f; bn = "w%d" % (len(z) - 1)
        nodes.append(dict(op="conv", **{"in": [x]}, w=kn, b=bn, pads=c["pads"], stride=c["strides"], out=o))
    elif n.op_type == "Relu": nodes.append(dict(op="relu", **{"in": i}, out=o))
    elif n.op_type == "MaxPool": nodes.append(dict(op="pool", **{"in": i}, pads=a["pads"], out=o))
    elif n.op_type == "Add": nodes.append(dict(op="add", **{"in": i}, out=o))
    elif n.op_type == "AveragePool": nodes.append(dict(op="mean", **{"in": i}, out=o))
    else: raise SystemExit(n.op_type)
mean = nh.to_array(onnx.load(folder + "/ResNetPrepOnnx/ResNetPreprocess.onnx").graph.initializer[0])
print("mean picture", mean.mean((0, 2, 3)), mean.std((0, 2, 3)), len(nodes), "nodes", max(abs(v).max() for v in z.values()))
np.savez(out, graph=json.dumps(nodes), mean=mean.astype("f2"), **{k: v.astype("f2") for k, v in z.items()})
