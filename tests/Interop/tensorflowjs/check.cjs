// read FOLDER: loads the networks that we wrote and predicts; write FOLDER: builds networks and saves them for us.
// A folder a network: model.json and shards, pictures.bin (bytes, N x height x width x RGB), outputs.bin (floats).
const fs = require("node:fs");
const path = require("node:path");
const tf = require("@tensorflow/tfjs");

const mostDifference = 1e-4;
const pictures = 3;

const bytesOf = (view) => Buffer.from(view.buffer, view.byteOffset, view.byteLength);
const copyOf = (buffer) => buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + buffer.byteLength);

// Node has no file handler in the plain package: the files are handed over as the browser would fetch them.
async function load(folder) {
  const json = JSON.parse(fs.readFileSync(path.join(folder, "model.json"), "utf8"));
  const shards = json.weightsManifest.flatMap((group) => group.paths).map((name) => fs.readFileSync(path.join(folder, name)));
  return tf.loadLayersModel(tf.io.fromMemory({
    modelTopology: json.modelTopology,
    weightSpecs: json.weightsManifest.flatMap((group) => group.weights),
    weightData: copyOf(Buffer.concat(shards)),
    format: json.format,
  }));
}

async function save(model, folder) {
  fs.mkdirSync(folder, { recursive: true });
  await model.save(tf.io.withSaveHandler(async (artifacts) => {
    const { weightSpecs, weightData, ...rest } = artifacts;
    const data = Buffer.from(tf.io.CompositeArrayBuffer.join(weightData));
    const half = Math.floor(data.length / 2);
    fs.writeFileSync(path.join(folder, "group1-shard1of2.bin"), data.subarray(0, half));
    fs.writeFileSync(path.join(folder, "group1-shard2of2.bin"), data.subarray(half));
    const manifest = [{ paths: ["group1-shard1of2.bin", "group1-shard2of2.bin"], weights: weightSpecs }];
    fs.writeFileSync(path.join(folder, "model.json"), JSON.stringify({ ...rest, weightsManifest: manifest }));
    return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } };
  }));
}

function predict(model, bytes) {
  const [, height, width, channels] = model.inputs[0].shape;
  const x = tf.tensor4d(Float32Array.from(bytes), [bytes.length / (height * width * channels), height, width, channels]);
  const scales = (layers) => layers.some((layer) => layer.getClassName() === "Rescaling" || (layer.layers && scales(layer.layers)));
  return model.predict(scales(model.layers) ? x : x.div(255)).dataSync();
}

async function read(folder) {
  let status = 0;
  for (const name of fs.readdirSync(folder).sort()) {
    const at = path.join(folder, name);
    const model = await load(at);
    const theirs = predict(model, fs.readFileSync(path.join(at, "pictures.bin")));
    const ours = new Float32Array(copyOf(fs.readFileSync(path.join(at, "outputs.bin"))));
    const largest = theirs.reduce((most, value, i) => Math.max(most, Math.abs(value - ours[i])), 0);
    const top = Math.max(...ours).toFixed(2);
    console.log(`ours -> TensorFlow.js  ${name.padEnd(12)} largest difference ${largest.toExponential(1)}, outputs up to ${top}`);
    if (!(largest <= mostDifference) || theirs.length !== ours.length) status = 1;
  }
  return status;
}

async function write(folder) {
  let seed = 1;
  const random = (shape, min, max) => tf.randomUniform(shape, min, max, "float32", seed++);
  for (const [name, layers] of Object.entries(networks())) {
    const model = Array.isArray(layers) ? tf.sequential({ layers }) : layers;
    // Variances above 0; kernels wide enough that signals neither fade nor grow; the rest on both sides of 0.
    model.setWeights(model.weights.map((weight) => {
      const inputs = weight.shape.slice(0, -1).reduce((product, side) => product * side, 1);
      const width = weight.name.includes("kernel") ? Math.sqrt(9 / inputs) : 0.4;
      return weight.name.includes("variance") ? random(weight.shape, 0.5, 2) : random(weight.shape, -width, width);
    }));
    const at = path.join(folder, name);
    await save(model, at);
    const [, height, width, channels] = model.inputs[0].shape;
    const bytes = Uint8Array.from(random([pictures * height * width * channels], 0, 256).dataSync(), Math.floor);
    fs.writeFileSync(path.join(at, "pictures.bin"), bytesOf(bytes));
    fs.writeFileSync(path.join(at, "outputs.bin"), bytesOf(predict(model, bytes)));
  }
  return 0;
}

