/** The row that is explained: chosen by its number or typed, asked again whenever it or the head changes. */
import { type Signal, signal } from "@preact/signals";
import type { HeadKind } from "../../shared/head_model.ts";
import type { ExplainedRow } from "../../shared/table_wire.ts";
import type { RowQuestion, TablesApi } from "./api.ts";

/** Rows of the table that are most like the explained one, cell by cell. */
export interface NeighbourRow {
  readonly row: number;
  readonly cells: readonly string[];
}

/** The explained row of one fitted table. */
export class RowModel {
  /** Number of the row, from 0 on; the one that typed values began with. */
  readonly number: Signal<number> = signal(0);
  /** Typed numbers in the order of the features; null: the row is as it stands in the table. */
  readonly typed: Signal<readonly number[] | null> = signal(null);
  readonly explained: Signal<ExplainedRow | null> = signal(null);
  /** The head of `explained`. */
  readonly head: Signal<HeadKind | null> = signal(null);
  readonly neighbours: Signal<readonly NeighbourRow[]> = signal([]);
  readonly #api: Pick<TablesApi, "explain" | "rows">;
  readonly #table: () => string | null;
  readonly #onProblem: (error: unknown) => void;
  #asking = new AbortController();
  #asked: HeadKind | null = null;

  /** `table`: id of the table that heads were fitted to, or null. */
  constructor(
    api: Pick<TablesApi, "explain" | "rows">,
    table: () => string | null,
    onProblem: (error: unknown) => void,
  ) {
    this.#api = api;
    this.#table = table;
    this.#onProblem = onProblem;
  }

  /** Forgets everything: another table, or another target. */
  clear(): void {
    this.#asking.abort();
    this.number.value = 0;
    this.typed.value = null;
    this.explained.value = null;
    this.head.value = null;
    this.neighbours.value = [];
    this.#asked = null;
  }

  /** The head that was asked last, whether it has answered or not. */
  get asked(): HeadKind | null {
    return this.#asked;
  }

  /** Explains a row of the table; `total` is how many it has. */
  choose(row: number, total: number, head: HeadKind): Promise<void> {
    this.number.value = Math.min(Math.max(0, Math.round(row)), Math.max(0, total - 1));
    this.typed.value = null;
    return this.ask(head);
  }

  /** Explains numbers that no row has. */
  type(values: readonly number[], head: HeadKind): Promise<void> {
    this.typed.value = values;
    return this.ask(head);
  }

  /** Asks about the present row; an answer to an earlier question is left out. */
  async ask(head: HeadKind): Promise<void> {
    const table = this.#table();
    if (table === null) return;
    this.#asking.abort();
    const asking = this.#asking = new AbortController();
    this.#asked = head;
    const { value: typed } = this.typed;
    const question: RowQuestion = typed === null ? { row: this.number.value } : { values: typed };
    try {
      const explained = await this.#api.explain(table, head, question, asking.signal);
      const neighbours = await this.#rowsOf(table, explained, asking.signal);
      if (asking.signal.aborted) return;
      this.explained.value = explained;
      this.neighbours.value = neighbours;
      this.head.value = head;
    } catch (error) {
      if (!asking.signal.aborted) this.#onProblem(error);
    }
  }

  async #rowsOf(table: string, { explanation }: ExplainedRow, signal: AbortSignal): Promise<NeighbourRow[]> {
    if (explanation.kind !== "neighbours") return [];
    return await Promise.all(explanation.neighbours.map(async ({ row }) => {
      const { rows: [cells = []] } = await this.#api.rows(table, row, 1, signal);
      return { row, cells };
    }));
  }
}
