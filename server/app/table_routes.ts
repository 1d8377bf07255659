/** `/api/tables`: a table is sent, fitted and explained; nothing of it is kept on the disk (PROTOCOL.md, Q). */
import { type Context, Hono } from "hono";
import { GradcastError } from "../../shared/errors.ts";
import { NDJSON_TYPE } from "../../shared/ndjson.ts";
import {
  ExplainRowSchema,
  type FitLine,
  FitTableSchema,
  type ImportanceLine,
  ImportanceRequestSchema,
  MAX_TABLE_FITS,
  MAX_TABLE_PAGE,
  type TableInfo,
} from "../../shared/table_wire.ts";
import { openHeadWorker } from "../heads/mod.ts";
import type { Logger } from "../logger/mod.ts";
import { TABLE_REPORT_POLICY, tableReport } from "../report/mod.ts";
import {
  cellText,
  describeTable,
  documentOf,
  explainTableRow,
  explainValues,
  fitTable,
  type FittedTable,
  importanceOf,
  type KeptTable,
  type KeptTables,
  predictionsInTurns,
  prepareInTurns,
  readSample,
  readTableBeside,
  refused,
  replaced,
  sampleOf,
  SAMPLES,
  type Table,
} from "../tables/mod.ts";
import { readJson } from "./_json_body.ts";
import { linesOf } from "./_line_queue.ts";
import { streamOf } from "./_ndjson.ts";
import { receiveTable } from "./_received_table.ts";
import { Allowance } from "./allowance.ts";
import type { Hub } from "./hub.ts";
import type { OwnMachine, Peer } from "./own_machine.ts";
import { whoseOf } from "./whose.ts";

/** Bytes of a request about a table, names of columns included. */
const MAX_JSON_BYTES = 128 * 1024;

/** What the routes need. */
export interface TableRoutesParts {
  readonly hub: Hub;
  readonly own: OwnMachine;
  readonly tables: KeptTables;
  readonly logger: Logger;
}

type TableContext = Context<{ Bindings: Peer }>;

