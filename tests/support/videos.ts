/** Videos whose frames carry their number, made and read back by ffmpeg. */

/** Bits of a number, one block below the other over the whole width: films dim the bands beside the square, and no more. */
const BITS = 8;
const FILTER =
  `format=gray,geq=lum='if(mod(floor(N/pow(2\\,floor(Y*${BITS}/H)))\\,2)\\,235\\,16)',format=yuv420p`;

/** Between black and white where a film dims what lies around the square. */
const DIM_GREY = 54;

/** Whether this machine has ffmpeg; says it on stderr where it has not. */
export function hasFfmpeg(what: string): boolean {
  try {
    const { success } = new Deno.Command("ffmpeg", { args: ["-version"], stdout: "null", stderr: "null" })
      .outputSync();
    if (success) return true;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  Deno.stderr.writeSync(new TextEncoder().encode(
    `SKIPPED: ${what}, as this machine has no ffmpeg (Debian: apt-get install ffmpeg)\n`,
  ));
  return false;
}

/** Runs ffmpeg or ffprobe; gives what it wrote. */
export async function ffmpeg(name: "ffmpeg" | "ffprobe", args: readonly string[]): Promise<Uint8Array> {
  const { success, stdout, stderr } = await new Deno.Command(name, {
    args: ["-loglevel", "error", ...args],
    stdin: "null",
  }).output();
  if (!success) throw new Error(`${name} ${args.join(" ")} failed: ${new TextDecoder().decode(stderr)}`);
  return stdout;
}

/** What a numbered video is like. */
export interface NumberedOptions {
  /** Width × height in pixels; by default 160x120. */
  readonly size?: string;
  /** Frames a second; by default 12. */
  readonly rate?: number;
  /** By default 24. */
  readonly frames?: number;
  /** Further filters. */
  readonly filters?: string;
  readonly sound?: boolean;
  /** Arguments before the file's name. */
  readonly output?: readonly string[];
}

/** Makes a video of numbered frames; returns its path. */
export async function makeNumbered(path: string, options: NumberedOptions = {}): Promise<string> {
  const { size = "160x120", rate = 12, frames = 24, filters, sound = false, output = [] } = options;
  await ffmpeg("ffmpeg", [
    ...["-y", "-f", "lavfi", "-i", `color=black:s=${size}:r=${rate}:d=${frames / rate}`],
    ...(sound ? ["-f", "lavfi", "-i", `sine=d=${frames / rate}`] : []),
    ...["-vf", filters === undefined ? FILTER : `${FILTER},${filters}`, "-fps_mode", "passthrough"],
    ...["-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-c:a", "aac", ...output, path],
  ]);
  return path;
}

/** The numbers of a video's frames, in the order in which they are shown; sides in pixels. */
export async function numbersOf(path: string, width: number, height: number): Promise<number[]> {
  const grey = await ffmpeg("ffmpeg", [
    ...["-i", path, "-map", "0:v:0", "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "gray", "-"],
  ]);
  return Array.from({ length: grey.length / (width * height) }, (_, frame) => {
    let number = 0;
    for (let bit = 0; bit < BITS; bit++) {
      const row = Math.floor((bit + 0.5) * height / BITS);
      // In the middle of the band at the left.
      const at = frame * width * height + row * width + Math.max(2, Math.floor((width - height) / 4));
      if ((grey[at] ?? 0) > DIM_GREY) number |= 1 << bit;
    }
    return number;
  });
}

/** When each frame of a video is shown, in s. */
export async function timesOf(path: string): Promise<number[]> {
  const text = await ffmpeg("ffprobe", [
    ...["-select_streams", "v:0", "-show_entries", "frame=pts_time", "-of", "csv=p=0", path],
  ]);
  return new TextDecoder().decode(text).split("\n").map((line) => Number.parseFloat(line)).filter(
    Number.isFinite,
  );
}

/** The encoded packets of a video's sound: a hash of each. */
export async function soundOf(path: string): Promise<string[]> {
  const entries = ["-show_packets", "-show_data_hash", "md5", "-show_entries", "packet=data_hash"];
  const text = await ffmpeg("ffprobe", ["-select_streams", "a:0", ...entries, "-of", "csv=p=0", path]);
  return new TextDecoder().decode(text).trim().split("\n");
}
