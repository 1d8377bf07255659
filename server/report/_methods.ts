/** The end of a page: what each method does, with which options, and where the model comes from. */
import type { HASHED, ModelAbout } from "../../shared/model_about.ts";
import type { ModelInfo } from "../../shared/protocol.ts";
import type { ExplainedMap } from "../explain/mod.ts";
import { type Html, html } from "./_html.ts";
import type { ReportSubject } from "./page.ts";
import type { Scale } from "./scale.ts";
import { formatValue } from "./words.ts";

/** Origin of a model. */
export type ModelFacts = Pick<ModelAbout, "description" | "source" | "licence" | "hash">;

/** A method as a page used it. */
export interface MethodUse extends Pick<ExplainedMap, "method" | "options"> {
  /** Scale of its maps, or null where each picture has its own. */
  readonly scale: Scale | null;
}

/** Describes the methods of a page. */
export function methodsOf(
  methods: readonly MethodUse[],
  { leftOut, notes }: Pick<ReportSubject, "leftOut" | "notes">,
): Html {
  return html`<section class="panel" aria-labelledby="methods-title">
<h2 id="methods-title">Methods</h2>
<div class="methods">
${methods.map(methodOf)}
</div>
${leftOut.map(({ method, reason }) => html`<p class="soft">Left out: ${method}. ${reason}.</p>`)}
${notes.map((note) => html`<p class="soft">Note: ${note}.</p>`)}
</section>`;
}

function methodOf({ method, options, scale }: MethodUse): Html {
  const { id, name, plain, expert, weakness } = method;
  const settings: [string, string][] = Object.entries(options).map((
    [option, value],
  ) => [option, String(value)]);
  if (scale !== null && scale.high > 0) {
    settings.push(["scale", `${formatValue(scale.low)} to ${formatValue(scale.high)} ${scale.unit}`]);
  }
  return html`
    <section>
      <h3>${name} <code>${id}</code></h3>
      <p>${plain}</p>
      <p class="soft">${expert}</p>
      <p class="soft">Limits: ${weakness}</p>
      <dl>
    ${settings.map(([term, words]) =>
      html`
        <dt>${term}</dt>
        <dd>${words}</dd>
      `
    )}
      </dl>
    </section>
  `;
}

/** Says where a model comes from; `number` is its place on the page, from 1. */
export function modelOf(
  { id, name, width, height, classes, defaultLayer }: ModelInfo,
  facts: ModelFacts | null,
  number = 1,
): Html {
  const lines: [string, string][] = [
    ["Id", id],
    ["Input", `${width}×${height} px, the middle of the picture in this shape`],
    ["Classes", String(classes)],
    ["Default layer", defaultLayer],
    ...(facts === null ? [] : originOf(facts)),
  ];
  const description = facts?.description ?? "";
  return html`<section class="panel" aria-labelledby="model-${number}">
<h2 id="model-${number}">Model: ${name}</h2>
${description === "" ? null : html`<p>${description}</p>`}
<dl>
${
    lines.map(([term, words]) =>
      html`
        <dt>${term}</dt>
        <dd>${words}</dd>
      `
    )
  }
</dl>
</section>`;
}

const HASH_WORDS: Readonly<Record<typeof HASHED[number], string>> = {
  card: "SHA-256 of the card, which holds that of every file",
  file: "SHA-256 of the file",
  files: "SHA-256 of the list of its files, as sha256sum writes it",
  head: "SHA-256 of the list of its base and its taught head",
};

function originOf({ source, licence, hash }: ModelFacts): [string, string][] {
  const lines: [string, string][] = [
    ...Object.entries(source).map(([of, from]): [string, string] => [`Source of ${of}`, from]),
    ...Object.entries(licence).map(([of, words]): [string, string] => [`Licence of ${of}`, words]),
  ];
  if (hash !== undefined) lines.push([HASH_WORDS[hash.of], hash.sha256]);
  return lines;
}
