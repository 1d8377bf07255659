/** What a layer of a Functional model is called with, as different versions of Keras write it. */
import * as v from "valibot";

/** An output of a layer. */
export interface Reference {
  readonly layer: string;
  readonly output: number;
}

/** The call of a layer. */
export interface Call {
  readonly inputs: readonly Reference[];
  /** Arguments that are no layers: the constant `x` or `y` of an arithmetic function. */
  readonly constants: Readonly<Record<string, unknown>>;
}

/** Name that Keras 2 writes in place of a layer where a function's first argument is a constant. */
const CONSTANT = "_CONSTANT_VALUE";

/** Characters of a call that a message quotes. */
const MAX_GIVEN_CHARS = 200;

const Tensor = v.looseTuple([v.string(), v.number(), v.number()]);

/** Keras 2: [layer, node, output, further arguments]; the third is the value itself of a constant. */
const Keras2Input = v.looseTuple([
  v.string(),
  v.number(),
  v.unknown(),
]);

/** Keras 3: tensors anywhere among the arguments. */
const Keras3Call = v.object({ args: v.array(v.unknown()) });
const Keras3Tensor = v.object({
  class_name: v.literal("__keras_tensor__"),
  config: v.object({ keras_history: Tensor }),
});

/**
 * Reads the calls of a layer.
 *
 * @throws Error where the layer is called twice, which its gradients would have to tell apart
 */
export function readCall(layer: string, calls: readonly unknown[]): Call {
  if (calls.length > 1) {
    throw new Error(
      `Cannot load the model: layer ${layer} is called ${calls.length} times, expected once`,
    );
  }
  const [call] = calls;
  if (call === undefined || Array.isArray(call) && call.length === 0) return { inputs: [], constants: {} };
  const read = readKeras2(call) ?? readKeras3(call);
  if (read !== null) return read;
  throw new Error(
    `Cannot load the model: the inputs of layer ${layer} are not written in the form of Keras 2 or 3, ` +
      `got ${JSON.stringify(call).slice(0, MAX_GIVEN_CHARS)}`,
  );
}

function readKeras2(call: unknown): Call | null {
  // Functions of TensorFlow are written without the list around their only input.
  const parsed = v.safeParse(
    v.union([v.pipe(Keras2Input, v.transform((one) => [one])), v.array(Keras2Input)]),
    call,
  );
  if (!parsed.success) return null;
  const inputs: Reference[] = [];
  const constants: Record<string, unknown> = {};
  for (const [layer, , output, further] of parsed.output) {
    if (layer === CONSTANT) constants["x"] = output;
    else inputs.push({ layer, output: typeof output === "number" ? output : 0 });
    const second = v.safeParse(v.looseObject({ y: v.unknown() }), further);
    if (!second.success) continue;
    const tensor = v.safeParse(Tensor, second.output.y);
    if (tensor.success) inputs.push({ layer: tensor.output[0], output: tensor.output[2] });
    else constants["y"] = second.output.y;
  }
  return { inputs, constants };
}

function readKeras3(call: unknown): Call | null {
  const parsed = v.safeParse(Keras3Call, call);
  if (!parsed.success) return null;
  const inputs = parsed.output.args.flat(Infinity).flatMap((argument): readonly Reference[] => {
    const tensor = v.safeParse(Keras3Tensor, argument);
    if (!tensor.success) return [];
    const [layer, , output] = tensor.output.config.keras_history;
    return [{ layer, output }];
  });
  return inputs.length === 0 ? null : { inputs, constants: {} };
}
