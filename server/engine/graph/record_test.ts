import assert from "node:assert/strict";
import { maxDifference, random } from "../testing/goldens.ts";
import type { GradientRule } from "../port.ts";
import { startBackend } from "../threads/backend.ts";
import { ANY_RANK_LAYERS } from "./testing/any_rank_layers.ts";
import { CURVES, CURVES_OF_POSITIVE } from "./testing/curves.ts";
import { type Numbers, referenceGradients, startReference } from "./testing/reference.ts";
import { ModelWriter } from "./testing/model_writer.ts";
import { Executor } from "./executor.ts";
import { type Graph, nodeNamed, type Padding } from "./graph.ts";
import { Kernels } from "./kernels.ts";
import { optimise } from "./optimise.ts";

const kernels = new Kernels((await startBackend(1)).backend);
await startReference();

/** Float32 against float32, relative to the largest number. */
const TOLERANCE = 1e-4;

/** Pictures in a batch. */
const BATCH = 2;

/** Random variants of each layer. */
const VARIANTS = 12;

const FUNCTIONS = [
  "relu",
  "relu6",
  "elu",
  "sigmoid",
  "tanh",
  "swish",
  "hard_sigmoid",
  "hard_swish",
  "gelu",
  "gelu_new",
] as const;

/** A convolution without anything in particular. */
const PLAIN = { dilations: [1, 1], activation: "linear" } as const;

