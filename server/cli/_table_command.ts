/** What a command line of `explain-table` asks for, before any file is opened. */
import { HEAD_KINDS, type HeadKind } from "../../shared/head_model.ts";
import { MISSING_WAYS, type MissingWay } from "../../shared/table_wire.ts";
import { type Flag, helpLines, parseFlags } from "../command_line/mod.ts";
import { SAMPLES } from "../tables/samples.ts";
import { UsageError } from "./_usage_error.ts";

export const TABLE_FLAGS = [
  {
    name: "target",
    value: "COLUMN",
    help: "The column that is told by the others (default: the one that looks like it)",
  },
  { name: "head", value: "KIND[,KIND…]", help: `What is fitted: ${HEAD_KINDS.join(", ")} (default: all)` },
  {
    name: "missing",
    value: MISSING_WAYS.join("|"),
    help:
      "What is done with missing values: refuse them, fill in the median, drop their rows (default: refuse)",
  },
  { name: "leave-out", value: "COLUMN", help: "A column that is no feature; may be repeated" },
  {
    name: "keep",
    value: "COLUMN",
    help: "A column that is a feature though it looks like numbers of rows; may be repeated",
  },
  { name: "row", value: "N", help: "Explain row N, counted from 0, by every head" },
  { name: "importance", value: null, help: "Compute permutation importance; takes several times as long" },
  { name: "seed", value: "N", help: "What chance is drawn from (default: 0)" },
  { name: "folds", value: "N", help: "Folds of the cross-validation, 2 to 10 (default: 5)" },
  {
    name: "sample",
    value: "NAME",
    help: `Explain a table that ships: ${SAMPLES.map(({ id }) => id).join(", ")}`,
  },
  { name: "json", value: null, help: "Print one JSON document and nothing else" },
  { name: "report", value: "FILE.html", help: "Write one page with everything in it" },
  {
    name: "predictions",
    value: "FILE.csv",
    help: "Write what each head says of each row while it is left out",
  },
  { name: "version", value: null, help: "Show the version" },
  { name: "help", value: null, help: "Show this" },
] as const satisfies readonly Flag[];

type Name = typeof TABLE_FLAGS[number]["name"];

/** A table to explain. */
export interface TableCommand {
  readonly kind: "explain";
  readonly table: { readonly kind: "file"; readonly path: string } | {
    readonly kind: "sample";
    readonly id: string;
  };
  readonly target: string | null;
  readonly heads: readonly HeadKind[];
  readonly missing: MissingWay;
  readonly leaveOut: readonly string[];
  readonly keep: readonly string[];
  readonly row: number | null;
  readonly importance: boolean;
  readonly seed: number;
  readonly folds: number;
  readonly json: boolean;
  readonly report: string | null;
  readonly predictions: string | null;
}

/**
 * Reads the command line.
 *
 * @throws UsageError or FlagError
 */
export function readTableCommand(
  args: readonly string[],
): TableCommand | { readonly kind: "help" | "version" } {
  const { positionals, given } = parseFlags(args, TABLE_FLAGS);
  const text = (name: Name) => given.get(name)?.at(-1) ?? null;
  const number = (name: Name, low: number, high: number) => wholeNumber(name, text(name), low, high);
  if (given.has("help" satisfies Name)) return { kind: "help" };
  if (given.has("version" satisfies Name)) return { kind: "version" };
  return {
    kind: "explain",
    table: tableOf(positionals, text("sample")),
    target: text("target"),
    heads: headsOf(text("head")),
    missing: missingOf(text("missing")),
    leaveOut: given.get("leave-out" satisfies Name) ?? [],
    keep: given.get("keep" satisfies Name) ?? [],
    row: number("row", 0, 1e9),
    importance: given.has("importance" satisfies Name),
    seed: number("seed", 0, 2 ** 31 - 1) ?? 0,
    folds: number("folds", 2, 10) ?? 5,
    json: given.has("json" satisfies Name),
    report: text("report"),
    predictions: text("predictions"),
  };
}

function tableOf(paths: readonly string[], sample: string | null): TableCommand["table"] {
  const [path] = paths;
  if (sample !== null && path === undefined) return { kind: "sample", id: sample };
  if (sample === null && path !== undefined && paths.length === 1) return { kind: "file", path };
  throw new UsageError(
    `Cannot explain: expected one CSV file, or --sample and none, got ${
      paths.length === 0 ? "none" : paths.join(" ")
    }` +
      `${sample === null ? "" : ` and --sample ${sample}`}; --help shows what can be said`,
  );
}

function headsOf(text: string | null): readonly HeadKind[] {
  if (text === null) return HEAD_KINDS;
  return text.split(",").map((word) => {
    const kind = HEAD_KINDS.find((one) => one === word.trim());
    if (kind !== undefined) return kind;
    throw new UsageError(`Cannot take --head: expected some of ${HEAD_KINDS.join(", ")}, got '${word}'`);
  });
}

function missingOf(text: string | null): MissingWay {
  const way = text === null ? "refuse" : MISSING_WAYS.find((one) => one === text);
  if (way !== undefined) return way;
  throw new UsageError(`Cannot take --missing: expected ${MISSING_WAYS.join(", ")}, got '${text}'`);
}

function wholeNumber(name: Name, text: string | null, low: number, high: number): number | null {
  if (text === null) return null;
  const number = /^\d+$/.test(text) ? Number(text) : NaN;
  if (number >= low && number <= high) return number;
  throw new UsageError(
    `Cannot take --${name}: expected a whole number from ${low} to ${high}, got '${text}'`,
  );
}

/** The text of --help. */
export function tableHelp(): string {
  return [
    "Explains a table: small models that tell one column by the others, drawn, compared and explained.",
    "",
    "  deno task explain-table TABLE.csv [flags]",
    "",
    "Most used:",
    "  deno task explain-table cancer.csv --target diagnosis                   every head, with its accuracy on unseen rows",
    "  deno task explain-table cancer.csv --head tree --row 0                  why row 0 is named what it is named",
    "  deno task explain-table --sample breast-cancer --report out.html        one page with the tree drawn",
    "",
    "TABLE.csv is text with commas, semicolons or tabs, whose first line names the columns; at most 20 MiB.",
    "",
    ...helpLines(TABLE_FLAGS),
    "",
    "Exit codes: 0 done, 1 a fault of the program, 2 something asked for cannot be done as asked, 130 interrupted; a file is",
    "written whole or not at all.",
    "",
  ].join("\n");
}
