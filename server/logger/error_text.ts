/** What an error says to whoever runs the server: its stack and its causes on one line. */
import { printable } from "../../shared/printable.ts";

/** Lines of a stack that are written. */
const STACK_LINES = 12;

/** Characters of an error that are written. */
const MOST_CHARS = 2_000;

/** Causes of causes that are written. */
const MOST_CAUSES = 4;

/** An error with its stack on one line, and its causes behind it; anything else as a text. */
export function errorText(error: unknown): string {
  const texts: string[] = [];
  let next = error;
  for (let depth = 0; depth <= MOST_CAUSES; depth++) {
    texts.push(oneText(next));
    if (!(next instanceof Error) || next.cause === undefined) break;
    next = next.cause;
  }
  return printable(texts.join(" | caused by ").slice(0, MOST_CHARS));
}

function oneText(error: unknown): string {
  const text = error instanceof Error ? error.stack ?? `${error.name}: ${error.message}` : wordOf(error);
  return text.split("\n", STACK_LINES).map((line) => line.trim()).join(" | ");
}

function wordOf(value: unknown): string {
  try {
    return String(value);
  } catch {
    return `a value without a text, of type ${typeof value}`;
  }
}
