import assert from "node:assert/strict";
import { type CurveName, CURVES } from "./curves.ts";
import { type DepthwiseShape } from "./depthwise.ts";
import { gateBytes } from "./gates.ts";
import { cutDepth } from "./gemm.ts";
import { PAGES } from "./layout.ts";
import { denseSums, Native, NO_LIMITS, packPanels } from "./native.ts";
import { type Needs, shapeKey } from "./needs.ts";
import { startTeam } from "./team.ts";

const FLOAT_BYTES = 4;
/** Largest difference of sums of up to 300 products of numbers below 1, in float32. */
const TOLERANCE = 5e-5;

/** Numbers −1…1 that are the same each time. */
function numbers(length: number, seed: number): Float32Array<ArrayBuffer> {
  let state = seed;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x3fffffff - 1;
  });
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  assert.equal(a.length, b.length);
  return Array.from(a).reduce((most, value, index) => Math.max(most, Math.abs(value - (b[index] ?? NaN))), 0);
}

/** Memory handed out from the beginning, with room left that shows writes beyond the end. */
class Room {
  readonly #memory: WebAssembly.Memory;
  #end = 1024;

  constructor(memory: WebAssembly.Memory) {
    this.#memory = memory;
  }

  put(values: Float32Array): number {
    const address = this.#end;
    this.view(address, values.length).set(values);
    this.#end += Math.ceil(values.byteLength / 16) * 16 + 64;
    return address;
  }

