/**
 * How fast every frame of a video is explained: 10 s of 1280 × 720 at 30 frames a second, Grad-CAM, the shipped model; on the
 * page, with the browser on the server's own cores, and by the command line. The frames of both films are numbered, and read
 * back. Prints text, or one JSON document with `--json`; `--only page` or `command` measures that alone; `--seconds 2` a
 * shorter video.
 */
import { byCommand, commandStages, type StageTime } from "./by_command.ts";
import { makeClip, RATE } from "./clip.ts";
import { onPage } from "./on_page.ts";

/** What became of a video. */
export interface Export {
  readonly way: "page" | "command line";
  /** From the start of the command, or the choice of the file, to the finished film. */
  readonly wallS: number;
  /** Frames of the film, and how many of them are the video's own at their own place. */
  readonly all: number;
  readonly inOrder: number;
  /** Time of the processor for each frame in ms, by process. */
  readonly cpuMs: Readonly<Record<string, number>>;
}

/** Everything that was measured. */
interface Figures {
  readonly seconds: number;
  readonly frames: number;
  readonly exports: readonly (Export & { readonly timesRealTime: number })[];
  /** Of the command line, each alone. */
  readonly stages: readonly StageTime[];
}

async function measure(seconds: number, only: string | null): Promise<Figures> {
  const folder = await Deno.makeTempDir({ prefix: "gradcast-every-frame-" });
  try {
    const clip = await makeClip(`${folder}/clip.mp4`, seconds);
    const exports: Export[] = [];
    if (only !== "command") exports.push(await onPage(clip, folder));
    if (only !== "page") exports.push(await byCommand(clip, folder));
    return {
      seconds,
      frames: seconds * RATE,
      exports: exports.map((one) => ({ ...one, timesRealTime: seconds / one.wallS })),
      stages: only === "page" ? [] : await commandStages(clip, folder, seconds * RATE),
    };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function valueOf(flag: string): string | null {
  const at = Deno.args.indexOf(flag);
  return at < 0 ? null : Deno.args[at + 1] ?? "";
}

function print({ frames, exports, stages }: Figures): void {
  for (const { way, wallS, timesRealTime, all, inOrder, cpuMs } of exports) {
    say(`${way}: ${timesRealTime.toFixed(2)} × real time (${wallS.toFixed(1)} s)`);
    say(`  ${frames} frames in, ${all} out, ${inOrder} of them at their own place`);
    const parts = Object.entries(cpuMs).map(([name, ms]) => `${name} ${ms.toFixed(1)}`);
    say(`  processor time for each frame, ms: ${parts.join(", ")}`);
  }
  if (stages.length === 0) return;
  const parts = stages.map(({ stage, ms }) => `${stage} ${ms.toFixed(1)}`);
  say(`stages of the command line alone, ms for each frame: ${parts.join(", ")}`);
}

function say(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}

const only = valueOf("--only");
if (only !== null && only !== "page" && only !== "command") {
  throw new Error(`Cannot measure: --only takes page or command, got ${only}`);
}
const figures = await measure(Number(valueOf("--seconds") ?? 10), only);
if (Deno.args.includes("--json")) say(JSON.stringify(figures));
else print(figures);
