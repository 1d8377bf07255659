/** What --methods and --layers print. */
import { printable } from "../../shared/printable.ts";
import type { LoadedModel } from "../engine/port.ts";
import { layersDocument, methodsDocument } from "../explain/mod.ts";
import { wantedOf } from "../methods/mod.ts";
import { tableOf } from "./_table.ts";

/** Exceptions that are named beside "all"; with more of them the methods are listed. */
const MAX_EXCEPTIONS = 3;

/** Lists the methods with their options. */
export function listMethods(json: boolean): string {
  const document = methodsDocument();
  if (json) return `${JSON.stringify(document, null, 2)}\n`;
  const paragraphs = document.methods.map(({ id, name, plain, expert, weakness, values, options }) =>
    [
      `${id} · ${name}`,
      `  ${plain}`,
      `  Exactly: ${expert}`,
      `  Limits: ${weakness}`,
      `  Values: ${values.meaning}, in ${values.unit.logit}`,
      ...options.map((spec) =>
        `  --${spec.name}: ${wantedOf(spec)} (default: ${spec.default}). ${spec.help}`
      ),
    ].join("\n")
  );
  return `${paragraphs.join("\n\n")}\n`;
}

/** Lists a model's layers in order, and which methods can have each as their target. */
export function listLayers(model: LoadedModel, json: boolean): string {
  const document = layersDocument(model);
  if (json) return `${JSON.stringify(document, null, 2)}\n`;
  const { layers, defaultLayer } = document;
  const able = new Set(layers.flatMap(({ methods }) => methods));
  const all = methodsDocument().methods.map(({ id }) => id).filter((id) => able.has(id));
  const rows = layers.map((
    { name, kind, shape, methods },
  ) => [name, kind, shape.join("×"), inWords(methods, all)]);
  const head = ["Layer", "Kind", "Shape", "Target of"];
  return [
    ...tableOf([head, ...rows], head.length),
    "",
    `Default: ${printable(defaultLayer)}. All: ${all.join(", ")}.`,
    "",
  ]
    .join("\n");
}

function inWords(methods: readonly string[], all: readonly string[]): string {
  if (methods.length === 0) return "";
  const missing = all.filter((id) => !methods.includes(id));
  if (missing.length === 0) return "all";
  const few = missing.length <= MAX_EXCEPTIONS && missing.length < methods.length;
  return few ? `all but ${missing.join(", ")}` : methods.join(", ");
}
