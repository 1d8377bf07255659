/** `deno task explain`: the methods on picture files, without a server (contract C2). */
import process from "node:process";
import { VERSION } from "../../shared/version.ts";
import { describeText } from "./_describe.ts";
import { readCommand } from "./_command.ts";
import { EXIT } from "./_exit.ts";
import { failed } from "./_failure.ts";
import { explainModels } from "./_explain_models.ts";
import { explainVideos } from "./_explain_videos.ts";
import { helpText } from "./_help.ts";
import { interruption } from "./_interruption.ts";
import { type Io, processIo } from "./_io.ts";
import { listLayers, listMethods } from "./_lists.ts";
import { described, withEngine } from "./_model.ts";

export { EXIT } from "./_exit.ts";

/** Runs the command and returns its exit code: `fault` also where some of several images failed. Throws nothing. */
export async function main(args: readonly string[], io: Io): Promise<number> {
  try {
    return await run(args, io);
  } catch (error) {
    return failed(error, io);
  }
}

async function run(args: readonly string[], io: Io): Promise<number> {
  const command = readCommand(args);
  switch (command.kind) {
    case "help":
      io.stdout(helpText());
      return EXIT.done;
    case "version":
      io.stdout(`${VERSION}\n`);
      return EXIT.done;
    case "methods":
      io.stdout(listMethods(command.json));
      return EXIT.done;
    case "describe": {
      const description = await described(io, command.engine);
      io.stdout(describeText(description, command.json));
      return description.covered ? EXIT.done : EXIT.fault;
    }
    case "layers":
      await withEngine(io, command.engine, ({ model }) => io.stdout(listLayers(model, command.json)));
      return EXIT.done;
    case "explain": {
      const failures = await explainModels(command, io);
      return failures === 0 ? EXIT.done : EXIT.fault;
    }
    case "videos":
      return await explainVideos(command, io) === 0 ? EXIT.done : EXIT.fault;
    default: {
      const never: never = command;
      throw new TypeError(`Cannot run the command: its kind ${never} is unknown`);
    }
  }
}

if (import.meta.main) {
  using stop = interruption();
  process.exitCode = await main(Deno.args, processIo(stop.signal));
}