  view(address: number, length: number): Float32Array {
    return new Float32Array(this.#memory.buffer, address, length);
  }
}

async function withNative(
  needs: Partial<Needs>,
  threads: number,
  use: (native: Native, room: Room) => void,
): Promise<void> {
  const memory = new WebAssembly.Memory({ initial: PAGES, maximum: PAGES, shared: true });
  const team = await startTeam({
    memory,
    needs: { depths: new Set(), depthwise: new Map(), ...needs },
    threads,
    onError: () => {},
  });
  try {
    use(new Native(team, memory), new Room(memory));
  } finally {
    team.end();
  }
}

Deno.test("a depth is cut into parts of one length where that is possible", () => {
  assert.deepEqual(cutDepth(96), { steps: 96, full: 1, rest: 0 });
  assert.deepEqual(cutDepth(1152), { steps: 128, full: 9, rest: 0 });
  assert.deepEqual(cutDepth(480), { steps: 120, full: 4, rest: 0 });
  assert.deepEqual(cutDepth(257), { steps: 128, full: 2, rest: 1 });
});

Deno.test("a product equals the sum over its depth, whatever its size and however many threads", async () => {
  const sizes = [[6, 1, 1], [7, 5, 3], [13, 40, 24], [97, 130, 9], [49, 257, 17], [200, 16, 96], [
    193,
    3,
    33,
  ]] as const;
  const depths = new Set(sizes.map(([, depth]) => depth));
  for (const threads of [1, 2, 3]) {
    await withNative({ depths }, threads, (native, room) => {
      for (const [rows, depth, columns] of sizes) {
        const a = numbers(rows * depth, rows);
        const b = numbers(depth * columns, columns);
        const bias = numbers(Math.ceil(columns / 16) * 16, 3);
        const guard = room.put(new Float32Array(rows * columns + 1).fill(7));
        assert.ok(native.multiplies(rows, depth));
        native.multiply({
          a: room.put(a),
          aStride: depth * FLOAT_BYTES,
          b: room.put(packPanels(depth, columns, (row, column) => b[row * columns + column] ?? NaN)),
          bias: room.put(bias),
          c: guard,
          cStride: columns * FLOAT_BYTES,
          rows,
          depth,
          columns,
          low: -2,
          high: 1.5,
        });
        const wanted = Float32Array.from({ length: rows * columns }, (_, at) => {
          const [row, column] = [Math.floor(at / columns), at % columns];
          let sum = bias[column] ?? NaN;
          for (let k = 0; k < depth; k++) {
            sum += (a[row * depth + k] ?? NaN) * (b[k * columns + column] ?? NaN);
          }
          return Math.min(1.5, Math.max(-2, sum));
        });
        const got = room.view(guard, wanted.length + 1);
        assert.ok(
          largestDifference(got.subarray(0, -1), wanted) < TOLERANCE,
          `${rows}×${depth}×${columns} on ${threads} threads`,
        );
        assert.equal(got.at(-1), 7, "nothing is written behind the result");
      }
    });
  }
});

/** A gate of random values, and whether each number passes it. */
function makeGate(
  native: Native,
  room: Room,
  length: number,
): { gate: number; passes: (i: number) => boolean } {
  const values = numbers(length, 4).map((value) => 8 * value);
  const gate = room.put(new Float32Array(gateBytes(length) / FLOAT_BYTES));
  native.pack(room.put(values), gate, length, { low: 0, high: 6 });
  return { gate, passes: (i) => (values[i] ?? NaN) > 0 && (values[i] ?? NaN) < 6 };
}

Deno.test("a dense layer's sums equal those over its features, whatever its sizes and however many threads", async () => {
  const sizes = [[1, 1, 1], [2, 3, 17], [8, 4, 16], [5, 259, 1000], [3, 130, 515]] as const;
  for (const threads of [1, 2, 3]) {
    await withNative({}, threads, (native, room) => {
      for (const [rows, features, units] of sizes) {
        const [x, w] = [numbers(rows * features, 1), numbers(features * units, 2)];
        const call = { rows, features, units, x: room.put(x), w: room.put(w) };
        const length = denseSums(units);
        const sums = room.put(numbers(rows * length, 3));
        const beyond = room.view(sums + rows * length * FLOAT_BYTES, 4).fill(9);
        native.dense({ ...call, sums });
        const expected = Array.from({ length: rows * units }, (_, index) => {
          let sum = 0;
          for (let feature = 0; feature < features; feature++) {
            const row = Math.floor(index / units);
            sum += (x[row * features + feature] ?? NaN) * (w[feature * units + index % units] ?? NaN);
          }
          return sum;
        });
        const found = Array.from(
          { length: rows },
          (_, row) => [...room.view(sums + row * length * FLOAT_BYTES, units)],
        ).flat();
        const difference = largestDifference(found, expected);
        assert.ok(difference < TOLERANCE, `${rows}×${features}×${units}, ${threads} threads: ${difference}`);
        assert.deepEqual([...beyond], [9, 9, 9, 9]);
      }
    });
  }
});

Deno.test("a gate lets values through where the rectifier did, and those above a limit only", async () => {
  await withNative({}, 2, (native, room) => {
    for (const length of [4, 16, 20, 70_004]) {
      const { gate, passes } = makeGate(native, room, length);
      const values = numbers(length, 1);
      const input = room.put(values);
      const output = room.put(new Float32Array(length + 1).fill(7));
      for (const low of [-Infinity, 0]) {
        native.through(input, gate, output, length, low);
        const wanted = values.map((value, i) => passes(i) ? Math.max(low, value) : 0);
        assert.deepEqual(room.view(output, length + 1), Float32Array.of(...wanted, 7));
      }
    }
  });
});

Deno.test("a product goes through a gate of its layout", async () => {
  const sizes = [[13, 40, 24], [12, 130, 32], [49, 257, 20], [50, 16, 16]] as const;
  await withNative({ depths: new Set(sizes.map(([, depth]) => depth)) }, 2, (native, room) => {
    for (const [rows, depth, columns] of sizes) {
      const [a, b] = [numbers(rows * depth, 1), numbers(depth * columns, 2)];
      const { gate, passes } = makeGate(native, room, rows * columns);
      const [plain, gated] = [0, gate].map((gate) => {
        const c = room.put(new Float32Array(rows * columns));
        native.multiply({
          a: room.put(a),
          aStride: depth * FLOAT_BYTES,
          b: room.put(packPanels(depth, columns, (row, column) => b[row * columns + column] ?? NaN)),
          bias: room.put(new Float32Array(48)),
          c,
          cStride: columns * FLOAT_BYTES,
          rows,
          depth,
          columns,
          ...NO_LIMITS,
          gate,
        });
        return room.view(c, rows * columns).slice();
      });
      const wanted = plain?.map((value, i) => passes(i) ? value : 0);
      assert.deepEqual(gated, wanted, `${rows}×${depth}×${columns}`);
    }
  });
});

Deno.test("a product that no code was written for is refused", async () => {
  await withNative({ depths: new Set([8]) }, 1, (native) => {
    assert.equal(native.multiplies(100, 8), true);
    assert.equal(native.multiplies(100, 9), false);
    assert.equal(native.multiplies(5, 8), false, "fewer rows than a tile has");
  });
});

/** A layer in a forward pass, or in the backward pass of one of this stride. */
function layer(size: number, stride: number, spread: number, side: number, channels: number): DepthwiseShape {
  const output = spread === 1 ? Math.ceil(side / stride) : side * spread - 1;
  const before = spread === 1 ? Math.floor(Math.max(0, (output - 1) * stride + size - side) / 2) : size - 2;
  return {
    height: size,
    width: size,
    strideY: stride,
    strideX: stride,
    spreadY: spread,
    spreadX: spread,
    inputHeight: side,
    inputWidth: side,
    outputHeight: output,
    outputWidth: output,
    top: before,
    left: before,
    channels,
  };
}

Deno.test("a depthwise convolution equals the sum over its window, with strides and spread inputs", async () => {
  const batch = 2;
  const shapes = [
    layer(3, 1, 1, 5, 8),
    layer(5, 2, 1, 13, 4),
    layer(3, 1, 2, 9, 12),
    layer(5, 1, 3, 4, 4),
    layer(7, 1, 1, 14, 4),
    layer(1, 1, 1, 1, 4),
    layer(3, 2, 1, 7, 4),
    layer(3, 1, 2, 8, 4),
    layer(2, 1, 3, 5, 4),
    layer(1, 1, 2, 3, 4),
    { ...layer(3, 1, 2, 28, 8), outputHeight: 56, outputWidth: 56 },
  ];
  const depthwise = new Map(shapes.map((shape) => [shapeKey(shape), shape]));
  await withNative({ depthwise }, 2, (native, room) => {
    for (const shape of shapes) {
      const { inputHeight: side, outputHeight: out, channels, height: size, strideY, spreadY, top } = shape;
      const input = numbers(batch * side * side * channels, 5);
      const kernel = numbers(size * size * channels, 6);
      const bias = numbers(16, 7);
      const output = room.put(new Float32Array(batch * out * out * channels + 1).fill(7));
      assert.ok(native.knowsDepthwise(shape));
      const [x, w, b] = [room.put(input), room.put(kernel), room.put(bias)];
      native.depthwise({ shape, batch, input: x, kernel: w, bias: b, output, low: -1, high: 2 });
      const wanted = Float32Array.from({ length: batch * out * out * channels }, (_, at) => {
        const c = at % channels;
        const cell = Math.floor(at / channels);
        const [ox, oy, image] = [cell % out, Math.floor(cell / out) % out, Math.floor(cell / out / out)];
        let sum = bias[c] ?? NaN;
        for (let ky = 0; ky < size; ky++) {
          for (let kx = 0; kx < size; kx++) {
            const [y, x] = [(oy * strideY - top + ky) / spreadY, (ox * strideY - top + kx) / spreadY];
            if (!Number.isInteger(y) || !Number.isInteger(x) || y < 0 || x < 0 || y >= side || x >= side) {
              continue;
            }
            sum += (input[((image * side + y) * side + x) * channels + c] ?? NaN) *
              (kernel[(ky * size + kx) * channels + c] ?? NaN);
          }
        }
        return Math.min(2, Math.max(-1, sum));
      });
      const got = room.view(output, wanted.length + 1);
      assert.ok(largestDifference(got.subarray(0, -1), wanted) < TOLERANCE, shapeKey(shape));
      assert.equal(got.at(-1), 7, "nothing is written behind the result");

      const ungated = got.slice(0, -1);
      const { gate, passes } = makeGate(native, room, wanted.length);
      native.depthwise({ shape, batch, input: x, kernel: w, bias: b, output, low: -1, high: 2, gate });
      const through = ungated.map((value, i) => passes(i) ? value : 0);
      assert.deepEqual(room.view(output, wanted.length), through, `gate of ${shapeKey(shape)}`);
    }
  });
});

Deno.test("parts of a depthwise layer equal what the whole layer has there", async () => {
  const batch = 3;
  const layers = [[3, 1, 8], [5, 2, 4], [3, 2, 12], [5, 1, 4]] as const;
  const shapes = layers.map(([size, stride, channels]) => layer(size, stride, 1, 21, channels));
  const depthwise = new Map(shapes.map((shape) => [shapeKey(shape), shape]));
  await withNative({ depthwise }, 2, (native, room) => {
    for (const shape of shapes) {
      const { channels, height: size, strideY: stride, outputHeight: out, top } = shape;
      const [high, wide] = [5, 7];
      const kernel = room.put(numbers(size * size * channels, 6));
      const bias = room.put(numbers(16, 7));
      const side = shape.inputHeight;
      const whole = room.put(numbers(batch * side * side * channels, 5));
      const output = room.put(new Float32Array(batch * out * out * channels));
      const limits = { low: -1, high: 2 };
      native.depthwise({ shape, batch, input: whole, kernel, bias, output, ...limits });

      const [inputHeight, inputWidth] = [(high - 1) * stride + size, (wide - 1) * stride + size];
      const input = room.put(new Float32Array(batch * inputHeight * inputWidth * channels));
      // The parts lie at the upper left corner, in the middle and at the lower right one.
      const corners = [[0, 0], [3, 2], [out - high, out - wide]] as const;
      native.assemble({
        target: input,
        height: inputHeight,
        width: inputWidth,
        wholeHeight: side,
        wholeWidth: side,
        newHeight: 0,
        newWidth: 0,
        pixelBytes: channels * FLOAT_BYTES,
        cutOuts: corners.map(([row, column], image) => ({
          whole: whole + image * side * side * channels * FLOAT_BYTES,
          fresh: 0,
          top: row * stride - top,
          left: column * stride - top,
          freshTop: 0,
          freshLeft: 0,
        })),
      });
      const part = room.put(new Float32Array(batch * high * wide * channels + 1).fill(7));
      native.depthwisePatch({
        layer: shape,
        batch,
        input,
        inputHeight,
        inputWidth,
        kernel,
        bias,
        output: part,
        outputHeight: high,
        outputWidth: wide,
        ...limits,
      });
      const all = room.view(output, batch * out * out * channels);
      const wanted = corners.flatMap(([row, column], image) =>
        Array.from({ length: high }, (_, y) => {
          const first = ((image * out + row + y) * out + column) * channels;
          return [...all.subarray(first, first + wide * channels)];
        }).flat()
      );
      assert.deepEqual([...room.view(part, wanted.length + 1)], [...wanted, 7], shapeKey(shape));
    }
  });
});

Deno.test("a cut-out holds the new numbers where they lie, the old ones around them and zeros beyond", async () => {
  await withNative({}, 3, (native, room) => {
    const [side, channels, size] = [6, 2, 3];
    const whole = numbers(side * side * channels, 1);
    const fresh = numbers(2 * size * size * channels, 2);
    const [height, width] = [5, 9];
    const places = [
      { top: -1, left: -2, freshTop: 1, freshLeft: 2 },
      { top: 3, left: 1, freshTop: 4, freshLeft: -1 },
    ];
    const target = room.put(new Float32Array(2 * height * width * channels + 1).fill(7));
    const [wholeAt, freshAt] = [room.put(whole), room.put(fresh)];
    native.assemble({
      target,
      height,
      width,
      wholeHeight: side,
      wholeWidth: side,
      newHeight: size,
      newWidth: size,
      pixelBytes: channels * FLOAT_BYTES,
      cutOuts: places.map((place, row) => ({
        ...place,
        whole: wholeAt,
        fresh: freshAt + row * size * size * channels * FLOAT_BYTES,
      })),
    });
    const wanted = places.flatMap(({ top, left, freshTop, freshLeft }, row) =>
      Array.from({ length: height * width * channels }, (_, at) => {
        const c = at % channels;
        const [y, x] = [Math.floor(at / channels / width) + top, Math.floor(at / channels) % width + left];
        if (y < 0 || x < 0 || y >= side || x >= side) return 0;
        const [v, u] = [y - freshTop, x - freshLeft];
        if (v < 0 || u < 0 || v >= size || u >= size) return whole[(y * side + x) * channels + c] ?? NaN;
        return fresh[((row * size + v) * size + u) * channels + c] ?? NaN;
      })
    );
    assert.deepEqual([...room.view(target, wanted.length + 1)], [...wanted, 7]);
  });
});

Deno.test("what is cut into patches and added up again counts each pixel as often as a patch holds it", async () => {
  const [batch, side, channels, size, stride, before, patches] = [2, 7, 3, 3, 2, 1, 4] as const;
  const picture = numbers(batch * side * side * channels, 9);
  const patchFloats = size * size * channels;
  await withNative({}, 2, (native, room) => {
    const call = {
      pictureHeight: side,
      pictureWidth: side,
      channels,
      patchesHigh: patches,
      patchesWide: patches,
      height: size,
      width: size,
      strideY: stride,
      strideX: stride,
      top: before,
      left: before,
      patchBytes: patchFloats * FLOAT_BYTES,
      firstRow: 0,
    };
    const [from, cut] = [
      room.put(picture),
      room.put(new Float32Array(batch * patches * patches * patchFloats)),
    ];
    native.cut({ ...call, picture: from, patches: cut, endRow: batch * patches });
    const wanted = Float32Array.from({ length: batch * patches * patches * patchFloats }, (_, at) => {
      const [c, kx, ky] = [
        at % channels,
        Math.floor(at / channels) % size,
        Math.floor(at / channels / size) % size,
      ];
      const patch = Math.floor(at / patchFloats);
      const [px, py] = [patch % patches, Math.floor(patch / patches) % patches];
      const image = Math.floor(patch / patches / patches);
      const [y, x] = [py * stride - before + ky, px * stride - before + kx];
      if (y < 0 || x < 0 || y >= side || x >= side) return 0;
      return picture[((image * side + y) * side + x) * channels + c] ?? NaN;
    });
    assert.deepEqual(room.view(cut, wanted.length), wanted);

    const back = room.put(new Float32Array(picture.length).fill(9));
    native.gather({ ...call, picture: back, patches: cut, endRow: batch * side });
    // Along an axis of 7 px, windows of 3 at −1, 1, 3, 5 hold the odd pixels twice and the others once.
    const times = (at: number) => at % 2 === 1 ? 2 : 1;
    const sums = picture.map((value, at) => {
      const cell = Math.floor(at / channels);
      return value * times(cell % side) * times(Math.floor(cell / side) % side);
    });
    assert.ok(largestDifference(room.view(back, sums.length), sums) < 1e-6);
  });
});

Deno.test("sums and masks reach the last number and no further", async () => {
  await withNative({}, 2, (native, room) => {
    for (const length of [1, 15, 16, 17, 70_001]) {
      const [a, b] = [numbers(length, 1), numbers(length, 2).map((value) => 8 * value)];
      const [x, y] = [room.put(a), room.put(b)];
      const output = room.put(new Float32Array(length + 1).fill(7));
      const read = () => room.view(output, length + 1).slice();
      native.add(x, y, output, length);
      assert.deepEqual(read(), Float32Array.of(...a.map((value, i) => value + (b[i] ?? NaN)), 7));
      const passes = (i: number) => (b[i] ?? NaN) > 0 && (b[i] ?? NaN) < 6;
      native.mask({ a: x, b: y, output, length, low: 0, high: 6 }, "plain");
      assert.deepEqual(read(), Float32Array.of(...a.map((value, i) => passes(i) ? value : 0), 7));
      native.mask({ a: x, b: y, output, length, low: 0, high: 6 }, "guided");
      assert.deepEqual(
        read(),
        Float32Array.of(...a.map((value, i) => passes(i) && value > 0 ? value : 0), 7),
      );
    }
    assert.deepEqual(NO_LIMITS, { low: -Infinity, high: Infinity });
  });
});

Deno.test("functions and slopes equal their definitions, over their whole range and to the last number", async () => {
  const share = (x: number) => {
    // Simpson's rule, from 0.
    const steps = 300;
    const density = (t: number) => Math.exp(-t * t / 2) / Math.sqrt(2 * Math.PI);
    const sum = Array.from(
      { length: steps + 1 },
      (_, i) => (i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2) * density(x * i / steps),
    ).reduce((total, part) => total + part, 0);
    return 0.5 + sum * x / steps / 3;
  };
  const bent = (x: number) => Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3));
  const clip = { scale: -0.75, shift: 0.5, low: -1, high: 2 };
  const functions: Readonly<Record<CurveName, (x: number) => number>> = {
    clip: (x) => Math.min(clip.high, Math.max(clip.low, clip.scale * x + clip.shift)),
    swish: (x) => x / (1 + Math.exp(-x)),
    "hard-swish": (x) => x * Math.min(6, Math.max(0, x + 3)) / 6,
    gelu: (x) => x * share(x),
    "gelu-tanh": (x) => x / 2 * (1 + bent(x)),
    erf: (x) => 2 * share(x * Math.SQRT2) - 1,
  };
  const length = 1003;
  const xs = Float32Array.from({ length }, (_, i) => 24 * i / length - 12.00013);
  const gradients = numbers(length, 3);
  await withNative({}, 2, (native, room) => {
    const [x, gradient, output] = [
      room.put(xs),
      room.put(gradients),
      room.put(new Float32Array(length + 4).fill(7)),
    ];
    const view = room.view(output, length + 4);
    for (const name of CURVES) {
      const of = functions[name];
      native.curve(name, { x, gradient: null, output, length, ...clip });
      const values = view.slice(0, length);
      assert.ok(largestDifference(values, Array.from(xs, of)) < 2e-6, name);
      // What cuts off reads its slope from what it yields.
      room.view(x, length).set(name === "clip" ? values : xs);
      native.curve(name, { x, gradient, output, length, ...clip });
      room.view(x, length).set(xs);
      const step = 1e-4;
      const slopes = Array.from(
        xs,
        (at, i) => (gradients[i] ?? 0) * (of(at + step) - of(at - step)) / (2 * step),
      );
      const bends = (at: number) =>
        [-3, 3, (clip.low - clip.shift) / clip.scale, (clip.high - clip.shift) / clip.scale]
          .some((bend) => Math.abs(at - bend) < 2 * step);
      const differences = slopes.map((slope, i) =>
        bends(xs[i] ?? 0) ? 0 : Math.abs(slope - (view[i] ?? NaN))
      );
      assert.ok(Math.max(...differences) < 5e-6, `${name}: ${Math.max(...differences)}`);
      assert.deepEqual([...view.slice(length)], [7, 7, 7, 7]);
    }
    for (const name of CURVES) {
      room.view(x, 2).set([NaN, 1]);
      native.curve(name, { x, gradient: null, output, length: 2, ...clip });
      assert.ok(Number.isNaN(view[0]), `${name} keeps NaN`);
    }
  });
});

