// check.cjs FOLDER: opens the TensorFlow.js models that `InteropTool goldens` wrote, and compares the probabilities.
const fs = require("node:fs");
const path = require("node:path");
const tf = require("@tensorflow/tfjs");

const mostDifference = 1e-5;

// Node has no file handler in the plain package: the files are handed over as the browser would fetch them.
async function load(file) {
  const json = JSON.parse(fs.readFileSync(file, "utf8"));
  const bytes = Buffer.concat(json.weightsManifest.flatMap((group) => group.paths)
    .map((name) => fs.readFileSync(path.join(path.dirname(file), name))));
  return tf.loadLayersModel(tf.io.fromMemory({
    modelTopology: json.modelTopology,
    weightSpecs: json.weightsManifest.flatMap((group) => group.weights),
    weightData: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
    format: json.format,
  }));
}

function normalize(network, bytes) {
  const { mean, deviation } = network;
  const values = mean.length === 3 ? Float32Array.from(bytes) : Float32Array.from(
    { length: bytes.length / 3 }, // as PIL's L
    (_, i) => (19595 * bytes[3 * i] + 38470 * bytes[3 * i + 1] + 7471 * bytes[3 * i + 2] + 32768) >> 16);
  const x = tf.tensor4d(values, [bytes.length / (3 * network.side ** 2), network.side, network.side, mean.length]);
  return x.sub(tf.tensor1d(mean)).div(tf.tensor1d(deviation));
}

async function main(folder) {
  let [status, count, most] = [0, 0, 0];
  for (const network of JSON.parse(fs.readFileSync(path.join(folder, "networks.json"), "utf8"))) {
    for (const name of network.files.filter((file) => file.endsWith("model.json"))) {
      try {
        const model = await load(path.join(folder, name));
        const theirs = model.predict(normalize(network, fs.readFileSync(path.join(folder, `${network.name}.pictures`)))).dataSync();
        const difference = Math.max(...network.probabilities.map((value, i) => Math.abs(value - theirs[i])));
        if (!(difference <= mostDifference)) throw new Error(`differs by ${difference.toExponential(1)}`);
        [count, most] = [count + 1, Math.max(most, difference)];
      } catch (fault) {
        console.log(`${name}: ${String(fault.message).slice(0, 300)}`);
        status = 1;
      }
      tf.disposeVariables();
    }
  }
  console.log(`ours -> TensorFlow.js ${tf.version.tfjs}     model.json     ${count} networks, largest difference ${most.toExponential(1)}`);
  return status;
}

main(process.argv[2]).then((status) => process.exit(status));
