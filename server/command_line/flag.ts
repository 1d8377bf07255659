/** Flags of a command: one table that parsing, --help, errors and the check of the docs read. */
import { parseArgs } from "node:util";
import { nearestNames } from "../../shared/nearest.ts";

/** A flag of a command line. */
export interface Flag {
  readonly name: string;
  /** What stands behind it, as help shows it, or null for a switch. */
  readonly value: string | null;
  readonly help: string;
  /** A letter that means the same, of a switch. */
  readonly short?: string;
}

/** Something about a command line that the person who typed it has to mend. */
export class FlagError extends Error {
  override readonly name = "FlagError";
}

/** A command line taken apart. */
export interface Arguments {
  /** What belongs to no flag. */
  readonly positionals: readonly string[];
  /** Texts behind each flag that is given, in their order; an empty one for a switch. */
  readonly given: ReadonlyMap<string, readonly string[]>;
}

/**
 * Takes a command line apart.
 *
 * @throws FlagError for an unknown flag, a value too many or a value too few
 */
export function parseFlags(args: readonly string[], flags: readonly Flag[]): Arguments {
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    tokens: true,
    options: Object.fromEntries(
      flags.map(({ name, value, short }) => [name, {
        type: value === null ? "boolean" as const : "string" as const,
        ...(short === undefined ? {} : { short }),
      }]),
    ),
  });
  const positionals: string[] = [];
  const given = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    const flag = flags.find(({ name }) => name === token.name);
    if (flag === undefined || ![`--${flag.name}`, `-${flag.short}`].includes(token.rawName)) {
      throw unknownFlag(token.rawName, flags);
    }
    const texts = given.get(flag.name) ?? [];
    texts.push(valueOf(flag, token.value, token.inlineValue === true));
    given.set(flag.name, texts);
  }
  return { positionals, given };
}

/** One line of help for each flag, `column` characters before the sentence. */
export function helpLines(flags: readonly Flag[], column = widest(flags)): string[] {
  return flags.map((flag) => `  ${leftOf(flag)}`.padEnd(column) + ` ${flag.help}`);
}

function widest(flags: readonly Flag[]): number {
  return 3 + Math.max(...flags.map((flag) => leftOf(flag).length));
}

function leftOf({ name, value }: Flag): string {
  return value === null ? `--${name}` : `--${name} ${value}`;
}

function valueOf(flag: Flag, value: string | undefined, inline: boolean): string {
  if (flag.value === null) {
    if (value === undefined) return "";
    throw new FlagError(`Cannot take --${flag.name}: expected nothing behind it, got '${value}'`);
  }
  const missing = value === undefined || (!inline && value.startsWith("--"));
  if (!missing) return value;
  throw new FlagError(
    `Cannot take --${flag.name}: expected ${flag.value} behind it, got ${
      value === undefined ? "nothing" : `'${value}'`
    }`,
  );
}

function unknownFlag(rawName: string, flags: readonly Flag[]): FlagError {
  const near = [...new Set(nearestNames(flags.map(({ name }) => name), rawName.replace(/^-+/, "")))];
  const hint = near.length === 0
    ? "--help shows them all"
    : `did you mean ${near.map((name) => `--${name}`).join(", ")}?`;
  return new FlagError(`Cannot take ${rawName}: there is no such flag; ${hint}`);
}
