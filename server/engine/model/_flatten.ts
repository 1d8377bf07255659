/** Models that are nested in each other as one list of layers. */
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

/** Puts the layers of all models into one list; a nested model's input layers give way to what feeds it. */
export function flatten(model: ModelConfig): { readonly layers: readonly Layer[]; readonly output: string } {
  const { layers, output } = flattenModel(model, [], null);
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

function flattenModel(model: ModelConfig, path: readonly string[], feed: Feed): Flattened {
  return model.kind === "sequential"
    ? flattenSequential(model, path, feed)
    : flattenFunctional(model, path, feed);
}

/** Every layer reads the one before; the first one gets an input layer where it has none. */
function flattenSequential(
  { entries, inputShape }: Extract<ModelConfig, { kind: "sequential" }>,
  path: readonly string[],
  feed: Feed,
): Flattened {
  const layers: Flat[] = [];
  let previous: Source | null = feed === null ? null : () => feed(0);
  for (const entry of entries) {
    const place = [...path, entry.name];
    if (entry.className === "InputLayer" && previous !== null) continue;
    if (entry.nested !== null) {
      const source: Source | null = previous;
      const inner = flattenModel(entry.nested, place, source === null ? null : () => source());
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
  { entries, inputs, outputs }: Extract<ModelConfig, { kind: "functional" }>,
  path: readonly string[],
  feed: Feed,
): Flattened {
  const layers: Flat[] = [];
  const results = new Map<string, (output: number) => string>();
  const find = (layer: string, output: number) => results.get(layer)?.(output) ?? idOf([...path, layer]);
  for (const entry of entries) {
    const place = [...path, entry.name];
    const sources = (entry.call?.inputs ?? []).map(({ layer, output }): Source => () => find(layer, output));
    if (entry.nested !== null) {
      const inner = flattenModel(
        entry.nested,
        place,
        sources.length === 0 ? null : (number) => sources[number]?.() ?? "",
      );
      layers.push(...inner.layers);
      results.set(entry.name, inner.output);
    } else if (entry.className === "InputLayer" && feed !== null) {
      const number = Math.max(0, inputs.indexOf(entry.name));
      results.set(entry.name, () => feed(number));
    } else {
      layers.push({ path: place, className: entry.className, config: configOf(entry), inputs: sources });
      results.set(entry.name, () => idOf(place));
    }
  }
  const last = entries.at(-1)?.name ?? "";
  return {
    layers,
    output(number) {
      const { layer, output } = outputs[number] ?? { layer: last, output: 0 };
      return find(layer, output);
    },
  };
}

function configOf({ config, call }: LayerEntry): Readonly<Record<string, unknown>> {
  const constants = call?.constants ?? {};
  return Object.keys(constants).length === 0 ? config : { ...config, call: constants };
}

function idOf(path: readonly string[]): string {
  return path.join("/");
}

function own(path: readonly string[]): string {
  return path.at(-1) ?? "";
}