/** Layers with settings that a seed decides, on pictures of odd and even sides. */
const LAYERS: Readonly<Record<string, (w: ModelWriter, channels: number) => void>> = {
  ...Object.fromEntries(FUNCTIONS.map((name) => [`the function ${name}`, (w: ModelWriter) => {
    w.add("Rescaling", { scale: 4 });
    w.add("Activation", { activation: name });
  }])),
  "a 1×1 convolution": (w, c) => w.conv([1, 1, c, w.integer(1, 9)], window(w)),
  "a convolution": (w, c) => w.conv([w.integer(1, 7), w.integer(1, 7), c, w.integer(1, 9)], window(w)),
  "a dilated convolution": (w, c) =>
    w.conv([w.integer(2, 3), w.integer(1, 3), c, w.integer(1, 9)], {
      padding: w.pick(["same", "valid"]),
      dilation_rate: [w.integer(1, 3), w.integer(1, 3)],
    }),
  "a depthwise convolution": (w, c) => {
    const side = w.integer(1, 7);
    w.depthwise([side, side, c, w.pick([1, 1, 2, 3])], window(w));
  },
  "a dilated depthwise convolution": (w, c) =>
    w.depthwise([3, w.integer(1, 3), c, w.pick([1, 2])], {
      padding: w.pick(["same", "valid"]),
      dilation_rate: w.integer(1, 3),
    }),
  "a separable convolution": (w, c) => w.separable([3, 3, c, w.pick([1, 2])], w.integer(1, 9), window(w)),
  "a dense layer": (w) => {
    w.add("Flatten");
    w.dense([features(w), w.integer(1, 9)]);
  },
  "a batch norm": (w, c) => w.batchNorm(c),
  "a rescaling": (w) => w.add("Rescaling", { scale: 1 / 3, offset: -1 }),
  "max pooling": (w) =>
    w.add("MaxPooling2D", { pool_size: [w.integer(1, 4), w.integer(1, 4)], ...window(w) }),
  "average pooling": (w) =>
    w.add("AveragePooling2D", { pool_size: [w.integer(1, 4), w.integer(1, 4)], ...window(w) }),
  "global average pooling": (w) => w.add("GlobalAveragePooling2D", { keepdims: w.pick([true, false]) }),
  "global max pooling": (w) => w.add("GlobalMaxPooling2D", { keepdims: w.pick([true, false]) }),
  "a sum": (w, c) => w.add("Add", {}, [w.last, w.conv([1, 1, c, c]), w.last]),
  "a sum of a value with itself": (w) => w.add("Add", {}, [w.last, w.last]),
  "a sum that stretches": (w) =>
    w.add("Add", {}, [w.last, w.add("GlobalAveragePooling2D", { keepdims: true })]),
  "a product": (w, c) => w.add("Multiply", {}, [w.last, w.conv([1, 1, c, c]), w.conv([3, 3, c, c])]),
  "a product that stretches": (w) => {
    const from = w.last;
    w.add("Multiply", {}, [from, w.add("GlobalMaxPooling2D", { keepdims: true }, [from])]);
  },
  "a product of rows and columns": (w, c) => {
    const from = w.last;
    const [, height = 1, width = 1] = w.layers[0]?.config["batch_input_shape"] as number[];
    const column = w.add("MaxPooling2D", { pool_size: [1, width] }, [from]);
    const row = w.add("AveragePooling2D", { pool_size: [height, 1] }, [from]);
    w.add("Multiply", {}, [column, row, w.conv([1, 1, c, c])]);
  },
  "a concatenation": (w, c) => {
    const from = w.last;
    const other = w.conv([1, 1, c, w.integer(1, 5)]);
    w.add("Concatenate", { axis: w.pick([-1, 3]) }, [other, from, w.conv([1, 1, channelsOf(w), 2])]);
  },
  "a zero padding": (w) =>
    w.add("ZeroPadding2D", {
      padding: [[w.integer(0, 2), w.integer(0, 2)], [w.integer(0, 2), w.integer(0, 2)]],
    }),
  "a cropping": (w) =>
    w.add("Cropping2D", {
      cropping: [[w.integer(0, 2), w.integer(0, 2)], [w.integer(0, 2), w.integer(0, 2)]],
    }),
  "a reshaping": (w, c) => w.add("Reshape", { target_shape: [-1, 1, c] }),
  "an enlargement": (w) => w.add("UpSampling2D", { size: [w.integer(1, 3), w.integer(1, 3)] }),
  "a smooth enlargement": (w) =>
    w.add("UpSampling2D", { size: [w.integer(1, 3), w.integer(1, 3)], interpolation: "bilinear" }),
  "a softmax": (w) => w.add("Softmax"),
  "a dropout": (w) => w.add("Dropout"),
  "a leaky ReLU": (w) => w.add("LeakyReLU", { alpha: 0.2 }),
  "a ReLU with all its settings": (w) =>
    w.add("ReLU", { max_value: 1.5, negative_slope: 0.1, threshold: 0.25 }),
  ...Object.fromEntries(CURVES.map((activation) => [
    `the function ${JSON.stringify(activation)}`,
    (w: ModelWriter) => {
      w.add("Rescaling", { scale: 2 });
      w.operation("activation", activation, {});
    },
  ])),
  ...Object.fromEntries(CURVES_OF_POSITIVE.map((activation) => [
    `the function ${JSON.stringify(activation)} of positive numbers`,
    (w: ModelWriter) => {
      w.add("Rescaling", { scale: 1, offset: 2.5 });
      w.operation("activation", activation, {});
    },
  ])),
  "a convolution in groups": (w, c) => {
    const groups = w.integer(2, 4);
    w.conv([1, 1, c, 2 * groups]);
    w.conv([w.integer(1, 3), w.integer(1, 3), 2, w.integer(1, 3) * groups], { groups, ...window(w) });
  },
  "a dilated convolution in groups": (w, c) => {
    w.conv([1, 1, c, 6]);
    w.conv([3, 2, 2, 9], { groups: 3, dilation_rate: [2, 3], padding: w.pick(["same", "valid"]) });
  },
  "a convolution with uneven borders": (w, c) => {
    const [sides, attrs] = bordered(w);
    const filters = w.integer(1, 9);
    w.operation("conv", { ...attrs, ...PLAIN, groups: 1 }, {
      kernel: w.weight("own/kernel", [...sides, c, filters]),
      bias: w.weight("own/bias", [filters]),
    });
  },
  "a convolution with borders wider than its window": (w, c) => {
    const filters = w.integer(8, 9);
    w.conv([1, 1, c, 8]);
    w.operation("conv", {
      ...PLAIN,
      strides: [1, w.integer(1, 2)],
      padding: { rows: [w.integer(0, 2), w.integer(0, 3)], columns: [w.integer(0, 3), w.integer(0, 2)] },
      groups: 1,
    }, { kernel: w.weight("own/kernel", [1, 2, 8, filters]), bias: w.weight("own/bias", [filters]) });
  },
  "a depthwise convolution with uneven borders": (w, c) => {
    const [sides, attrs] = bordered(w);
    const multiplier = w.pick([1, 1, 2]);
    const side = w.pick(sides);
    w.operation("depthwise", { ...attrs, ...PLAIN, strides: [attrs.strides[0], attrs.strides[0]] }, {
      kernel: w.weight("own/kernel", [side, side, c, multiplier]),
      bias: w.weight("own/bias", [c * multiplier]),
    });
  },
  "max pooling with uneven borders": (w) => {
    const [size, attrs] = bordered(w);
    w.add("Rescaling", { scale: 1, offset: -9 });
    w.operation("max-pool", { ...attrs, size }, {});
  },
  "average pooling with uneven borders": (w) => {
    const [size, attrs] = bordered(w);
    w.operation("average-pool", { ...attrs, size, countPadding: w.pick([true, false]) }, {});
  },
  "a resizing": (w) =>
    w.operation("resize", {
      size: [w.integer(1, 16), w.integer(1, 16)],
      interpolation: w.pick(["nearest", "bilinear"]),
      positions: w.pick(["half-pixel", "align-corners", "asymmetric"]),
    }, {}),
  "a resizing by cubics": (w) =>
    w.operation("resize", {
      size: [w.integer(1, 16), w.integer(1, 16)],
      interpolation: { coefficient: w.pick([-0.5, -0.75]), insideOnly: w.pick([true, false]) },
      positions: w.pick(["half-pixel", "align-corners", "asymmetric"]),
    }, {}),
  "max pooling with gaps": (w) =>
    w.operation("max-pool", {
      size: [w.integer(2, 3), w.integer(1, 3)],
      strides: [w.integer(1, 2), w.integer(1, 2)],
      dilations: [w.integer(1, 3), 2],
      padding: w.pick<Padding>(["same", "valid", { rows: [1, 0], columns: [0, 0] }]),
    }, {}),
  "average pooling with gaps": (w) =>
    w.operation("average-pool", {
      size: [w.integer(2, 3), w.integer(1, 3)],
      strides: [w.integer(1, 2), w.integer(1, 2)],
      dilations: [w.integer(1, 3), 2],
      padding: w.pick<Padding>(["same", "valid", { rows: [1, 0], columns: [0, 0] }]),
      countPadding: w.pick([true, false]),
    }, {}),
  "a spreading by strides": (w) => w.operation("spread", { strides: [w.integer(1, 3), w.integer(1, 3)] }, {}),
  "a transposed convolution": (w, c) =>
    w.transposed([w.integer(1, 4), w.integer(1, 4), w.integer(1, 9), c], {
      strides: [w.integer(1, 3), w.integer(1, 3)],
      padding: w.pick(["same", "valid"]),
    }),
  "a PReLU": (w, c) => {
    w.weight("bent/alpha", [1, 1, c]);
    w.add("PReLU", { name: "bent", shared_axes: [1, 2] });
  },
  "an ELU": (w) => w.add("ELU"),
};

