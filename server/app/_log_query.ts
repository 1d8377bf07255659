/** What an address asks of the log. */
import * as v from "valibot";
import { GradcastError } from "../../shared/errors.ts";
import { type LogQuery, MAX_LOG_PAGE } from "../store/mod.ts";
import { unknownName } from "./_query.ts";

/** Entries of a page where the address does not say how many. */
const PAGE = 50;

const Whole = v.pipe(v.string(), v.regex(/^\d{1,15}$/, "a whole number"), v.transform(Number));

const MOST_CHARS = 200;

const Text = v.pipe(v.string(), v.maxLength(MOST_CHARS, `a text of at most ${MOST_CHARS} characters`));

/** A time as ISO 8601 or in ms since 1970. */
const Time = v.pipe(
  v.string(),
  v.transform((text) => /^\d{1,15}$/.test(text) ? Number(text) : Date.parse(text)),
  v.number("a time such as 2026-01-31T12:00:00Z, or ms since 1970"),
  v.finite("a time such as 2026-01-31T12:00:00Z, or ms since 1970"),
);

/** The messages of its parts say what is expected. */
const QuerySchema = v.object({
  from: v.optional(Time),
  to: v.optional(Time),
  label: v.optional(Text),
  method: v.optional(Text),
  before: v.optional(Whole),
  limit: v.optional(Whole),
});

/** A page of the log. */
export interface LogAsk {
  readonly query: LogQuery;
  readonly before: number | null;
  /** Entries of the page, 1 to `MAX_LOG_PAGE`. */
  readonly limit: number;
}

/**
 * Reads the part of an address behind the question mark.
 *
 * @throws GradcastError `bad-option` (L5)
 */
export function readLogQuery(parameters: URLSearchParams): LogAsk {
  const names = Object.keys(QuerySchema.entries);
  for (const name of parameters.keys()) if (!names.includes(name)) throw unknownName(names, name);
  const read = v.safeParse(QuerySchema, Object.fromEntries(parameters));
  if (!read.success) {
    const [issue] = read.issues;
    const name = v.getDotPath(issue) ?? "the query";
    throw new GradcastError(
      "bad-option",
      `Cannot read the log: '${name}' must be ${issue.message}, got '${parameters.get(name) ?? ""}'`,
    );
  }
  const { from, to, label, method, before, limit = PAGE } = read.output;
  if (limit < 1 || limit > MAX_LOG_PAGE) {
    throw new GradcastError(
      "bad-option",
      `Cannot read the log: 'limit' must be from 1 to ${MAX_LOG_PAGE}, got ${limit}`,
    );
  }
  return {
    query: {
      ...(from === undefined ? {} : { fromMs: from }),
      ...(to === undefined ? {} : { toMs: to }),
      ...(label === undefined || label === "" ? {} : { label }),
      ...(method === undefined ? {} : { method }),
    },
    before: before ?? null,
    limit,
  };
}
