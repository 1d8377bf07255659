/** `/api/log`: reading, exporting and deleting what the log keeps (PROTOCOL.md, L). */
import { NDJSON_TYPE, ndjsonLine } from "../../shared/ndjson.ts";
import { type Context, Hono } from "hono";
import { GradcastError } from "../../shared/errors.ts";
import { type LogEntry, type LogQuery, type LogStore, MAX_LOG_PAGE } from "../store/mod.ts";
import { CSV_HEAD, csvLine, entryDocument, isoTime } from "./_log_lines.ts";
import { isHead } from "./_head.ts";
import { readLogQuery } from "./_log_query.ts";
import { notFound } from "./static.ts";

/** The routes below `/api/log`; null: the server keeps no log. */
export function logRoutes(log: LogStore | null): Hono {
  const app = new Hono();
  const store = (): LogStore => {
    if (log !== null) return log;
    throw new GradcastError(
      "no-log",
      "Cannot read the log: the server was started without one (--log-days 0)",
    );
  };
  app.get("/", async (context) => {
    const { query, before, limit } = readLogQuery(searchOf(context));
    const { entries, total } = await store().list(query, before, limit);
    const last = entries.at(-1);
    const next = last === undefined || entries.length < limit ? null : last.id;
    return context.json({ entries: entries.map(entryDocument), total, next });
  });
  app.get("/export.csv", (context) => exported(store(), context, "csv"));
  app.get("/export.jsonl", (context) => exported(store(), context, "jsonl"));
  app.get("/:id{\\d{1,15}}/picture", async (context) => {
    const picture = await store().picture(Number(context.req.param("id")));
    if (picture === null) throw notFound(context.req.path);
    return new Response(picture.bytes, {
      headers: { "content-type": `image/${picture.format}`, "cache-control": "private, no-cache" },
    });
  });
  app.delete("/", async (context) => {
    const { query } = readLogQuery(searchOf(context));
    return context.json(await store().remove(query));
  });
  app.delete("/:id{\\d{1,15}}", async (context) => {
    const outcome = await store().remove(Number(context.req.param("id")));
    if (outcome.removed === 0) throw notFound(context.req.path);
    return context.json(outcome);
  });
  app.post("/undo/:undo{\\d{1,15}}", async (context) => {
    const restored = await store().restore(Number(context.req.param("undo")));
    if (restored === 0) throw notFound(context.req.path);
    return context.json({ restored });
  });
  app.get("/trash", async (context) => {
    const batches = await store().trash();
    return context.json({
      batches: batches.map(({ atMs, ...batch }) => ({ ...batch, at: isoTime(atMs) })),
    });
  });
  app.delete("/trash", async (context) => context.json({ deleted: await store().emptyTrash() }));
  return app;
}

function searchOf({ req }: Context): URLSearchParams {
  return new URL(req.url).searchParams;
}

/** Every entry that the address means, the newest first, read page by page while the file is taken. */
function exported(log: LogStore, context: Context, format: "csv" | "jsonl"): Response {
  const { query } = readLogQuery(searchOf(context));
  const type = format === "csv" ? "text/csv" : NDJSON_TYPE;
  const headers = {
    "content-type": `${type}; charset=utf-8`,
    "content-disposition": `attachment; filename="gradcast-log.${format}"`,
  };
  if (isHead(context.env)) return new Response(null, { headers });
  const lines = ReadableStream.from(linesOf(log, query, format));
  return new Response(lines.pipeThrough(new TextEncoderStream()), { headers });
}

async function* linesOf(log: LogStore, query: LogQuery, format: "csv" | "jsonl"): AsyncGenerator<string> {
  if (format === "csv") yield CSV_HEAD;
  let before: number | null = null;
  for (;;) {
    const { entries }: { entries: readonly LogEntry[] } = await log.list(query, before, MAX_LOG_PAGE);
    if (entries.length === 0) return;
    yield entries.map((entry) => format === "csv" ? csvLine(entry) : ndjsonLine(entryDocument(entry)))
      .join("");
    before = entries.at(-1)?.id ?? 0;
  }
}
