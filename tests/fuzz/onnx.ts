/** ONNX files whose bytes are changed or cut off, and their weights beside them: each is read, or refused in a sentence. */
import { openModel } from "../../server/engine/model/model.ts";
import type { Random } from "../support/random.ts";
import { type Kind, patiently, type Target } from "./target.ts";

const FOLDER = "tests/fixtures/onnx";
const FILES = ["written_out.old.onnx", "mixed.old.onnx", "attentive.new.onnx"] as const;
/** A larger share of damaged bytes would damage the structure nearly always. */
const DAMAGE_WEIGHTS = 0.3;

export const onnx: Kind = { name: "onnx", step };

async function step({ found }: Target, random: Random): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "gradcast-fuzz-" });
  const name = random.pick(FILES);
  try {
    await Deno.writeFile(`${folder}/${name}`, random.damageBytes(await Deno.readFile(`${FOLDER}/${name}`)));
    if (name === "attentive.new.onnx") {
      const weights = await Deno.readFile(`${FOLDER}/${name}.data`);
      const damaged = random.chance(DAMAGE_WEIGHTS) ? random.damageBytes(weights) : weights;
      await Deno.writeFile(`${folder}/${name}.data`, damaged);
    }
    const outcome = await patiently(
      openModel(`${folder}/${name}`).then(() => "read", (error: unknown) => error),
    );
    if (outcome === null) found(`a damaged ${name} was neither read nor refused`);
    else if (outcome !== "read" && !(outcome instanceof Error && outcome.message.startsWith("Cannot "))) {
      found(`a damaged ${name} ended in ${outcome}`);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
