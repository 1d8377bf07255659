/** How a command ends that could not be carried out. */
import { GradcastError } from "../../shared/errors.ts";
import { printable } from "../../shared/printable.ts";
import { FlagError } from "../command_line/mod.ts";
import type { BasicIo } from "./_basic_io.ts";
import { EXIT } from "./_exit.ts";
import { UsageError } from "./_usage_error.ts";

/** Errors that the program answers for; every other one names something that was asked for. */
const FAULTS: readonly string[] = ["engine-failed", "server-fault"];

/** Says what went wrong and returns the exit code. */
export function failed(error: unknown, io: Pick<BasicIo, "stderr" | "interrupted">): number {
  if (io.interrupted.aborted) {
    io.stderr("Interrupted.\n");
    return EXIT.interrupted;
  }
  io.stderr(`${printable(error instanceof Error ? error.message : String(error))}\n`);
  const asked = error instanceof UsageError || error instanceof FlagError ||
    (error instanceof GradcastError && !FAULTS.includes(error.code));
  return asked ? EXIT.usage : EXIT.fault;
}
