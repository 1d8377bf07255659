/** One page about the pictures of a run by several models: what each of them says of a picture stands side by side. */
import type { ModelInfo } from "../../shared/protocol.ts";
import type { ExplainedMap } from "../explain/mod.ts";
import { articleOf, failureOf } from "./_article.ts";
import { contentsOf, entryOf } from "./_contents.ts";
import { Html, html } from "./_html.ts";
import { gradientsOf } from "./_legend.ts";
import { methodsOf, type MethodUse, type ModelFacts, modelOf } from "./_methods.ts";
import { headOf, PAGE_END } from "./_page.ts";
import { heldOf } from "./_photo.ts";
import { trustTable } from "./_trust_table.ts";
import type { Explained, ReportSubject } from "./page.ts";
import { scalesOf } from "./scale.ts";
import { counted, fileName } from "./words.ts";

/** A model of the page with what it said. */
interface Column {
  readonly model: ModelInfo;
  readonly facts: ModelFacts;
  readonly leftOut: ReportSubject["leftOut"];
  readonly notes: string[];
  readonly meters: Pick<ExplainedMap, "method" | "trust">[];
  /** By the place of the picture. */
  readonly cells: Map<number, Cell>;
}

/** What a model says of a picture. */
interface Cell {
  readonly article: string;
  /** For the list of all pictures. */
  readonly words: string;
}

/** A page of several models. They explain one after the other, so what each says is kept until the last has ended. */
export class ComparedReport {
  readonly #images: readonly string[];
  readonly #columns: Column[] = [];
  readonly #methods = new Map<string, MethodUse>();
  readonly #colours = new Set<string>();

  /** @param images names of the pictures, at least one */
  constructor(images: readonly string[]) {
    this.#images = images;
  }

  /** Begins with the next model. */
  begin(
    { model, leftOut, notes }: Pick<ReportSubject, "model" | "leftOut" | "notes">,
    facts: ModelFacts,
  ): void {
    this.#columns.push({ model, facts, leftOut, notes: [...notes], meters: [], cells: new Map() });
  }

  /** Takes what the newest model says of the picture at a place. */
  add(place: number, explained: Explained): void {
    const column = this.#newest;
    const { explanation: { image, maps, notes }, picture } = explained;
    const own = notes.filter((note) => !column.notes.includes(note));
    const scales = scalesOf(maps);
    const fresh = [...scales.values()].filter(({ high, colours }) => high > 0 && !this.#colours.has(colours));
    for (const { colours } of fresh) this.#colours.add(colours);
    for (const { method, options, trust } of maps) {
      if (trust !== null) column.meters.push({ method, trust });
      if (!this.#methods.has(method.id)) this.#methods.set(method.id, { method, options, scale: null });
    }
    column.notes.push(...own.map((note) => `${image}: ${note}`));
    const number = this.#numberOf(this.#columns.length - 1, place);
    const held = heldOf(number, picture, gradientsOf(fresh));
    const article = articleOf(explained, { number, title: column.model.name, level: 3, scales });
    column.cells.set(place, {
      article: `${held.text}\n${article.text}`,
      words: `${column.model.name}: ${entryOf(explained.explanation).words}`,
    });
  }

  /** Takes that the newest model could not explain the picture at a place; `reason` is a sentence. */
  addFailure(place: number, reason: string): void {
    const { model: { name }, cells } = this.#newest;
    const number = this.#numberOf(this.#columns.length - 1, place);
    const { text } = failureOf(reason, { number, title: name, level: 3 });
    cells.set(place, { article: text, words: `${name}: not explained` });
  }

  /** The page, part by part. */
  *page(): Generator<string, void, undefined> {
    yield this.#head();
    for (const place of this.#images.keys()) yield this.#row(place);
    const entries = this.#images.map((image, place) => ({
      image,
      words: this.#columns.flatMap(({ cells }) => cells.get(place)?.words ?? []).join("; "),
    }));
    const [first] = this.#columns;
    if (first !== undefined) yield contentsOf(entries, first)?.text ?? "";
    const models = this.#columns.map(({ model, meters }, index) =>
      trustTable(meters, { name: model.name, number: index + 1 })
    );
    const leftOut = this.#columns.flatMap(({ model: { name }, leftOut }) =>
      leftOut.map(({ method, reason }) => ({ method, reason: `${name}: ${reason}` }))
    );
    const notes = this.#columns.flatMap(({ model: { name }, notes }) =>
      notes.map((note) => `${name}: ${note}`)
    );
    yield html`
      ${models.filter((one) => one !== null)}
      ${methodsOf([...this.#methods.values()], { leftOut, notes })}
      ${this.#columns.map(({ model, facts }, index) => modelOf(model, facts, index + 1))}
      ${PAGE_END}
    `.text;
  }

  #head(): string {
    const [only = ""] = this.#images;
    const several = this.#images.length > 1;
    const names = this.#columns.map(({ model }) => model.name);
    const title = several ? counted(this.#images.length, "picture") : fileName(only);
    const words = html`
      What ${names.slice(0, -1).join(", ")} and ${names.at(-1) ??
        ""} see, side by side. Each model's maps of one method share
      one scale. <span class="hint">Point at a map to see the picture beneath.</span>
    `;
    const link = several ? html`<p><a href="#pictures">All pictures at a glance</a></p>` : null;
    return headOf(title, words, link);
  }

  /** One picture by every model that said something of it. */
  #row(place: number): string {
    const cells = this.#columns.flatMap(({ cells }) => cells.get(place) ?? []);
    return html`
      <section class="compared" aria-labelledby="compared-${place + 1}">
        <h2 id="compared-${place + 1}">${fileName(this.#images[place] ?? "")}</h2>
        <div class="models">
      ${cells.map(({ article }) => new Html(`<div>\n${article}\n</div>`))}
        </div>
      </section>
    `.text;
  }

  get #newest(): Column {
    const column = this.#columns.at(-1);
    if (column === undefined) {
      throw new TypeError("Cannot write the page: expected a model to begin with, got none");
    }
    return column;
  }

  /** The pictures of the first model have the numbers that the list of all leads to. */
  #numberOf(column: number, place: number): number {
    return column * this.#images.length + place + 1;
  }
}
