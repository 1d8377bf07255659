/** The same folded and fused graph by TensorFlow.js's public operations, as a converted GraphModel runs it. */
import "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import type { Graph, Node } from "../server/engine/graph/graph.ts";
import { optimise } from "../server/engine/graph/optimise.ts";
import type { OpenedModel } from "../server/engine/model/model.ts";
import { INPUT_SIDE, noise } from "./_input.ts";

/** Side of the hidden part, in pixels. */
const WINDOW = 32;

const RGB = 3;

/** A network on the stock backend. */
export class StockNetwork {
  readonly #graph: Graph;
  readonly #constants: ReadonlyMap<string, Readonly<Record<string, tf.Tensor>>>;

  private constructor(graph: Graph) {
    this.#graph = graph;
    this.#constants = new Map(
      graph.nodes.map(({ name, weights }) => [
        name,
        Object.fromEntries(
          Object.entries(weights).map(([key, { shape, values }]) => [key, tf.tensor(values, [...shape])]),
        ),
      ]),
    );
  }

  static async start({ graph }: OpenedModel): Promise<StockNetwork> {
    await tf.setBackend("wasm");
    await tf.ready();
    return new StockNetwork(optimise(graph));
  }

  /** Logits of `images` pictures. */
  forward(images: number): Float32Array {
    return this.#run(noise(images), images);
  }

  /** Logits of one picture with the window of this number filled with grey. */
  forwardOccluded(window: number): Float32Array {
    const pixels = noise(1).slice();
    const left = (window * 16) % (INPUT_SIDE - WINDOW);
    for (let row = 0; row < WINDOW; row++) {
      const start = (row * INPUT_SIDE + left) * RGB;
      pixels.fill(0, start, start + WINDOW * RGB);
    }
    return this.#run(pixels, 1);
  }

  #run(pixels: Float32Array, images: number): Float32Array {
    const logits = tf.tidy(() => {
      const values = new Map<string, tf.Tensor>();
      for (const node of this.#graph.nodes) {
        const inputs = node.inputs.map((name) => values.get(name)).filter((value) => value !== undefined);
        values.set(
          node.name,
          node.kind === "input"
            ? tf.tensor4d(pixels, [images, INPUT_SIDE, INPUT_SIDE, RGB])
            : this.#compute(node, inputs),
        );
      }
      const logits = values.get(this.#graph.logits);
      if (logits === undefined) throw new Error("Cannot read the logits: the graph has none");
      return logits;
    });
    const read = logits.dataSync();
    logits.dispose();
    return Float32Array.from(read);
  }

  #compute(node: Node, inputs: readonly tf.Tensor[]): tf.Tensor {
    const [x, y] = inputs;
    if (x === undefined) throw new Error(`Cannot compute ${node.name}: it has no input`);
    const constant = this.#constants.get(node.name) ?? {};
    const kernel = constant["kernel"] as tf.Tensor4D;
    const bias = constant["bias"] as tf.Tensor1D;
    switch (node.kind) {
      case "conv":
      case "depthwise": {
        const convolve = node.kind === "conv" ? tf.fused.conv2d : tf.fused.depthwiseConv2d;
        return convolve({
          x: x as tf.Tensor4D,
          filter: kernel,
          bias,
          strides: [...node.attrs.strides],
          pad: stockPadding(node),
          activation: node.attrs.activation,
        });
      }
      case "add":
        if (y === undefined) throw new Error(`Cannot compute ${node.name}: it has one input`);
        return tf.add(x, y);
      case "global-average-pool":
        return tf.mean(x, [1, 2]);
      case "dense":
        return tf.fused.matMul({ a: x as tf.Tensor2D, b: constant["kernel"] as tf.Tensor2D, bias });
      default:
        throw new Error(`Cannot compare the network: the bench has no stock operation for ${node.kind}`);
    }
  }
}

/** The bench's network has no padding by numbers. */
function stockPadding({ name, attrs: { padding } }: Node<"conv" | "depthwise">): "same" | "valid" {
  if (typeof padding === "string") return padding;
  throw new Error(`Cannot compare the network: the bench has no stock padding for ${name}`);
}
