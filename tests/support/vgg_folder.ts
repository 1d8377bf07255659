/**
 * Folders of networks in the manner of VGG (Simonyan and Zisserman, "Very deep convolutional networks for large-scale
 * image recognition", 2015) as TensorFlow.js Layers models. Their weights are random: what they cost is what counts.
 */

/** Sizes of a network. */
export interface VggSizes {
  /** Height and width of the input, in pixels. */
  readonly side: number;
  /** For each block the channels of its convolutions; a pooling that halves the sides follows each block. */
  readonly blocks: readonly (readonly number[])[];
  /** Units of the dense layers before the last one. */
  readonly dense: readonly number[];
  readonly classes: number;
}

/** VGG16: 138,357,544 weights, 553 MB. */
export const VGG16: VggSizes = {
  side: 224,
  blocks: [[64, 64], [128, 128], [256, 256, 256], [512, 512, 512], [512, 512, 512]],
  dense: [4096, 4096],
  classes: 1000,
};

/** As large in its values as VGG16 is in its first blocks, with few weights: 64 channels of 224×224 are 12.8 MB. */
export const NARROW_VGG: VggSizes = {
  ...VGG16,
  blocks: [[64, 64], [32], [16], [16]],
  dense: [32],
  classes: 10,
};

/** Bytes of a shard at most. */
const SHARD_BYTES = 2 ** 25;

const FLOAT_BYTES = 4;

interface WrittenWeight {
  readonly name: string;
  readonly shape: readonly number[];
  /** Numbers lie between −limit and limit. */
  readonly limit: number;
}

interface WrittenLayer {
  readonly class_name: string;
  readonly config: Readonly<Record<string, unknown>> & { readonly name: string };
}

/** Writes the folder, `model.json` and its shards; no names of classes, no card. */
export async function writeVgg(folder: string, sizes: VggSizes): Promise<void> {
  const { layers, weights } = describe(sizes);
  const paths = await writeShards(folder, weights);
  const model = {
    format: "layers-model",
    modelTopology: { model_config: { class_name: "Sequential", config: { name: "vgg", layers } } },
    weightsManifest: [{
      paths,
      weights: weights.map(({ name, shape }) => ({ name, shape, dtype: "float32" })),
    }],
  };
  await Deno.writeTextFile(`${folder}/model.json`, JSON.stringify(model));
}

function describe({ side, blocks, dense, classes }: VggSizes) {
  const layers: WrittenLayer[] = [
    { class_name: "InputLayer", config: { name: "input", batch_input_shape: [null, side, side, 3] } },
  ];
  const weights: WrittenWeight[] = [];
  const weigh = (name: string, kernel: readonly number[]) => {
    const inputs = kernel.slice(0, -1).reduce((product, length) => product * length, 1);
    // He's variance, 2 / inputs, keeps values of one size through the rectifiers.
    weights.push({ name: `${name}/kernel`, shape: kernel, limit: Math.sqrt(6 / inputs) });
    weights.push({ name: `${name}/bias`, shape: kernel.slice(-1), limit: 0.01 });
  };
  let [channels, cells] = [3, side];
  for (const [block, convolutions] of blocks.entries()) {
    for (const [place, filters] of convolutions.entries()) {
      const name = `block${block + 1}_conv${place + 1}`;
      const config = { name, filters, kernel_size: [3, 3], padding: "same", activation: "relu" };
      layers.push({ class_name: "Conv2D", config });
      weigh(name, [3, 3, channels, filters]);
      channels = filters;
    }
    const config = { name: `block${block + 1}_pool`, pool_size: [2, 2], strides: [2, 2] };
    layers.push({ class_name: "MaxPooling2D", config });
    cells = Math.floor(cells / 2);
  }
  layers.push({ class_name: "Flatten", config: { name: "flatten" } });
  let features = cells * cells * channels;
  for (const [place, units] of [...dense, classes].entries()) {
    const last = place === dense.length;
    const name = last ? "predictions" : `fc${place + 1}`;
    layers.push({ class_name: "Dense", config: { name, units, activation: last ? "softmax" : "relu" } });
    weigh(name, [features, units]);
    features = units;
  }
  return { layers, weights };
}

async function writeShards(folder: string, weights: readonly WrittenWeight[]): Promise<readonly string[]> {
  const total = weights.reduce((sum, { shape }) => sum + FLOAT_BYTES * count(shape), 0);
  const number = Math.ceil(total / SHARD_BYTES);
  const numbers = drawAll(weights);
  const paths: string[] = [];
  for (let shard = 0; shard < number; shard++) {
    const values = new Float32Array(Math.min(SHARD_BYTES, total - shard * SHARD_BYTES) / FLOAT_BYTES);
    for (let at = 0; at < values.length; at++) values[at] = numbers();
    const path = `group1-shard${shard + 1}of${number}.bin`;
    await Deno.writeFile(`${folder}/${path}`, new Uint8Array(values.buffer));
    paths.push(path);
  }
  return paths;
}

/** Gives the numbers of all weights, one after the other; always the same ones. */
function drawAll(weights: readonly WrittenWeight[]): () => number {
  let state = 1;
  let weight = 0;
  let left = count(weights[0]?.shape ?? []);
  return () => {
    while (left === 0) left = count(weights[++weight]?.shape ?? []);
    left--;
    // Marsaglia's xorshift of 32 bits.
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (weights[weight]?.limit ?? 0) * (state / 2 ** 31);
  };
}

function count(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}