for (const [name, write] of Object.entries({ ...LAYERS, ...ANY_RANK_LAYERS })) {
  Deno.test(`Recording.vjp() takes a gradient back through ${name}`, () => {
    for (let seed = 1; seed <= VARIANTS; seed++) {
      const w = new ModelWriter(seed);
      const channels = w.integer(1, 9);
      const input = w.input(w.integer(7, 12), w.integer(7, 12), channels);
      write(w, channels);
      const layer = w.last;
      w.add("Flatten");
      check({ graph: w.build(), from: [layer], to: [input], label: `seed ${seed}` });
    }
  });
}

for (const activation of ["relu", "relu6", "elu", "sigmoid"]) {
  Deno.test(`Recording.vjp() takes a gradient back through ${activation} inside a kernel`, () => {
    const w = new ModelWriter(3);
    const input = w.input(9, 8);
    w.conv([3, 3, 3, 5], { name: "conv", activation, strides: [2, 2] });
    w.depthwise([3, 3, 5, 1], { name: "depthwise", activation });
    w.add("GlobalAveragePooling2D");
    w.dense([5, 4], { activation });
    w.dense([4, 3], { name: "logits" });
    const plain = w.build();
    check({ graph: optimise(plain), plain, from: ["logits"], to: [input, "conv", "depthwise"] });
  });
}

