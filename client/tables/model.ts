/** The page of tables: which table, which target, what was fitted, and what is looked at. */
import { type Signal, signal } from "@preact/signals";
import type { HeadKind } from "../../shared/head_model.ts";
import { type Bars, MAX_TABLE_BYTES, type TableInfo, type TableSample } from "../../shared/table_wire.ts";
import { problemWords, Refusal } from "../http/http.ts";
import type { TablesApi } from "./api.ts";
import { begun, ended, type FitState, IDLE, resultOf, resultsOf, told } from "./fit_state.ts";
import { RowModel } from "./row_model.ts";
import { loadTableSettings, saveTableSettings, type Shelf, type TableSettings } from "./settings.ts";
import { tooLargeWords } from "./words.ts";

/** Where a table comes from, so that it can be sent again when the server has forgotten it. */
export type Origin = { readonly sample: string } | { readonly file: File };

/** Permutation importance of a head: how far it is, or what came of it. */
export type Importance =
  | { readonly state: "running"; readonly done: number }
  | { readonly state: "done"; readonly bars: Bars };

/** What went wrong, in words, and whether sending the table again helps. */
export interface Problem {
  readonly words: string;
  /** What exactly: expected and found; empty where there is no more to say. */
  readonly detail: string;
  readonly again: boolean;
}

/** Code of the server's answer where it has forgotten a table. */
const FORGOTTEN = "unknown-table";

/** The state of the page; nothing happens until `start()`. */
export class TablesModel {
  readonly samples: Signal<readonly TableSample[]> = signal([]);
  readonly table: Signal<TableInfo | null> = signal(null);
  /** Name of what is being sent; null: nothing is. */
  readonly opening: Signal<string | null> = signal(null);
  readonly target: Signal<string | null> = signal(null);
  /** Columns that people took out, or kept although they are left out by themselves. */
  readonly leftOut: Signal<ReadonlySet<string>> = signal(new Set<string>());
  readonly settings: Signal<TableSettings>;
  readonly fit: Signal<FitState> = signal(IDLE);
  /** Of the heads of the present run. */
  readonly importance: Signal<ReadonlyMap<HeadKind, Importance>> = signal(new Map<HeadKind, Importance>());
  readonly problem: Signal<Problem | null> = signal(null);
  readonly row: RowModel;
  readonly #api: TablesApi;
  readonly #shelf: Shelf;
  #origin: Origin | null = null;
  #opening = new AbortController();
  #fitting = new AbortController();

