/** Asks over HTTP why a socket did not open: a browser keeps the answer to an upgrade from its page (H8). */
import * as v from "valibot";

const RefusalSchema = v.object({ code: v.literal("origin-refused"), words: v.string() });

/** How long the answer may take, in ms. */
const PATIENCE_MS = 4_000;

/** The words with which the server refuses this page, or null where it does not, or cannot be reached. */
export async function whyRefused(): Promise<string | null> {
  try {
    // POST, as browsers say where a page comes from with every POST.
    const answer = await fetch("/api/origin", { method: "POST", signal: AbortSignal.timeout(PATIENCE_MS) });
    if (answer.ok) return null;
    const refusal = v.safeParse(RefusalSchema, await answer.json());
    if (!refusal.success) return null;
    return `${refusal.output.words} Open the address that it printed, or start it with --origin ${location.origin}.`;
  } catch {
    // No server, or something else at its address: the connection says so by itself.
    return null;
  }
}