Deno.test("Recording.vjp() adds up what comes back over the branches of a residual network", () => {
  for (let seed = 1; seed <= 5; seed++) {
    const w = residual(seed);
    const plain = w.build();
    const to = ["input", "first", "sum0", "sum1"];
    check({ graph: plain, plain, from: ["logits"], to });
    check({ graph: optimise(plain), plain, from: ["logits"], to });
    check({ graph: optimise(plain, { fuseActivations: false }), plain, from: ["logits"], to });
    // A layer on the way is scored as well.
    check({ graph: optimise(plain), plain, from: ["logits", "sum0"], to: ["input", "first"] });
  }
});

Deno.test("Recording.vjp() agrees with differences of the score", () => {
  const w = residual(2);
  const executor = new Executor(optimise(w.build()), kernels);
  const { shape } = nodeNamed(executor.graph, "input");
  const x = noise([1, ...shape], 5);
  const score = (values: Float32Array) => {
    const input = kernels.upload(x.shape, Float32Array.from(values));
    const [logits] = executor.forward(input, ["logits"]);
    assert.ok(logits);
    const [value = NaN] = kernels.view(logits);
    [input, logits].forEach((dead) => kernels.free(dead));
    return value;
  };
  const seed = { shape: [1, 3], values: new Float32Array([1, 0, 0]) };
  const [gradient] = pull(executor, x, new Map([["logits", seed]]), ["input"]);
  const step = 1e-2;
  for (let i = 0; i < x.values.length; i += 37) {
    const [up, down] = [step, -step].map((change) =>
      score(x.values.map((value, place) => place === i ? value + change : value))
    ) as [number, number];
    const slope = (up - down) / (2 * step);
    assert.ok(Math.abs(slope - (gradient?.[i] ?? NaN)) < 2e-2, `place ${i}: ${gradient?.[i]} for ${slope}`);
  }
  executor.dispose();
});

Deno.test("Recording.vjp() lets only positive gradients through rectifiers under the rule guided", () => {
  for (const rectifier of [{}, { max_value: 6 }, { negative_slope: 0.2 }]) {
    const w = new ModelWriter(4);
    w.add("InputLayer", { name: "input", batch_input_shape: [null, 4, 5, 3] });
    w.add("ReLU", { name: "relu", ...rectifier });
    w.add("Flatten");
    const executor = new Executor(w.build(), kernels);
    const x = { ...noise([1, 4, 5, 3], 1) };
    const seed = noise([1, 4, 5, 3], 2);
    const slope = (value: number) => {
      const { max_value = Infinity, negative_slope = 0 } = rectifier as Record<string, number>;
      return value > max_value ? 0 : value > 0 ? 1 : negative_slope;
    };
    const wanted = x.values.map((value, i) => slope(value) * Math.max(0, seed.values[i] ?? NaN));
    const [gradient = []] = pull(executor, x, new Map([["relu", seed]]), ["input"], "guided");
    assert.ok(maxDifference(gradient, wanted) < 1e-6);
    executor.dispose();
  }
});

