/** What a model's card says of its origin, for a report. */
import { createHash } from "node:crypto";
import { basename, dirname, join } from "node:path";
import { CARD_FILE, cardBeside, parseCard } from "../engine/mod.ts";

/** Origin of a model. */
export interface ModelFacts {
  readonly description: string;
  readonly source: Readonly<Record<string, string>>;
  readonly licence: Readonly<Record<string, string>>;
  /**
   * SHA-256 of the card in hex; the card holds that of every other file, so it stands for the whole model. Null where
   * the card has none.
   */
  readonly sha256: string | null;
}

/**
 * Reads the card of a model that an engine has loaded, or null where it has none.
 *
 * @param model its folder, or its file, which has the card beside it
 * @throws Error where it does not fit
 */
export async function readModelFacts(
  model: string,
  readFile: (path: string) => Promise<Uint8Array>,
): Promise<ModelFacts | null> {
  const card = await orNull(readFile(join(model, CARD_FILE))) ??
    await orNull(readFile(join(dirname(model), cardBeside(basename(model)))));
  if (card === null) return null;
  const { description, source, licence, files } = parseCard(new TextDecoder().decode(card));
  const sha256 = files === undefined ? null : createHash("sha256").update(card).digest("hex");
  return { description, source, licence, sha256 };
}

async function orNull(file: Promise<Uint8Array>): Promise<Uint8Array | null> {
  try {
    return await file;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return null;
    // Beside a folder nothing may be read, and there is no card of it.
    if (error instanceof Deno.errors.NotCapable) return null;
    throw error;
  }
}