  constructor(api: TablesApi, shelf: Shelf) {
    this.#api = api;
    this.#shelf = shelf;
    this.settings = signal(loadTableSettings(shelf));
    this.row = new RowModel(api, () => this.table.value?.id ?? null, (error) => this.#fail(error));
  }

  /** Asks for the samples. */
  async start(): Promise<void> {
    try {
      this.samples.value = await this.#api.samples();
    } catch (error) {
      this.#fail(error);
    }
  }

  change(changes: Partial<TableSettings>): void {
    this.settings.value = { ...this.settings.value, ...changes };
    saveTableSettings(this.#shelf, this.settings.value);
  }

  /** Opens a table; a sample is fitted at once, as everything about it is known. */
  async open(origin: Origin): Promise<void> {
    const problem = "file" in origin
      ? tooLargeWords(origin.file.name, origin.file.size, MAX_TABLE_BYTES)
      : null;
    if (problem !== null) {
      this.problem.value = problemOf(problem);
      return;
    }
    this.close();
    const opening = this.#opening;
    this.#origin = origin;
    this.opening.value = "file" in origin ? origin.file.name : this.#nameOf(origin.sample);
    try {
      const { signal } = opening;
      const table = "file" in origin
        ? await this.#api.open(origin.file, signal)
        : await this.#api.openSample(origin.sample, signal);
      if (signal.aborted) return;
      this.table.value = table;
      this.target.value = table.suggested ?? table.columns.findLast(({ target }) => target)?.name ?? null;
      this.leftOut.value = new Set(
        table.columns.filter(({ leftOut }) => leftOut !== null).map(({ name }) => name),
      );
      this.opening.value = null;
      if ("sample" in origin) await this.learn();
    } catch (error) {
      if (opening.signal.aborted) return;
      this.opening.value = null;
      this.#fail(error);
    }
  }

  /** Sends the table again that the server has forgotten, and fits again. */
  async openAgain(): Promise<void> {
    if (this.#origin === null) return;
    const { value: target } = this.target;
    const { value: leftOut } = this.leftOut;
    await this.open(this.#origin);
    if (this.table.value === null || "sample" in this.#origin) return;
    this.target.value = target;
    this.leftOut.value = leftOut;
    await this.learn();
  }

  /** Forgets the table. */
  close(): void {
    this.#opening.abort();
    this.#opening = new AbortController();
    this.forget();
    this.table.value = null;
    this.opening.value = null;
    this.target.value = null;
  }

  /** Forgets what was fitted. */
  forget(): void {
    this.#fitting.abort();
    this.fit.value = IDLE;
    this.importance.value = new Map();
    this.row.clear();
    this.problem.value = null;
  }

  setTarget(target: string): void {
    this.forget();
    this.target.value = target;
  }

  /** Takes a column out of the features, or keeps it in. */
  use(column: string, used: boolean): void {
    const next = new Set(this.leftOut.value);
    if (used) next.delete(column);
    else next.add(column);
    this.leftOut.value = next;
  }

  /** Fits the chosen heads; those that are finished when it ends early stay. */
  async learn(): Promise<void> {
    const { table: { value: table }, target: { value: target }, settings: { value: settings } } = this;
    if (table === null || target === null) return;
    this.forget();
    const fitting = this.#fitting = new AbortController();
    const { heads, missing, folds, seed } = settings;
    this.fit.value = begun(heads);
    const out = this.leftOut.value;
    const wanted = {
      ...{ target, heads, missing, folds, seed },
      leaveOut: table.columns.filter(({ name, leftOut }) =>
        out.has(name) && leftOut === null && name !== target
      )
        .map(({ name }) => name),
      keep: table.columns.filter(({ name, leftOut }) => !out.has(name) && leftOut !== null).map(({ name }) =>
        name
      ),
    };
    try {
      for await (const news of this.#api.fit(table.id, wanted, fitting.signal)) {
        if (fitting.signal.aborted) return;
        this.fit.value = told(this.fit.value, news);
        this.#explainShown();
      }
      // An answer that ends without its last line was cut off.
      if (this.fit.value.phase === "running") throw new TypeError("cut off");
    } catch (error) {
      if (fitting.signal.aborted) return;
      this.fit.value = ended(this.fit.value, "failed");
      this.#fail(error);
      if (error instanceof Refusal && error.code !== FORGOTTEN) this.#explainShown();
    }
  }

  /** Ends a run; what is finished stays. */
  cancel(): void {
    this.#fitting.abort();
    this.#fitting = new AbortController();
    this.fit.value = ended(this.fit.value, "cancelled");
    this.#explainShown();
  }

  /** The head that is looked at: the one of the settings, else the first that is fitted; undefined before one is. */
  get shown(): HeadKind | undefined {
    const { value: { heads, shown } } = this.settings;
    const { value: fit } = this.fit;
    const own = resultOf(fit, shown)?.head.kind;
    // While the chosen one is still to come, no other takes its place.
    return own ??
      (fit.phase === "running" && heads.includes(shown) ? undefined : resultsOf(fit)[0]?.head.kind);
  }

  /** Looks at another head: it explains the row as soon as it is fitted, whatever becomes of the others. */
  show(kind: HeadKind): void {
    this.change({ shown: kind });
    this.#explainShown();
  }

  /** Has permutation importance measured for a head. */
  async measure(kind: HeadKind): Promise<void> {
    const { value: table } = this.table;
    if (table === null) return;
    const { signal } = this.#fitting;
    const put = (importance: Importance | null) => {
      const next = new Map(this.importance.value);
      if (importance === null) next.delete(kind);
      else next.set(kind, importance);
      this.importance.value = next;
    };
    put({ state: "running", done: 0 });
    try {
      for await (const news of this.#api.importance(table.id, kind, signal)) {
        if (signal.aborted) return;
        put("bars" in news ? { state: "done", bars: news.bars } : { state: "running", done: news.progress });
      }
    } catch (error) {
      if (signal.aborted) return;
      put(null);
      this.#fail(error);
    }
  }

  /** Shows a problem of a part of the page. */
  report(words: string): void {
    this.problem.value = problemOf(words);
  }

  #explainShown(): void {
    const { shown } = this;
    if (shown !== undefined && shown !== this.row.asked) void this.row.ask(shown);
  }

  #fail(error: unknown): void {
    this.problem.value = {
      ...problemOf(problemWords(error), error instanceof Refusal ? error.detail : ""),
      again: this.#origin !== null && error instanceof Refusal && error.code === FORGOTTEN,
    };
  }

  #nameOf(sample: string): string {
    return this.samples.value.find(({ id }) => id === sample)?.name ?? sample;
  }
}

function problemOf(words: string, detail = ""): Problem {
  return { words, detail, again: false };
}