Deno.test("Recording.vjp() passes rectifiers that let nothing through under the rule redirected, as Lucid does", () => {
  for (
    const rectifier of [{ max_value: 6 }, {}, { max_value: 1.5, threshold: 0.25 }, { negative_slope: 0.2 }]
  ) {
    for (const activation of [undefined, "relu6"]) {
      const w = new ModelWriter(6);
      w.add("InputLayer", { name: "input", batch_input_shape: [null, 7, 6, 3] });
      w.conv([3, 3, 3, 4], { name: "conv", ...(activation === undefined ? {} : { activation }) });
      w.add("ReLU", { name: "relu", ...rectifier });
      w.conv([1, 1, 4, 5], { activation: "relu", name: "last" });
      w.add("Flatten");
      const plain = w.build();
      const graph = optimise(plain);
      const executor = new Executor(graph, kernels);
      // Four rows: one as it comes, one far below, one far above, one between; each is decided by itself.
      const x = noise([4, 7, 6, 3], 11);
      const each = x.values.length / 4;
      const pushed = (at: number) => [0, -30, 30, 1][Math.floor(at / each)] as number;
      const values = x.values.map((value, at) => value + pushed(at));
      const seeds = new Map([["last", noise([4, ...nodeNamed(graph, "last").shape], 12)]]);
      const wanted = referenceGradients(plain, { shape: x.shape, values }, seeds, ["input"], true);
      const found = pull(executor, { shape: x.shape, values }, seeds, ["input"], "redirected");
      const largest = Math.max(...(wanted[0] ?? []).map(Math.abs));
      assert.ok(largest > 0.01);
      assert.ok(
        maxDifference(found[0] ?? [], wanted[0] ?? []) < TOLERANCE * largest,
        JSON.stringify(rectifier),
      );
      executor.dispose();
    }
  }
});

Deno.test("Recording.vjp() under redirected reaches the input of a channel that is silent, and only then differs from plain", () => {
  const w = new ModelWriter(6);
  w.add("InputLayer", { name: "input", batch_input_shape: [null, 4, 4, 3] });
  w.conv([1, 1, 3, 2], { name: "silent", activation: "relu6" });
  w.add("Flatten");
  const bias = w.weights.get("silent/bias");
  assert.ok(bias);
  for (const [level, silent] of [[-100, true], [3, false]] as const) {
    bias.values.fill(level);
    const executor = new Executor(optimise(w.build()), kernels);
    const seeds = new Map([["silent", { shape: [1, 4, 4, 2], values: new Float32Array(32).fill(1 / 32) }]]);
    const [plain, redirected] = (["plain", "redirected"] as const).map((rule) =>
      pull(executor, noise([1, 4, 4, 3], 1), seeds, ["input"], rule)[0] ?? new Float32Array()
    );
    assert.equal(plain?.every((value) => value === 0), silent);
    assert.ok(redirected?.some((value) => value !== 0));
    if (!silent) assert.deepEqual(redirected, plain);
    executor.dispose();
  }
});

Deno.test("Recording.vjp() refuses the rule redirected where the recording has gates in place of outputs", () => {
  const executor = new Executor(optimise(residual(1).build()), kernels);
  const x = upload(noise([BATCH, 8, 9, 3], 1));
  const recording = executor.record(x, { from: ["logits"], to: ["input"] });
  assert.throws(
    () => recording.vjp({ seeds: new Map(), to: ["input"], rule: "redirected" }),
    /Cannot take gradients back under the rule redirected/u,
  );
  recording.free();
  kernels.free(x);
  executor.dispose();
});

Deno.test("Recording.vjp() may be called again with other seeds, for fewer nodes", () => {
  const executor = new Executor(optimise(residual(3).build()), kernels);
  const x = upload(noise([BATCH, 8, 9, 3], 1));
  const recording = executor.record(x, { from: ["logits"], to: ["input", "sum0"] });
  const seeds = [1, 2].map((seed) => upload(noise([BATCH, 3], seed)));
  const runs = seeds.map((seed) =>
    recording.vjp({ seeds: new Map([["logits", seed]]), to: ["sum0"], rule: "plain" }).map((value) => {
      const read = kernels.view(value).slice();
      kernels.free(value);
      return read;
    })
  );
  assert.ok(maxDifference(runs[0]?.[0] ?? [], runs[1]?.[0] ?? []) > 1e-3);
  assert.deepEqual(recording.value("logits").shape, [BATCH, 3]);
  recording.free();
  [x, ...seeds].forEach((value) => kernels.free(value));
  executor.dispose();
});

