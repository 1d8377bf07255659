/** Starts Gradcast's own kernels in the memory of a running backend. */
import { Native } from "./native.ts";
import type { Needs } from "./needs.ts";
import { startTeam } from "./team.ts";

/** Options of {@link startNative}. */
export interface NativeOptions {
  /** The shared memory of fixed size, or null where there is none. */
  readonly memory: WebAssembly.Memory | null;
  readonly needs: Needs;
  /** Threads in all, this one among them. */
  readonly threads: number;
}

/** Starts the kernels, or gives null where the machine cannot run them: everything is then left to tfjs. */
export async function startNative({ memory, needs, threads }: NativeOptions): Promise<Native | null> {
  if (memory === null) return null;
  let running = false;
  try {
    const team = await startTeam({
      memory,
      needs,
      threads,
      onError(event) {
        // A helper that died holds back its block for ever: the whole engine has to end.
        if (running) throw new Error(`Cannot continue: a thread died: ${event.message}`);
      },
    });
    running = true;
    return new Native(team, memory);
  } catch (error) {
    if (error instanceof WebAssembly.CompileError) return null;
    throw error;
  }
}