Deno.test("rows are normalised and taken back as defined, whatever their length and however many threads", async () => {
  const epsilon = 0.25;
  for (const threads of [1, 3]) {
    await withNative({}, threads, (native, room) => {
      for (const [rows, length] of [[1, 1], [5, 3], [7, 4], [50, 197], [3, 260]] as const) {
        const [x, g] = [numbers(rows * length, 1), numbers(rows * length, 2)];
        const [scale, shift] = [numbers(length, 3), numbers(length, 4)];
        const addresses = {
          x: room.put(x),
          gradient: room.put(g),
          scale: room.put(scale),
          shift: room.put(shift),
        };
        const computed = (kernel: Parameters<Native["rows"]>[0]) => {
          const output = room.put(new Float32Array(rows * length + 1).fill(7));
          native.rows(kernel, { ...addresses, output, rows, length, epsilon });
          const got = room.view(output, rows * length + 1);
          assert.equal(got.at(-1), 7, "nothing is written behind the result");
          return got.subarray(0, -1);
        };
        const wanted = { norm: [] as number[], normBack: [] as number[], softmaxBack: [] as number[] };
        for (let row = 0; row < rows; row++) {
          const own = [...x.subarray(row * length, (row + 1) * length)];
          const from = [...g.subarray(row * length, (row + 1) * length)];
          const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / length;
          const centre = mean(own);
          const spread = Math.sqrt(mean(own.map((value) => (value - centre) ** 2)) + epsilon);
          const even = own.map((value) => (value - centre) / spread);
          const h = from.map((value, i) => value * (scale[i] ?? NaN));
          const along = mean(h.map((value, i) => value * (even[i] ?? NaN)));
          const share = from.reduce((sum, value, i) => sum + value * (own[i] ?? NaN), 0);
          wanted.norm.push(...even.map((value, i) => value * (scale[i] ?? NaN) + (shift[i] ?? NaN)));
          wanted.normBack.push(...h.map((value, i) => (value - mean(h) - (even[i] ?? NaN) * along) / spread));
          wanted.softmaxBack.push(...own.map((value, i) => value * ((from[i] ?? NaN) - share)));
        }
        for (const kernel of ["norm", "normBack", "softmaxBack"] as const) {
          const difference = largestDifference(computed(kernel), wanted[kernel]);
          assert.ok(difference < TOLERANCE, `${kernel}, ${rows}×${length}: ${difference}`);
        }
      }
    });
  }
});

