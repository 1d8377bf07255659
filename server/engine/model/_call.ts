/** What a layer of a Functional model is called with, as different versions of Keras write it. */
import * as v from "valibot";

/** An output of a layer. */
export interface Reference {
  readonly layer: string;
  /** Which call of the layer it is from. */
  readonly node: number;
  readonly output: number;
}

/** One call of a layer. */
export interface Call {
  readonly inputs: readonly Reference[];
  /** Arguments that are no layers. */
  readonly constants: Readonly<Record<string, unknown>>;
}

/** Name that Keras 2 writes in place of a layer where a function's first argument is a constant. */
const CONSTANT = "_CONSTANT_VALUE";

/** Characters of a call that a message quotes. */
const MAX_GIVEN_CHARS = 200;

/** Calls of one layer at most. */
const MAX_CALLS = 10_000;

const Tensor = v.looseTuple([v.string(), v.number(), v.number()]);

/** Keras 2: [layer, node, output, further arguments]; the third is the value itself of a constant. */
const Keras2Input = v.looseTuple([
  v.string(),
  v.number(),
  v.unknown(),
]);

/** Keras 3: tensors anywhere among the arguments. */
const Keras3Call = v.object({
  args: v.array(v.unknown()),
  kwargs: v.optional(v.looseObject({}), {}),
});
const Keras3Tensor = v.object({
  class_name: v.literal("__keras_tensor__"),
  config: v.object({ keras_history: Tensor }),
});

/**
 * Reads the calls of a layer; a layer that is called nowhere, as one of the input is, has one without arguments.
 *
 * @throws Error where they are written in no form that Keras has
 */
export function readCalls(layer: string, calls: readonly unknown[]): readonly Call[] {
  if (calls.length > MAX_CALLS) {
    throw new Error(
      `Cannot load the model: layer ${layer} may be called ${MAX_CALLS.toLocaleString("en")} times, ` +
        `got ${calls.length.toLocaleString("en")}`,
    );
  }
  return calls.length === 0 ? [{ inputs: [], constants: {} }] : calls.map((call) => readCall(layer, call));
}

function readCall(layer: string, call: unknown): Call {
  if (Array.isArray(call) && call.length === 0) return { inputs: [], constants: {} };
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
  for (const [layer, node, output, further] of parsed.output) {
    if (layer === CONSTANT) constants["x"] = output;
    else inputs.push({ layer, node, output: typeof output === "number" ? output : 0 });
    const named = v.safeParse(v.looseObject({}), further);
    if (!named.success) continue;
    const kwargs: [string, unknown][] = [];
    for (const [name, value] of Object.entries(named.output)) {
      const tensor = v.safeParse(Tensor, value);
      const input = tensor.success ? { input: inputs.push(reference(tensor.output)) - 1 } : null;
      if (name === "y") {
        if (input === null) constants["y"] = value;
      } else if (value !== null) kwargs.push([name, input ?? value]);
    }
    if (kwargs.length > 0) constants["kwargs"] = Object.fromEntries(kwargs);
  }
  return { inputs, constants };
}

/** An argument of a Keras 3 call: where a tensor stands, the number of the input that it is. */
export const InputNumber = v.object({ input: v.number() });

function readKeras3(call: unknown): Call | null {
  const parsed = v.safeParse(Keras3Call, call);
  if (!parsed.success) return null;
  const inputs: Reference[] = [];
  const numbered = (argument: unknown): unknown => {
    if (Array.isArray(argument)) return argument.map(numbered);
    const tensor = v.safeParse(Keras3Tensor, argument);
    if (!tensor.success) return argument;
    return { input: inputs.push(reference(tensor.output.config.keras_history)) - 1 };
  };
  const args = parsed.output.args.map(numbered);
  const kwargs = Object.fromEntries(
    Object.entries(parsed.output.kwargs).map(([name, argument]) => [name, numbered(argument)]),
  );
  return inputs.length === 0 ? null : { inputs, constants: { args, kwargs } };
}

function reference([layer, node, output]: v.InferOutput<typeof Tensor>): Reference {
  return { layer, node, output };
}
