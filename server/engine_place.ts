/** Where the engine runs: in the process that the launcher keeps for it, or in a worker of the server's own. */
import { dirname } from "node:path";
import type { EngineOptions } from "./engine/mod.ts";
import { EngineDoor, listenForEngine } from "./engine/process/mod.ts";
import type { HealthSource } from "./health/mod.ts";

/** Name of the variable by which the launcher says where the engine's process connects. */
const SOCKET = "GRADCAST_ENGINE_SOCKET";

/** How the server gets its engine. */
export interface EnginePlace {
  /** What `openEngine` takes to make the engine's workers there. */
  readonly options: Pick<EngineOptions, "createWorker">;
  /** Says in `/healthz` whether the engine has a process of its own: without one a crash of it ends the server. */
  readonly health: HealthSource;
  /**
   * Closes the place.
   *
   * @param forGood whether nobody else removes what was made for it
   */
  close(forGood: boolean): void;
}

/**
 * Opens the place for the engine.
 *
 * @param env reads a variable
 * @param complain called with a sentence where the engine's process cannot be reached: the engine then runs here
 */
export function openEnginePlace(
  env: (name: string) => string | undefined,
  complain: (text: string) => void,
): EnginePlace {
  const path = env(SOCKET);
  if (path === undefined || path === "") return inServer();
  try {
    const door = new EngineDoor(listenForEngine(path));
    return {
      options: { createWorker: () => door.createWorker() },
      health: healthOf(true),
      close(forGood) {
        door[Symbol.dispose]();
        // The folder was made for the socket alone. The launcher removes it unless it was killed: a server that follows
        // its sources is closed for each change, and listens there again.
        if (forGood) removeFolder(dirname(path));
      },
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    complain(
      `Cannot listen for the engine's process, so that the engine runs in the server's own: ${reason}`,
    );
    return inServer();
  }
}

function removeFolder(path: string): void {
  try {
    Deno.removeSync(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

function inServer(): EnginePlace {
  return { options: {}, health: healthOf(false), close() {} };
}

function healthOf(own: boolean): HealthSource {
  return { name: "engineProcess", health: () => ({ ok: true, figures: { own } }) };
}
