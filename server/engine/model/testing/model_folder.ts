/** Writes model folders for tests. */
import { ModelWriter } from "../../graph/testing/model_writer.ts";
import type { ModelFile } from "../files.ts";
import type { Layer } from "../topology.ts";
import type { Weight } from "../weights.ts";

/** What a folder is written from. */
export interface FolderSource {
  readonly layers: readonly Layer[];
  readonly weights: ReadonlyMap<string, Weight>;
  readonly labels: readonly string[];
  readonly defaultLayer: string;
  readonly logitsLayer: string;
}

/** A network of one convolution and two classes. */
export function smallSource(): FolderSource {
  const writer = new ModelWriter(1);
  writer.input(8, 8);
  writer.conv([3, 3, 3, 4], { name: "features" });
  writer.add("GlobalAveragePooling2D");
  writer.dense([4, 2], { name: "logits" });
  return {
    layers: writer.layers,
    weights: writer.weights,
    labels: ["a", "b"],
    defaultLayer: "features",
    logitsLayer: "logits",
  };
}

/** The files of a folder by name, the card's hashes right. */
export async function folderFiles(source: FolderSource): Promise<Record<string, Uint8Array<ArrayBuffer>>> {
  const { layers, weights } = source;
  const shape = layers[0]?.config["batch_input_shape"] as readonly [null, number, number, number];
  const model = {
    format: "layers-model",
    modelTopology: {
      model_config: {
        class_name: "Functional",
        config: {
          layers: layers.map(({ name, className, config, inputs }) => ({
            name,
            class_name: className,
            config,
            inbound_nodes: inputs.length === 0 ? [] : [inputs.map((input) => [input, 0, 0, {}])],
          })),
          input_layers: [[layers[0]?.name, 0, 0]],
          output_layers: [[layers.at(-1)?.name, 0, 0]],
        },
      },
    },
    weightsManifest: [{
      paths: ["weights-1.bin", "weights-2.bin"],
      weights: [...weights].map(([name, { shape }]) => ({ name, shape, dtype: "float32" })),
    }],
  };
  const bytes = new Uint8Array(
    await new Blob([...weights.values()].map(({ values }) => values.slice())).arrayBuffer(),
  );
  // A cut in the middle of a number: shards know nothing of the weights in them.
  const cut = Math.min(bytes.length, 4 * Math.floor(bytes.length / 8) + 3);
  const files: Record<string, Uint8Array<ArrayBuffer>> = {
    "model.json": encode(model),
    "labels.json": encode(source.labels),
    "weights-1.bin": bytes.slice(0, cut),
    "weights-2.bin": bytes.slice(cut),
  };
  const card = {
    format: 1,
    id: "small",
    name: "Small",
    description: "A network for tests.",
    input: {
      width: shape[2],
      height: shape[1],
      normalisation: { mean: [127, 127, 127], scale: [128, 128, 128] },
    },
    labels: "labels.json",
    defaultLayer: source.defaultLayer,
    logitsLayer: source.logitsLayer,
    source: {},
    licence: {},
    files: await hashes(files),
  };
  return { ...files, "gradcast.json": encode(card) };
}

/** A shard that lies in memory. */
export function shardOf(bytes: Uint8Array): Promise<ModelFile> {
  let at = 0;
  return Promise.resolve({
    name: "shard",
    bytes: bytes.length,
    fill(buffer) {
      buffer.set(bytes.subarray(at, at += buffer.length));
      return Promise.resolve();
    },
    fillAt(buffer, position) {
      buffer.set(bytes.subarray(position, position + buffer.length));
      return Promise.resolve();
    },
    fillAtSync(buffer, position) {
      buffer.set(bytes.subarray(position, position + buffer.length));
    },
    [Symbol.dispose]() {},
  });
}

/** Writes files into a new folder of the system's temporary ones; disposing of it removes it. */
export async function writeFolder(files: Readonly<Record<string, Uint8Array>>) {
  const path = await Deno.makeTempDir({ prefix: "gradcast-model-" });
  for (const [name, bytes] of Object.entries(files)) await Deno.writeFile(`${path}/${name}`, bytes);
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

/** Reads a file of a folder as JSON. */
export function decode<T>(bytes: Uint8Array | undefined): T {
  return JSON.parse(new TextDecoder().decode(bytes));
}

/** Writes JSON as a file's bytes. */
export function encode(json: unknown): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(json));
}

async function hashes(
  files: Readonly<Record<string, Uint8Array<ArrayBuffer>>>,
): Promise<Record<string, string>> {
  const entries = Object.entries(files).map(async ([name, bytes]) =>
    [name, new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex()] as const
  );
  return Object.fromEntries(await Promise.all(entries));
}
