/** What --methods and --layers print. */
import type { LoadedModel } from "../engine/port.ts";
import { METHODS, wantedOf } from "../methods/mod.ts";

/** Lists the methods with their options. */
export function listMethods(json: boolean): string {
  if (json) {
    const methods = METHODS.map(({ id, name, plain, expert, weakness, signed, progressive, options }) => (
      { id, name, plain, expert, weakness, signed, progressive, options }
    ));
    return `${JSON.stringify({ methods }, null, 2)}\n`;
  }
  const paragraphs = METHODS.map(({ id, name, plain, expert, weakness, options }) =>
    [
      `${id} · ${name}`,
      `  ${plain}`,
      `  Exactly: ${expert}`,
      `  Limits: ${weakness}`,
      ...options.map((spec) =>
        `  --${spec.name}: ${wantedOf(spec)} (default: ${spec.default}). ${spec.help}`
      ),
    ].join("\n")
  );
  return `${paragraphs.join("\n\n")}\n`;
}

/** Lists a model's layers in order, and which methods can have each as their target. */
export function listLayers(model: LoadedModel, json: boolean): string {
  const layers = model.layers.map(({ name, kind, shape }) => ({
    name,
    kind,
    shape,
    methods: METHODS.filter((method) => method.layers(model).includes(name)).map(({ id }) => id),
  }));
  if (json) {
    return `${JSON.stringify({ model: model.id, defaultLayer: model.defaultLayer, layers }, null, 2)}\n`;
  }
  const nameWidth = Math.max(...layers.map(({ name }) => name.length));
  const kindWidth = Math.max(...layers.map(({ kind }) => kind.length));
  const lines = layers.map(({ name, kind, shape, methods }) => {
    const target = methods.length === 0 ? "" : `  target of ${methods.join(", ")}`;
    return `${name.padEnd(nameWidth)}  ${kind.padEnd(kindWidth)}  ${shape.join("×").padEnd(11)}${target}`
      .trimEnd();
  });
  return `${lines.join("\n")}\n`;
}
