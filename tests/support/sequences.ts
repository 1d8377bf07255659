/** Recorded sequences of logits: what `tests/fixtures/rankings/make.ts` writes, read again for tests. */

/** The file of the recorded sequences. */
export const FILE = new URL("../fixtures/rankings/sequences.json", import.meta.url);

/** Steps of a stored logit in one. */
const STEPS = 256;

/** Classes of the model whose logits were recorded. */
const MODEL_CLASSES = 1_000;

/** A sequence as it is stored. */
export interface Recorded {
  readonly name: string;
  /** Time from frame to frame, in ms. */
  readonly stepMs: number;
  /** Indexes in the model, and names, of the classes that are kept. */
  readonly classes: readonly number[];
  readonly labels: readonly string[];
  readonly frames: number;
  /**
   * `[frames, classes + 1]` int16 in base64, little-endian, in units of 1/256: of each frame the logits of the kept
   * classes, then the logarithm of the mean exponential of all others.
   */
  readonly values: string;
}

/** A sequence for a ranking of 1,000 classes: the kept ones first, the others all alike. */
export interface Sequence {
  readonly name: string;
  readonly labels: readonly string[];
  readonly frames: readonly { readonly capturedMs: number; readonly logits: Float32Array }[];
}

/** Stores the logits of a sequence. */
export function packSequence(
  { logits, ...head }: Pick<Recorded, "name" | "stepMs" | "classes" | "labels"> & {
    readonly logits: readonly Float32Array[];
  },
): Recorded {
  const kept = new Set(head.classes);
  const values = new Int16Array(logits.length * (kept.size + 1));
  for (const [frame, one] of logits.entries()) {
    const others = one.filter((_, index) => !kept.has(index));
    const mean = Math.log(others.reduce((sum, logit) => sum + Math.exp(logit), 0) / others.length);
    const row = [...head.classes.map((index) => one[index] as number), mean];
    values.set(row.map((value) => Math.round(value * STEPS)), frame * row.length);
  }
  const bytes = new Uint8Array(values.buffer);
  return { ...head, frames: logits.length, values: bytes.toBase64() };
}

/** Reads all recorded sequences. */
export async function readSequences(): Promise<readonly Sequence[]> {
  const { sequences } = JSON.parse(await Deno.readTextFile(FILE)) as { sequences: readonly Recorded[] };
  return sequences.map(({ name, labels, frames, stepMs, values }) => {
    const numbers = new Int16Array(Uint8Array.fromBase64(values).buffer);
    const columns = labels.length + 1;
    return {
      name,
      labels,
      frames: Array.from({ length: frames }, (_, frame) => ({
        capturedMs: frame * stepMs,
        logits: Float32Array.from(
          { length: MODEL_CLASSES },
          (_, index) => (numbers[frame * columns + Math.min(index, columns - 1)] as number) / STEPS,
        ),
      })),
    };
  });
}