function networks() {
  const l = tf.layers;
  return {
    alexnet: [
      l.conv2d({ inputShape: [67, 67, 3], filters: 8, kernelSize: 11, strides: 4, activation: "relu" }),
      l.maxPooling2d({ poolSize: 3, strides: 2 }),
      l.conv2d({ filters: 16, kernelSize: 5, padding: "same", activation: "relu" }),
      l.maxPooling2d({ poolSize: 3, strides: 2 }),
      l.flatten(),
      l.dropout({ rate: 0.5 }),
      l.dense({ units: 12, activation: "relu" }),
      l.dense({ units: 5, activation: "softmax" }),
    ],
    nested: [
      tf.sequential({ name: "input", layers: [
        l.rescaling({ inputShape: [40, 40, 3], scale: 1 / 127.5, offset: -1 }),
        l.gaussianNoise({ stddev: 0.1 }),
      ] }),
      tf.sequential({ name: "features", layers: [
        tf.sequential({ name: "first", layers: [
          l.conv2d({ name: "conv", inputShape: [40, 40, 3], filters: 6, kernelSize: 5, strides: 2 }),
          l.leakyReLU({ alpha: 0.1 }),
          l.batchNormalization({ name: "norm" }),
        ] }),
        l.conv2d({ name: "second", filters: 6, kernelSize: 3, padding: "same" }),
        l.elu(),
        l.batchNormalization({ name: "other" }),
      ] }),
      l.flatten(),
      l.gaussianDropout({ rate: 0.3 }),
      l.dense({ name: "dense", units: 12, activation: "tanh" }),
      l.dense({ units: 4 }),
    ],
    functional: functional(),
    normalized: [
      l.zeroPadding2d({ inputShape: [30, 30, 3], padding: [[1, 2], [0, 3]] }),
      l.conv2d({ filters: 6, kernelSize: [3, 5], strides: [2, 3], padding: "same", useBias: false }),
      l.batchNormalization(),
      l.reLU(),
      l.conv2d({ filters: 5, kernelSize: 3, dilationRate: 2 }),
      l.batchNormalization({ scale: false }),
      l.activation({ activation: "relu" }),
      l.averagePooling2d({ poolSize: 3, strides: 2, padding: "same" }),
      l.globalAveragePooling2d({ dataFormat: "channelsLast" }),
      l.dense({ units: 4, useBias: false }),
      l.softmax(),
    ],
  };
}

function functional() {
  const l = tf.layers;
  const inner = tf.input({ shape: [12, 12, 4] });
  const block = tf.model({
    name: "block", inputs: inner,
    outputs: l.maxPooling2d({ poolSize: 2 }).apply(l.conv2d({ name: "conv", filters: 5, kernelSize: 3, activation: "elu" }).apply(inner)),
  });
  const input = tf.input({ shape: [14, 14, 3] });
  let x = l.conv2d({ name: "first", filters: 4, kernelSize: 3, activation: "sigmoid" }).apply(input);
  x = block.apply(l.batchNormalization().apply(x));
  x = l.flatten().apply(l.dropout({ rate: 0.5 }).apply(x));
  return tf.model({ inputs: input, outputs: l.dense({ units: 1, activation: "sigmoid" }).apply(x) });
}

const [command, folder] = process.argv.slice(2);
tf.setBackend("cpu")
  .then(() => ({ read, write })[command](folder))
  .then((status) => process.exit(status));