Deno.test("Recording.vjp() returns zeros for a node that the score does not depend on", () => {
  const w = new ModelWriter(1);
  w.add("InputLayer", { name: "input", batch_input_shape: [null, 4, 4, 3] });
  w.conv([1, 1, 3, 2], { name: "used" });
  w.conv([1, 1, 3, 2], { name: "aside" });
  const aside = w.layers.pop();
  assert.ok(aside);
  w.layers.push({ ...aside, inputs: ["input"] });
  w.add("Flatten", { name: "flat" }, ["used"]);
  const executor = new Executor(w.build(), kernels);
  const seed = noise([1, 32], 1);
  const gradients = pull(executor, noise([1, 4, 4, 3], 1), new Map([["flat", seed]]), ["aside", "used"]);
  assert.deepEqual(gradients[0], new Float32Array(32));
  assert.deepEqual(gradients[1], seed.values);
  executor.dispose();
});

Deno.test("Recording keeps no more than its way reads, and everything is freed", () => {
  const before = [kernels.count, kernels.bytes];
  const executor = new Executor(optimise(residual(1).build()), kernels);
  const constants = [kernels.count, kernels.bytes];
  const kept = (from: readonly string[], to: readonly string[]) => {
    const x = upload(noise([BATCH, 8, 9, 3], 1));
    const recording = executor.record(x, { from, to });
    kernels.free(x);
    const values = kernels.count - (constants[0] ?? 0);
    recording.free();
    assert.deepEqual([kernels.count, kernels.bytes], constants);
    return values;
  };
  assert.equal(kept(["logits"], []), 1);
  // Linear steps keep nothing: logits and the value itself.
  assert.equal(kept(["logits"], ["sum1"]), 2);
  // The whole way: five outputs of ReLUs, the max pooling's input, logits, and the picture.
  assert.equal(kept(["logits"], ["input"]), 8);
  const x = upload(noise([BATCH, 8, 9, 3], 1));
  const recording = executor.record(x, { from: ["logits"], to: ["input"] });
  const seed = upload(noise([BATCH, 3], 1));
  const gradient = recording.vjp({ seeds: new Map([["logits", seed]]), to: ["input"], rule: "plain" });
  [x, seed, ...gradient].forEach((value) => kernels.free(value));
  recording.free();
  executor.dispose();
  assert.deepEqual([kernels.count, kernels.bytes], before);
});

Deno.test("Recording refuses nodes off its way and seeds of another shape", () => {
  const executor = new Executor(optimise(residual(1).build()), kernels);
  const x = upload(noise([BATCH, 8, 9, 3], 1));
  const recording = executor.record(x, { from: ["logits"], to: ["sum0"] });
  const before = kernels.count;
  assert.throws(
    () => recording.value("sum1"),
    /Cannot read the value: the recording was made for logits, sum0, got sum1/u,
  );
  assert.throws(
    () => recording.vjp({ seeds: new Map([["sum0", x]]), to: ["sum0"], rule: "plain" }),
    /Cannot take a seed.*, got sum0/u,
  );
  assert.throws(
    () => recording.vjp({ seeds: new Map([["logits", x]]), to: ["sum0"], rule: "plain" }),
    /seed at logits: it must have the shape \[2,3\], got \[2,8,9,3\]/u,
  );
  assert.throws(
    () => recording.vjp({ seeds: new Map(), to: ["input"], rule: "plain" }),
    /Cannot return the gradient.*, got input/u,
  );
  assert.equal(kernels.count, before);
  recording.free();
  kernels.free(x);
  executor.dispose();
});

interface Check {
  /** The graph that is executed. */
  readonly graph: Graph;
  /** The graph of the reference, by default the same. */
  readonly plain?: Graph;
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly label?: string;
}

