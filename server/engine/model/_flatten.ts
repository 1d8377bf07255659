/** Models that are nested in each other as one list of layers. */
import type { Call, Reference } from "./_call.ts";
import type { LayerEntry, ModelConfig } from "./_model_config.ts";
import type { Layer } from "./topology.ts";

/** A layer whose name is not chosen yet; inputs are found once every layer is known. */
interface Flat {
  /** Names of the models around it, then its own. */
  readonly path: readonly string[];
  readonly className: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly inputs: readonly Source[];
}

/** Gives the id of the layer that a value comes from. */
type Source = () => string;

/** What a nested model is called with, by number; null for the outermost one, which has input layers. */
type Feed = ((input: number) => string) | null;

interface Flattened {
  readonly layers: readonly Flat[];
  readonly output: (number: number) => string;
}

/** Stands behind the name of a layer that is called more than once, before the number of the call. */
const CALL_MARK = "@";

/** Layers of a model at most; the largest in use have about 1,500. */
const MAX_LAYERS = 10_000;

/** Counts layers and models: models in models that are called twice double at each level. */
class Budget {
  #count = 0;

  /** @throws Error where a model has more layers than any has */
  spend(count: number): void {
    if (this.#count + count > MAX_LAYERS) {
      throw new Error(
        `Cannot load the model: expected at most ${MAX_LAYERS.toLocaleString("en")} layers, ` +
          `got ${(this.#count + count).toLocaleString("en")}`,
      );
    }
    this.#count += count;
  }
}

/** Puts the layers of all models into one list; a nested model's input layers give way to what feeds it. */
export function flatten(model: ModelConfig): { readonly layers: readonly Layer[]; readonly output: string } {
  const { layers, output } = flattenModel(model, { path: [], feed: null, budget: new Budget() });
  const counts = new Map<string, number>();
  for (const { path } of layers) counts.set(own(path), (counts.get(own(path)) ?? 0) + 1);
  const names = new Map(
    layers.map(({ path }) => [idOf(path), counts.get(own(path)) === 1 ? own(path) : idOf(path)]),
  );
  const nameOf = (id: string) => names.get(id) ?? id;
  return {
    layers: layers.map(({ path, className, config, inputs }) => ({
      name: nameOf(idOf(path)),
      className,
      config,
      inputs: inputs.map((source) => nameOf(source())),
    })),
    output: nameOf(output(0)),
  };
}

/** Where a model stands among the others. */
interface Surroundings {
  /** Names of the models around it. */
  readonly path: readonly string[];
  readonly feed: Feed;
  readonly budget: Budget;
}

function flattenModel(model: ModelConfig, around: Surroundings): Flattened {
  around.budget.spend(model.entries.length);
  return model.kind === "sequential" ? flattenSequential(model, around) : flattenFunctional(model, around);
}

/** Every layer reads the one before; the first one gets an input layer where it has none. */
function flattenSequential(
  { entries, inputShape }: Extract<ModelConfig, { kind: "sequential" }>,
  { path, feed, budget }: Surroundings,
): Flattened {
  const layers: Flat[] = [];
  let previous: Source | null = feed === null ? null : () => feed(0);
  for (const entry of entries) {
    const place = [...path, entry.name];
    if (entry.className === "InputLayer" && previous !== null) continue;
    if (entry.nested !== null) {
      const source: Source | null = previous;
      const inner = flattenModel(entry.nested, {
        path: place,
        feed: source === null ? null : () => source(),
        budget,
      });
      layers.push(...inner.layers);
      previous = () => inner.output(0);
      continue;
    }
    if (entry.className !== "InputLayer" && previous === null) {
      const input = [...path, `${entry.name}_input`];
      const shape = inputShape === null ? {} : { batch_input_shape: inputShape };
      const config = { ...shape, ...entry.config, name: own(input) };
      layers.push({ path: input, className: "InputLayer", config, inputs: [] });
      previous = () => idOf(input);
    }
    const { className, config } = entry;
    layers.push({ path: place, className, config, inputs: previous === null ? [] : [previous] });
    previous = () => idOf(place);
  }
  const last = previous;
  return { layers, output: () => last?.() ?? "" };
}

function flattenFunctional(
  model: Extract<ModelConfig, { kind: "functional" }>,
  { path, feed, budget }: Surroundings,
): Flattened {
  const { entries, inputs, outputs } = model;
  const layers: Flat[] = [];
  const results = new Map<string, readonly ((output: number) => string)[]>();
  const firstNode = firstNodes(model);
  const find = ({ layer, node, output }: Reference) => {
    const calls = results.get(layer);
    if (calls === undefined) return idOf([...path, layer]);
    return (calls[node - (firstNode.get(layer) ?? 0)] ?? calls[0])?.(output) ?? "";
  };
  for (const entry of entries) {
    const calls = entry.calls ?? [];
    if (calls.length > 1) budget.spend(calls.length - 1);
    results.set(
      entry.name,
      calls.map((call, number) => {
        const place = [...path, `${entry.name}${number === 0 ? "" : `${CALL_MARK}${number + 1}`}`];
        const sources = call.inputs.map((reference): Source => () => find(reference));
        if (entry.nested !== null) {
          const inner = flattenModel(entry.nested, {
            path: place,
            feed: sources.length === 0 ? null : (input) => sources[input]?.() ?? "",
            budget,
          });
          layers.push(...inner.layers);
          return inner.output;
        }
        if (entry.className === "InputLayer" && feed !== null) {
          const input = Math.max(0, inputs.indexOf(entry.name));
          return () => feed(input);
        }
        const config = configOf(entry, call);
        layers.push({ path: place, className: entry.className, config, inputs: sources });
        return () => idOf(place);
      }),
    );
  }
  const last = entries.at(-1)?.name ?? "";
  return { layers, output: (number) => find(outputs[number] ?? { layer: last, node: 0, output: 0 }) };
}

/** Number of each layer's first call: Keras counts the making of a nested model as one, which it does not write. */
function firstNodes(
  { entries, outputs }: Extract<ModelConfig, { kind: "functional" }>,
): ReadonlyMap<string, number> {
  const largest = new Map<string, number>();
  for (
    const { layer, node } of [
      ...entries.flatMap(({ calls }) => calls ?? []).flatMap(({ inputs }) => inputs),
      ...outputs,
    ]
  ) {
    largest.set(layer, Math.max(node, largest.get(layer) ?? 0));
  }
  return new Map(
    entries.map((
      { name, calls },
    ) => [name, Math.max(0, (largest.get(name) ?? 0) + 1 - (calls?.length ?? 1))]),
  );
}

function configOf({ config }: LayerEntry, { constants }: Call): Readonly<Record<string, unknown>> {
  return Object.keys(constants).length === 0 ? config : { ...config, call: constants };
}

function idOf(path: readonly string[]): string {
  return path.join("/");
}

function own(path: readonly string[]): string {
  return path.at(-1) ?? "";
}
