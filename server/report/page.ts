/** One self-contained page about the pictures of a run: nothing in it comes from elsewhere, and nothing in it runs. */
import type { ModelInfo } from "../../shared/protocol.ts";
import type { Picture } from "../engine/mod.ts";
import type { ExplainedMap, Explanation } from "../explain/mod.ts";
import { articleOf, failureOf } from "./_article.ts";
import { type ContentsEntry, contentsLink, contentsOf, entryOf, introductionOf } from "./_contents.ts";
import { html } from "./_html.ts";
import { gradientsOf } from "./_legend.ts";
import { methodsOf, type MethodUse, type ModelFacts, modelOf } from "./_methods.ts";
import { heldOf } from "./_photo.ts";
import { trustTable } from "./_trust_table.ts";
import { headOf, PAGE_END, REPORT_POLICY } from "./_page.ts";
import { scalesOf } from "./scale.ts";
import { fileName } from "./words.ts";

export { type ModelFacts, REPORT_POLICY };

/** A picture's explanation with the picture. */
export interface Explained {
  readonly explanation: Explanation;
  /** What the model saw: the middle, in the input's shape and size. */
  readonly picture: Picture;
}

/** What a page is about, known before any picture is explained. */
export interface ReportSubject {
  /** Names of the pictures, at least one. */
  readonly images: readonly string[];
  readonly model: ModelInfo;
  /** The maps that are made of each picture. */
  readonly maps: readonly { readonly method: string; readonly classText: string }[];
  /** Methods that were left out, and notes, as an {@link Explanation} has them. */
  readonly leftOut: Explanation["leftOut"];
  readonly notes: Explanation["notes"];
}

/** A page that is written picture by picture, so that none of them has to be kept. */
export class Report {
  readonly #subject: ReportSubject;
  readonly #methods = new Map<string, MethodUse>();
  readonly #meters: Pick<ExplainedMap, "method" | "trust">[] = [];
  readonly #colours = new Set<string>();
  readonly #contents: ContentsEntry[] = [];
  /** What is to be known of single pictures. */
  readonly #notes: string[] = [];

  constructor(subject: ReportSubject) {
    this.#subject = subject;
  }

  /** What comes before the first picture. */
  begin(): string {
    const { title, words } = introductionOf(this.#subject);
    return headOf(title, words, contentsLink(this.#subject));
  }

  /** The next picture of the subject, with its maps; those of one method share a scale. */
  add(explained: Explained): string {
    const { explanation: { image, maps, notes }, picture } = explained;
    const own = notes.filter((note) => !this.#subject.notes.includes(note));
    this.#notes.push(...own.map((note) => `${image}: ${note}`));
    const number = this.#contents.push(entryOf(explained.explanation));
    const scales = scalesOf(maps);
    const fresh = [...scales.values()].filter(({ high, colours }) => high > 0 && !this.#colours.has(colours));
    for (const { colours } of fresh) this.#colours.add(colours);
    for (const { method, options, trust } of maps) {
      if (trust !== null) this.#meters.push({ method, trust });
      if (this.#methods.has(method.id)) continue;
      this.#methods.set(method.id, {
        method,
        options,
        scale: this.#only ? scales.get(method.id) ?? null : null,
      });
    }
    return html`
      ${heldOf(number, picture, gradientsOf(fresh))}
      ${articleOf(explained, {
        ...{ number, scales, level: 2 },
        title: this.#only ? "Predictions and maps" : fileName(image),
      })}
    `.text;
  }

  /** The next picture of the subject, which could not be explained; `reason` is a sentence. */
  addFailure(image: string, reason: string): string {
    const number = this.#contents.push({ image, words: "not explained" });
    return failureOf(reason, { number, title: fileName(image), level: 2 }).text;
  }

  /** What comes behind the last picture; `facts` are the origin of the model, where it is known. */
  end(facts: ModelFacts | null): string {
    const { leftOut, notes } = this.#subject;
    return html`
        ${contentsOf(this.#contents, this.#subject)}
      ${trustTable(this.#meters)}
        ${methodsOf([...this.#methods.values()], { leftOut, notes: [...notes, ...this.#notes] })}
        ${modelOf(this.#subject.model, facts)}
      ${PAGE_END}
    `.text;
  }

  get #only(): boolean {
    return this.#subject.images.length === 1;
  }
}

/**
 * Writes the page of some pictures at once; the same explanations give the same page.
 *
 * @param all at least one, of the same plan
 * @param facts origin of the model, where it is known
 */
export function reportOf(all: readonly [Explained, ...Explained[]], facts: ModelFacts | null = null): string {
  const [{ explanation: { model, maps, leftOut, notes } }] = all;
  const report = new Report({
    images: all.map(({ explanation: { image } }) => image),
    model,
    maps: maps.map(({ method, classText }) => ({ method: method.name, classText })),
    leftOut,
    notes,
  });
  return [report.begin(), ...all.map((one) => report.add(one)), report.end(facts)].join("\n");
}