/** Holds gradients at random seeds against those of TensorFlow.js, and all memory against leaks. */
function check({ graph, plain = graph, from, to, label = "" }: Check): void {
  const before = kernels.count;
  const executor = new Executor(graph, kernels);
  const x = noise([BATCH, ...nodeNamed(graph, graph.input).shape], 42);
  const seeds = new Map(
    from.map((name, i) => [name, noise([BATCH, ...nodeNamed(graph, name).shape], i + 1)] as const),
  );
  const wanted = referenceGradients(plain, x, seeds, to);
  const gradients = pull(executor, x, seeds, to);
  for (const [i, gradient] of gradients.entries()) {
    const largest = Math.max(...(wanted[i] ?? []).map(Math.abs), 1e-6);
    const difference = maxDifference(gradient, wanted[i] ?? []) / largest;
    assert.ok(difference < TOLERANCE, `${label} ${to[i]}: differs by ${difference} of ${largest}`);
  }
  executor.dispose();
  assert.equal(kernels.count, before, `${label}: values are left`);
}

function pull(
  executor: Executor,
  x: Numbers,
  seeds: ReadonlyMap<string, Numbers>,
  to: readonly string[],
  rule: GradientRule = "plain",
): readonly Float32Array[] {
  const input = upload(x);
  const recording = executor.record(input, { from: [...seeds.keys()], to, redirects: rule === "redirected" });
  const uploaded = new Map([...seeds].map(([name, seed]) => [name, upload(seed)]));
  const gradients = recording.vjp({ seeds: uploaded, to, rule });
  const read = gradients.map((value) => kernels.view(value).slice());
  recording.free();
  [input, ...uploaded.values(), ...gradients].forEach((value) => kernels.free(value));
  return read;
}

/** Two blocks with a skip, a max pooling between them. */
function residual(seed: number): ModelWriter {
  const w = new ModelWriter(seed);
  w.add("InputLayer", { name: "input", batch_input_shape: [null, 8, 9, 3] });
  w.conv([3, 3, 3, 6], { name: "first", activation: "relu6" });
  for (const block of [0, 1]) {
    const from = w.last;
    w.conv([1, 1, 6, 8], { use_bias: false });
    w.batchNorm(8);
    w.add("ReLU");
    w.depthwise([3, 3, 8, 1], { activation: "relu" });
    w.conv([1, 1, 8, 6]);
    w.batchNorm(6);
    w.add("Add", { name: `sum${block}` }, [from, w.last]);
    if (block === 0) w.add("MaxPooling2D");
  }
  w.add("GlobalAveragePooling2D");
  w.dense([6, 3], { name: "logits" });
  return w;
}

/** Strides and border of a window. */
function window(w: ModelWriter) {
  return { strides: w.integer(1, 3), padding: w.pick(["same", "valid"]) };
}

/** Sides of a window, and its strides and its borders, which are smaller than it. */
function bordered(w: ModelWriter) {
  const size = [w.integer(1, 4), w.integer(1, 4)] as const;
  const border = (side: number) => [w.integer(0, side - 1), w.integer(0, side - 1)] as const;
  const strides = [w.integer(1, 3), w.integer(1, 3)] as const;
  return [size, { strides, padding: { rows: border(size[0]), columns: border(size[1]) } }] as const;
}

function features(w: ModelWriter): number {
  return w.build().nodes.at(-1)?.shape[0] ?? 0;
}

/** Channels of the layer that was written last. */
function channelsOf(w: ModelWriter): number {
  return w.weights.get(`${w.last}/kernel`)?.shape[3] ?? 0;
}

function upload({ shape, values }: Numbers) {
  return kernels.upload(shape, Float32Array.from(values));
}

function noise(
  shape: readonly number[],
  seed: number,
): Numbers & { readonly values: Float32Array<ArrayBuffer> } {
  const next = random(seed);
  const length = shape.reduce((product, side) => product * side, 1);
  return { shape, values: Float32Array.from({ length }, () => 4 * next() - 2) };
}