/** The routes below `/api/tables`. */
export function tableRoutes({ hub, own, tables, logger }: TableRoutesParts): Hono<{ Bindings: Peer }> {
  const app = new Hono<{ Bindings: Peer }>();
  const fits = new Allowance({ all: MAX_TABLE_FITS, others: MAX_TABLE_FITS, address: 1 });
  const keep = (table: Table, source: string | null): TableInfo =>
    tables.add(table, { name: table.name, source, ...describeTable(table) }).info;
  app.get("/samples", (context) => context.json({ samples: SAMPLES }));
  app.post("/samples/:name", async (context) => {
    const name = context.req.param("name");
    const sample = sampleOf(name);
    if (sample === null) {
      throw refused(`there is no sample '${name}'; there are ${SAMPLES.map(({ id }) => id).join(", ")}`);
    }
    const sent = { name: sample.name, bytes: await readSample(sample) };
    const table = await readTableBeside(sent, context.req.raw.signal);
    return context.json(keep(table, `${sample.source}, ${sample.licence}`), 201);
  });
  app.post("/", async (context) => {
    const { raw } = context.req;
    using lease = hub.bodies.open(whoseOf(own, context));
    const sent = await receiveTable(raw, context.req.query("name") ?? "", lease);
    return context.json(keep(await readTableBeside(sent, raw.signal), null), 201);
  });
  app.get("/:id", (context) => context.json(tables.get(idOf(context)).info));
  app.delete("/:id", (context) => {
    tables.remove(idOf(context));
    return context.body(null, 204);
  });
  app.get("/:id/rows", (context) => context.json(rowsOf(tables.get(idOf(context)).table, context)));
  app.post("/:id/fit", async (context) => {
    const request = await readJson(context.req.raw, FitTableSchema, MAX_JSON_BYTES);
    const kept = tables.get(idOf(context));
    const prepared = await prepareInTurns(kept.table, request);
    return working<FitLine>(context, kept, {
      async work(report, { worker, signal }) {
        const fitted = await fitTable(prepared, request, {
          worker,
          signal,
          onLine: report,
          onFitted(fitted) {
            // What was asked of the heads before these falls away with them.
            if (kept.fitted?.prepared !== prepared) Object.assign(kept, { importance: [], explained: [] });
            kept.fitted = fitted;
          },
          now: () => hub.now(),
        });
        report({ done: true, warnings: fitted.warnings });
      },
      replaces: (line, before) => "progress" in line && "progress" in before,
    });
  });
  app.post("/:id/importance", async (context) => {
    const { head } = await readJson(context.req.raw, ImportanceRequestSchema, MAX_JSON_BYTES);
    const kept = tables.get(idOf(context));
    const fitted = fittedOf(kept);
    return working<ImportanceLine>(context, kept, {
      async work(report, { worker, signal }) {
        const onProgress = (progress: number) => report({ progress });
        const bars = await importanceOf(fitted, head, { worker, signal, onProgress });
        kept.importance = replaced(kept.importance, { head, bars });
        report({ bars });
      },
      replaces: (line, before) => "progress" in line && "progress" in before,
    });
  });
  app.post("/:id/explain", async (context) => {
    const asked = await readJson(context.req.raw, ExplainRowSchema, MAX_JSON_BYTES);
    const { head } = asked;
    const kept = tables.get(idOf(context));
    if ("values" in asked) return context.json(explainValues(fittedOf(kept), head, asked.values));
    const explained = explainTableRow(fittedOf(kept), head, asked.row);
    kept.explained = replaced(kept.explained, { head, row: explained });
    return context.json(explained);
  });
  app.get("/:id/report", (context) => {
    const kept = tables.get(idOf(context));
    const { info, importance, explained } = kept;
    const document = documentOf(info, fittedOf(kept), { importance, explained });
    if (context.req.query("format") === "json") return context.json(document);
    return context.body(tableReport(document), 200, {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": TABLE_REPORT_POLICY,
    });
  });
  app.get("/:id/predictions", (context) => {
    const parts = predictionsInTurns(fittedOf(tables.get(idOf(context))));
    return context.body(ReadableStream.from(parts), 200, {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": 'attachment; filename="predictions.csv"',
    });
  });

  /** Works on a table in a worker of its own, with a place among all that do; whoever worked on it before is stopped. */
  function working<Line>(context: TableContext, kept: KeptTable, { work, replaces }: {
    readonly work: (
      report: (line: Line) => void,
      parts: { readonly worker: ReturnType<typeof openHeadWorker>; readonly signal: AbortSignal },
    ) => Promise<void>;
    readonly replaces: (line: Line, before: Line) => boolean;
  }): Response {
    kept.stop?.abort(
      new GradcastError("tables-busy", "Cannot fit the table: it is fitted in another way now"),
    );
    const whose = whoseOf(own, context);
    const limit = fits.exceeded(whose, 1);
    if (limit !== null) {
      throw new GradcastError(
        "tables-busy",
        `Cannot fit the table: ${limit} are fitted at a time, and that many are under way`,
      );
    }
    using held = new DisposableStack();
    held.use(fits.open(whose)).add(1);
    const worker = held.adopt(openHeadWorker(), (own) => own.close());
    const stop = new AbortController();
    kept.stop = stop;
    held.defer(() => kept.stop = kept.stop === stop ? null : kept.stop);
    const signal = AbortSignal.any([stop.signal, context.req.raw.signal]);
    const lines = linesOf<Line>({
      work: (report) => work(report, { worker, signal }),
      replaces,
      context: { logger, action: "fit the table" },
    });
    const place = held.move();
    // A fit that another one takes the place of frees its own at once.
    signal.addEventListener("abort", () => place.dispose(), { once: true });
    return new Response(streamOf(lines, stop, place), { headers: { "content-type": NDJSON_TYPE } });
  }
  return app;
}

function idOf({ req }: Context): string {
  return req.param("id") ?? "";
}

function fittedOf({ fitted }: KeptTable): FittedTable {
  if (fitted === null) throw refused("nothing was fitted yet: fit a head first");
  return fitted;
}

function rowsOf(table: Table, { req }: Context) {
  const number = (name: string, most: number, otherwise: number) => {
    const text = req.query(name);
    const value = text === undefined ? otherwise : Number(text);
    if (Number.isSafeInteger(value) && value >= 0 && value <= most) return value;
    throw new GradcastError(
      "bad-option",
      `Cannot show rows: '${name}' must be a whole number from 0 to ${most}, got '${text}'`,
    );
  };
  const from = number("from", table.rows, 0);
  const count = Math.min(number("count", MAX_TABLE_PAGE, 50), table.rows - from);
  const rows = Array.from(
    { length: count },
    (_, at) => table.columns.map((column) => cellText(column, from + at)),
  );
  return { from, total: table.rows, rows };
}
