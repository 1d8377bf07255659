/** The libraries of the field as bench/peers.py times them: from its document, or turn by turn in its process. */
import * as v from "valibot";

const SCRIPT = "bench/peers.py";

/** On a machine with a virtual environment this is the one that is active. */
const PYTHON = "python3";

const PeerSchema = v.object({
  /** A method's id, with `:LIBRARY` where several libraries have it, or `forward`. */
  name: v.string(),
  other: v.string(),
  runs: v.pipe(v.number(), v.integer(), v.minValue(1)),
  /** Samples, steps, channels or windows of one run. */
  steps: v.nullable(v.number()),
});

const ListSchema = v.object({
  threads: v.pipe(v.number(), v.integer(), v.minValue(1)),
  rows: v.array(PeerSchema),
});

const DocumentSchema = v.object({
  ...ListSchema.entries,
  rows: v.array(v.object({ ...PeerSchema.entries, ms: v.number() })),
});

const TimeSchema = v.object({ ms: v.number() });

/** What one library does for one method. */
export type Peer = v.InferOutput<typeof PeerSchema>;

/** Everything that is measured besides our own engine. */
export interface Peers {
  readonly threads: number;
  readonly rows: readonly Peer[];
  /** Time of one run in ms; from a document it is the median that stands there. */
  once(name: string): Promise<number>;
  close(): Promise<void>;
}

/**
 * Reads a document that bench/peers.py wrote.
 *
 * @throws TypeError where it is none
 */
export function peersOf(text: string): Peers {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), DocumentSchema), text);
  if (!parsed.success) {
    throw new TypeError(
      `Cannot compare with the peers: the document must be one of ${SCRIPT}: ${v.summarize(parsed.issues)}`,
    );
  }
  const { threads, rows } = parsed.output;
  return {
    threads,
    rows,
    once: (name) => Promise.resolve(rows.find((row) => row.name === name)?.ms ?? NaN),
    close: () => Promise.resolve(),
  };
}

/**
 * Starts bench/peers.py so that both sides can take turns; it first tries out batch sizes, which takes a minute.
 *
 * @throws Error where it ends before it answers
 */
export async function startPeers(): Promise<Peers> {
  const child = new Deno.Command(PYTHON, { args: [SCRIPT, "--serve"], stdin: "piped", stdout: "piped" })
    .spawn();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).pipeThrough(splitLines()).getReader();
  const input = child.stdin.getWriter();
  const answer = async (): Promise<string> => {
    const { value } = await lines.read();
    if (value !== undefined) return value;
    throw new Error(
      `Cannot compare with the peers: ${SCRIPT} ended with code ${(await child.status).code}`,
    );
  };
  const { threads, rows } = v.parse(ListSchema, JSON.parse(await answer()));
  return {
    threads,
    rows,
    async once(name) {
      await input.write(new TextEncoder().encode(`${name}\n`));
      return v.parse(TimeSchema, JSON.parse(await answer())).ms;
    },
    async close() {
      await input.close();
      await lines.cancel();
      await child.status;
    },
  };
}

/** Cuts text into its lines. */
function splitLines(): TransformStream<string, string> {
  let rest = "";
  return new TransformStream({
    transform(part, controller) {
      const lines = (rest + part).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) controller.enqueue(line);
    },
  });
}
