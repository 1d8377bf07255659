/** The codes of a show: made from the presenter's secret, so that links live on after a restart of the server. */
import { createHash } from "node:crypto";

/** No letters that look like others. */
const LETTERS = "abcdefghijkmnpqrstuvwxyz23456789";

/** Letters of a code: 80 bits that nobody guesses. */
const CODE_LETTERS = 16;

/** What a code is for. */
export interface ShowCodes {
  /** For everybody who may see the show. */
  readonly watch: string;
  /** For whoever may steer it. */
  readonly remote: string;
}

/** Makes the codes of a key; neither the key nor the other code can be found from one of them. */
export function codesOf(key: string): ShowCodes {
  return { watch: code("watch", key), remote: code("remote", key) };
}

function code(use: string, key: string): string {
  const digest = createHash("sha256").update(`gradcast:${use}:${key}`).digest();
  // 32 letters: five bits of a byte are a letter, without a bias.
  return Array.from(digest.subarray(0, CODE_LETTERS), (byte) => LETTERS[byte % LETTERS.length]).join("");
}
