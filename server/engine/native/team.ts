/** The threads that compute together: this one, which hands out the jobs, and its helpers. */
import type { Needs } from "./needs.ts";
import { type Places, writeProgram } from "./program.ts";

/** What a helper is started with. */
export interface HelperMessage {
  readonly needs: Needs;
  /** The helper's number, 1 and more. */
  readonly thread: number;
  readonly memory: WebAssembly.Memory;
}

/** Running kernels. */
export interface Team {
  readonly threads: number;
  readonly places: Places;
  /** Works on the job that lies in the control block, with the helpers, and comes back when it is done. */
  lead(): void;
  /** Ends the helpers. */
  end(): void;
}

/** Options of {@link startTeam}. */
export interface TeamOptions {
  readonly memory: WebAssembly.Memory;
  readonly needs: Needs;
  /** Threads in all, 1…8. */
  readonly threads: number;
  /** Hears of a helper that died in the middle of its work. */
  readonly onError: (event: ErrorEvent) => void;
}

/**
 * Starts the kernels and their helpers.
 *
 * @throws Error where the machine does not know one of the instructions
 */
export async function startTeam({ memory, needs, threads, onError }: TeamOptions): Promise<Team> {
  const workers = Array.from(
    { length: threads - 1 },
    () => new Worker(new URL("./helper.ts", import.meta.url), { type: "module", name: "kernel-helper" }),
  );
  const end = () => workers.forEach((worker) => worker.terminate());
  try {
    const ready = workers.map((worker, index) =>
      new Promise<void>((resolve, reject) => {
        worker.onmessage = () => resolve();
        worker.onerror = (event) => {
          event.preventDefault();
          reject(new Error(event.message));
          onError(event);
        };
        const message: HelperMessage = { needs, thread: index + 1, memory };
        worker.postMessage(message);
      })
    );
    // The helpers write their programs meanwhile.
    const { binary, places } = writeProgram(needs, 0);
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(binary), { env: { memory } });
    const { lead } = exports;
    if (typeof lead !== "function") {
      throw new TypeError("Cannot start the leading thread: the kernels export no function 'lead'");
    }
    await Promise.all(ready);
    return { threads, places, lead: () => lead(), end };
  } catch (error) {
    end();
    throw error;
  }
}
