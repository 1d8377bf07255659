/** The end of a page: what each method does, with which options, and where the model comes from. */
import type { ExplainedMap } from "../explain/mod.ts";
import { type Html, html } from "./_html.ts";
import type { ModelFacts } from "./card.ts";
import type { ReportSubject } from "./page.ts";
import type { Scale } from "./scale.ts";
import { formatValue } from "./words.ts";

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

/** Says where the model comes from. */
export function modelOf({ model }: Pick<ReportSubject, "model">, facts: ModelFacts | null): Html {
  const { id, name, width, height, classes, defaultLayer } = model;
  const lines: [string, string][] = [
    ["Id", id],
    ["Input", `${width}×${height} px, the middle square of the picture`],
    ["Classes", String(classes)],
    ["Default layer", defaultLayer],
    ...(facts === null ? [] : originOf(facts)),
  ];
  const description = facts?.description ?? "";
  return html`<section class="panel" aria-labelledby="model-title">
<h2 id="model-title">Model: ${name}</h2>
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

function originOf({ source, licence, sha256 }: ModelFacts): [string, string][] {
  const lines: [string, string][] = [
    ...Object.entries(source).map(([of, from]): [string, string] => [`Source of ${of}`, from]),
    ...Object.entries(licence).map(([of, words]): [string, string] => [`Licence of ${of}`, words]),
  ];
  if (sha256 !== null) lines.push(["SHA-256 of the card, which holds that of every file", sha256]);
  return lines;
}
