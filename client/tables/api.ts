/** What the page asks the server about tables, over HTTP (PROTOCOL.md, Q). */
import * as v from "valibot";
import type { HeadKind } from "../../shared/head_model.ts";
import { readNdjson } from "../../shared/ndjson.ts";
import * as wire from "../../shared/table_wire.ts";
import { checked, Refusal } from "../http/http.ts";

/** What a head is asked about: a row of the table, or numbers in the order of the features. */
export type RowQuestion = { readonly row: number } | { readonly values: readonly number[] };

/** The server, as the page knows it. All reject with a Refusal, or a TypeError where it cannot be reached. */
export interface TablesApi {
  samples(): Promise<readonly wire.TableSample[]>;
  openSample(id: string, signal: AbortSignal): Promise<wire.TableInfo>;
  open(file: File, signal: AbortSignal): Promise<wire.TableInfo>;
  /** Cells as they were read, of `count` rows from the row `from` on. */
  rows(table: string, from: number, count: number, signal: AbortSignal): Promise<wire.TableRows>;
  fit(table: string, wanted: wire.FitTable, signal: AbortSignal): AsyncIterable<FitNews>;
  /** Permutation importance: the share that is done, then the bars. */
  importance(table: string, head: HeadKind, signal: AbortSignal): AsyncIterable<ImportanceNews>;
  explain(
    table: string,
    head: HeadKind,
    question: RowQuestion,
    signal: AbortSignal,
  ): Promise<wire.ExplainedRow>;
}

/** What comes while heads are fitted; a refusal is thrown instead. */
export type FitNews = Exclude<wire.FitLine, { readonly code: string }>;
export type ImportanceNews = Exclude<wire.ImportanceLine, { readonly code: string }>;

const BASE = "/api/tables";

async function read<Schema extends v.GenericSchema>(
  schema: Schema,
  answer: Promise<Response>,
): Promise<v.InferOutput<Schema>> {
  return v.parse(schema, await (await checked(await answer)).json());
}

function post(path: string, body: unknown, signal: AbortSignal): Promise<Response> {
  const headers = { "content-type": "application/json" };
  return fetch(`${BASE}/${path}`, { method: "POST", body: JSON.stringify(body), headers, signal });
}

const of = (table: string, what: string) => `${encodeURIComponent(table)}/${what}`;

/** Where the report of a fitted table is: a page, or its JSON. */
export function reportUrl(table: string, format: "html" | "json"): string {
  return `${BASE}/${of(table, format === "json" ? "report?format=json" : "report")}`;
}

/** The server that sent the page. */
export const httpTables: TablesApi = {
  async samples() {
    return (await read(wire.TableSamplesSchema, fetch(`${BASE}/samples`))).samples;
  },
  openSample: (id, signal) =>
    read(wire.TableInfoSchema, post(`samples/${encodeURIComponent(id)}`, {}, signal)),
  open(file, signal) {
    const headers = { "content-type": "text/csv" };
    const query = new URLSearchParams({ name: file.name });
    return read(
      wire.TableInfoSchema,
      fetch(`${BASE}?${query}`, { method: "POST", body: file, headers, signal }),
    );
  },
  rows(table, from, count, signal) {
    return read(
      wire.TableRowsSchema,
      fetch(`${BASE}/${of(table, `rows?from=${from}&count=${count}`)}`, { signal }),
    );
  },
  async *fit(table, wanted, signal) {
    const { body } = await checked(await post(of(table, "fit"), wanted, signal));
    for await (const json of readNdjson(body)) {
      const line = v.parse(wire.FitLineSchema, json);
      if ("code" in line) throw new Refusal(line.words, line.code, line.message);
      yield line;
    }
  },
  async *importance(table, head, signal) {
    const { body } = await checked(await post(of(table, "importance"), { head }, signal));
    for await (const json of readNdjson(body)) {
      const line = v.parse(wire.ImportanceLineSchema, json);
      if ("code" in line) throw new Refusal(line.words, line.code, line.message);
      yield line;
    }
  },
  explain: (table, head, question, signal) =>
    read(wire.ExplainedRowSchema, post(of(table, "explain"), { head, ...question }, signal)),
};
