/** Rows that several frames ask for at the same time, computed in one batch. */
import { type BatchResult, type Engine, MAX_BATCH_ROWS, type Probe } from "../engine/port.ts";

/** A batch that somebody asked for. */
interface Asked {
  readonly probes: readonly Probe[];
  readonly answer: PromiseWithResolvers<BatchResult>;
}

/**
 * Puts a queue in front of an engine: while it computes, what others ask for is gathered, and goes to it as one batch of
 * `MAX_BATCH_ROWS` rows at most, in the order in which it came. A row of a batch costs less than a batch of one.
 */
export function gatherRows(engine: Pick<Engine, "run">): Pick<Engine, "run"> {
  const waiting: Asked[] = [];
  let busy = false;

  async function runWaiting(): Promise<void> {
    busy = true;
    // What is asked for in the same turn belongs to the first batch.
    await Promise.resolve();
    while (waiting.length > 0) {
      const batch = waiting.splice(0, fitting(waiting));
      try {
        const { rows, computeMs } = await engine.run(batch.flatMap(({ probes }) => probes));
        let at = 0;
        for (const { probes, answer } of batch) {
          answer.resolve({ rows: rows.slice(at, at + probes.length), computeMs });
          at += probes.length;
        }
      } catch (error) {
        for (const { answer } of batch) answer.reject(error);
      }
    }
    busy = false;
  }

  return {
    run(probes) {
      const answer = Promise.withResolvers<BatchResult>();
      waiting.push({ probes, answer });
      if (!busy) void runWaiting();
      return answer.promise;
    },
  };
}

/** How many of those that wait fit into a batch; the first always goes. */
function fitting(waiting: readonly Asked[]): number {
  let rows = 0;
  const over = waiting.findIndex(({ probes }, place) =>
    (rows += probes.length) > MAX_BATCH_ROWS && place > 0
  );
  return over < 0 ? waiting.length : over;
}
