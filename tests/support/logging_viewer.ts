/** A viewer whose log is on, and what a server says of its log. */
import assert from "node:assert/strict";
import { HELD_FRAMES } from "../../server/log/mod.ts";
import { LiveClient } from "./live_client.ts";

/** Two pictures of different classes. */
export const COFFEE = await Deno.readFile("tests/fixtures/photos/coffee.png");
export const CAMERA = await Deno.readFile("tests/fixtures/photos/camera.png");

/** Frames in which a picture is shown: what was seen before is no longer. */
export const SHOWN_FRAMES = 2 * HELD_FRAMES;

/** Runs a test with an empty data folder of its own. */
export async function inData(run: (data: string) => Promise<void>): Promise<void> {
  const data = `data/test-${crypto.randomUUID()}`;
  await Deno.mkdir(data, { recursive: true });
  try {
    await run(data);
  } finally {
    await Deno.remove(data, { recursive: true });
  }
}

/** A viewer that shows pictures long enough to be written down. */
export class LoggingViewer implements AsyncDisposable {
  readonly client: LiveClient;
  #id = 0;

  constructor(client: LiveClient) {
    this.client = client;
  }

  /** Connects and says hello. */
  static async greet(port: number): Promise<LoggingViewer> {
    return new LoggingViewer(await LiveClient.greet(port));
  }

  /** Turns the log on. */
  async log(): Promise<void> {
    this.client.say({ type: "log", on: true });
    assert.equal((await this.client.taken("log")).on, true);
  }

  /** Shows a picture until it is what is seen and nothing else is. */
  async show(picture: Uint8Array<ArrayBuffer>): Promise<void> {
    for (let frame = 0; frame < SHOWN_FRAMES; frame++) {
      this.client.frame(++this.#id, picture, { still: false, first: frame === 0 });
      await this.client.taken("result");
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.client[Symbol.asyncDispose]();
  }
}

/** The entries of a server's log, the newest first. */
export async function entriesOf(url: string): Promise<{ id: number; label: string }[]> {
  const answer = await fetch(`${url}/api/log?limit=200`);
  assert.equal(answer.status, 200);
  return (await answer.json()).entries;
}

/** Why a server says that it is degraded. */
export async function reasonsOf(url: string): Promise<string[]> {
  return (await (await fetch(`${url}/healthz`)).json()).reasons;
}
