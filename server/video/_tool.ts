/** ffmpeg and ffprobe as child processes: none waits without an end, and none outlives its caller. */
import { VideoError } from "./video_error.ts";

/** The two programs; the task's permission names them too. */
export type ToolName = "ffmpeg" | "ffprobe";

/** Characters of what a program says that are kept, from the end. */
const KEPT_CHARACTERS = 4_000;

/** Longest line of a program that is read as one, in characters: side data of a frame may be long, and is of no use. */
const MAX_LINE = 10_000;

/** How long a program may take to end once it was asked to, in ms. */
const END_MS = 5_000;

/** How a program is started. */
export interface ToolOptions {
  /** Whether it reads what we write. */
  readonly fed?: boolean;
  /** Receives each line that it says on stderr. */
  readonly onLine?: (line: string) => void;
}

/** A program that runs; disposing of it ends it. */
export class Tool implements AsyncDisposable {
  readonly name: ToolName;
  readonly #child: Deno.ChildProcess;
  readonly #said: Promise<string>;
  readonly #input: WritableStreamDefaultWriter<Uint8Array> | null;
  readonly #output: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>;

  /**
   * Starts a program.
   *
   * @throws VideoError where it is not installed, or must not be started
   */
  constructor(name: ToolName, args: readonly string[], { fed = false, onLine = () => {} }: ToolOptions = {}) {
    this.name = name;
    this.#child = spawn(name, args, fed);
    this.#said = readLines(this.#child.stderr, onLine);
    this.#input = fed ? this.#child.stdin.getWriter() : null;
    this.#output = this.#child.stdout.getReader();
  }

  /**
   * Reads the next bytes that it writes; null at their end.
   *
   * @throws VideoError where nothing comes within a limit in ms
   */
  async read(limitMs: number): Promise<Uint8Array<ArrayBuffer> | null> {
    const { done, value } = await this.#within(this.#output.read(), limitMs, "wrote nothing");
    return done ? null : value;
  }

  /**
   * Has it read bytes.
   *
   * @throws VideoError where it takes none within a limit in ms, or has ended
   */
  async write(bytes: Uint8Array, limitMs: number): Promise<void> {
    const input = this.#input;
    if (input === null) throw new TypeError(`Cannot write to ${this.name}: it was started without an input`);
    const written = input.ready.then(() => input.write(bytes));
    try {
      await this.#within(written, limitMs, "took nothing");
    } catch (error) {
      if (error instanceof VideoError) throw error;
      // Its input is closed because it has ended: its own words say why.
      throw new VideoError(`Cannot write the film: ffmpeg stopped: ${await this.words(END_MS)}`, {
        cause: error,
      });
    }
  }

  /**
   * Waits for its end, without more to read for it.
   *
   * @throws VideoError where it fails, or takes longer than a limit in ms
   */
  async end(limitMs: number): Promise<void> {
    await this.#input?.close().catch(() => {});
    const { success } = await this.#within(this.#child.status, limitMs, "did not end");
    if (!success) throw new VideoError(`${this.name} failed: ${await this.words(END_MS)}`);
  }

  /** The last lines that it said, once it has ended. */
  async words(limitMs: number): Promise<string> {
    return lastWords(await this.#within(this.#said, limitMs, "did not end"));
  }

  /** Ends it at once where it still runs. */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended already.
    }
    await this.#output.cancel().catch(() => {});
    await this.#input?.abort().catch(() => {});
    await this.#child.status;
    await this.#said;
  }

  async #within<T>(work: Promise<T>, limitMs: number, what: string): Promise<T> {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(
      () =>
        late.reject(
          new VideoError(`${this.name} ${what} for ${Math.round(limitMs / 1_000)} s and was ended`),
        ),
      limitMs,
    );
    try {
      return await Promise.race([work, late.promise]);
    } finally {
      clearTimeout(timer);
      // Who waits no longer hears of no failure either.
      work.catch(() => {});
    }
  }
}

/**
 * Runs a program to its end; gives what it wrote.
 *
 * @throws VideoError where it fails, or takes longer than a limit in ms
 */
export async function runTool(name: ToolName, args: readonly string[], limitMs: number): Promise<string> {
  await using tool = new Tool(name, args);
  const decoder = new TextDecoder();
  let text = "";
  for (let bytes = await tool.read(limitMs); bytes !== null; bytes = await tool.read(limitMs)) {
    text += decoder.decode(bytes, { stream: true });
  }
  await tool.end(limitMs);
  return text;
}

function spawn(name: ToolName, args: readonly string[], fed: boolean): Deno.ChildProcess {
  try {
    return new Deno.Command(name, {
      args: [...args],
      stdin: fed ? "piped" : "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound || cause instanceof Deno.errors.NotCapable) {
      throw new VideoError(
        `Cannot read videos: ${name} is not installed. Install ffmpeg, which ${name} comes with (Debian: apt-get ` +
          "install ffmpeg; macOS: brew install ffmpeg; Windows: winget install ffmpeg), or open the video on the page",
        { cause },
      );
    }
    throw cause;
  }
}

async function readLines(from: ReadableStream<Uint8Array<ArrayBuffer>>, onLine: (line: string) => void) {
  let kept = "";
  let open = "";
  for await (const text of from.pipeThrough(new TextDecoderStream())) {
    kept = (kept + text).slice(-KEPT_CHARACTERS);
    const lines = (open + text).split(/[\r\n]+/);
    open = (lines.pop() ?? "").slice(0, MAX_LINE);
    for (const line of lines) onLine(line);
  }
  if (open !== "") onLine(open);
  return kept;
}

/** What a program says last is why it failed; addresses of its parts say nothing. */
function lastWords(text: string): string {
  const lines = text.split(/[\r\n]+/).map((line) => line.replace(/^\[[^\]]*\]\s*/, "").trim());
  return lines.filter((line) => line !== "").slice(-2).join("; ") || "it gave no reason";
}
