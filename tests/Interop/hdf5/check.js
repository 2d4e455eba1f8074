// check.js FOLDER: opens the .h5 files that we wrote with HDF5's own library and holds each weight against the plain
// floats beside it: FOLDER/x.h5, and FOLDER/x/NAME.bin in Keras' order, where NAME is the dataset's path with commas for slashes.
import fs from "node:fs";
import path from "node:path";
import h5wasm from "h5wasm/node";

await h5wasm.ready;
const folder = process.argv[2];
let status = 0;
for (const name of fs.readdirSync(folder).filter((file) => file.endsWith(".h5")).sort()) {
  const file = new h5wasm.File(path.join(folder, name), "r");
  const expected = fs.readdirSync(path.join(folder, path.basename(name, ".h5")));
  let largest = 0;
  for (const entry of expected) {
    const values = file.get(path.basename(entry, ".bin").replaceAll(",", "/")).value;
    const bytes = fs.readFileSync(path.join(folder, path.basename(name, ".h5"), entry));
    const floats = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
    if (values.length !== floats.length) throw new Error(`${entry}: ${values.length} values, ${floats.length} expected`);
    values.forEach((value, i) => { largest = Math.max(largest, Math.abs(value - floats[i])); });
  }
  const attributes = Object.keys(file.attrs).join(", ") || "none";
  console.log(`ours -> HDF5 library  ${name.padEnd(18)} ${expected.length} weights, largest difference ${largest}; attributes: ${attributes}`);
  if (largest !== 0 || expected.length === 0) status = 1;
  file.close();
}
process.exit(status);