Deno.test("lines that lie apart are copied side by side, panel by panel, and nothing beside them", async () => {
  for (const threads of [1, 2]) {
    await withNative({}, threads, (native, room) => {
      const [panels, lines, width] = [3, 5, 11];
      const matrix = numbers(panels * width * lines, 5);
      const from = room.put(matrix);
      // Columns of a matrix `[panels · width, lines]`, a panel of them after the other; and rows of `[lines, panels · width]`.
      for (const turned of [true, false]) {
        const [lineStep, step] = turned ? [1, lines] : [panels * width, 1];
        const to = room.put(new Float32Array(panels * lines * (width + 1)).fill(7));
        native.strided({
          from,
          to,
          lines: panels * lines,
          linesPerPanel: lines,
          panelStep: width * step * FLOAT_BYTES,
          lineStep: lineStep * FLOAT_BYTES,
          width: width * FLOAT_BYTES,
          step: step * FLOAT_BYTES,
          toStep: (width + 1) * FLOAT_BYTES,
        });
        const wanted = Array.from({ length: panels * lines * (width + 1) }, (_, at) => {
          const [line, number] = [Math.floor(at / (width + 1)), at % (width + 1)];
          const first = Math.floor(line / lines) * width * step + (line % lines) * lineStep;
          return number === width ? 7 : matrix[first + number * step] ?? NaN;
        });
        assert.deepEqual([...room.view(to, wanted.length)], wanted);
      }
    });
  }
});

Deno.test("helpers that sleep are woken: a job after a pause is done as well", async () => {
  await withNative({}, 3, (native, room) => {
    const [a, b, output] = [1, 2, 3].map((value) => room.put(new Float32Array(200_000).fill(value))) as [
      number,
      number,
      number,
    ];
    for (let round = 0; round < 200; round++) {
      // Longer than helpers wait in their loop before they sleep.
      if (round % 50 === 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
      native.add(a, b, output, 200_000);
      assert.equal(room.view(output, 200_000).findIndex((value) => value !== 3), -1);
    }
  });
});
