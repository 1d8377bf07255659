import assert from "node:assert/strict";
import { type BundlePart, decodeBundle } from "../../shared/bundle.ts";
import { decodeFrame, decodeTile, encodeTile, type Tile } from "../../shared/codec.ts";
import {
  MAX_BAD_MESSAGES,
  MAX_BUFFERED_BYTES,
  MAX_MESSAGES_AT_ONCE,
  MAX_REMOTES,
  MAX_SILENCE_MS,
  MAX_SLOW_MS,
  MAX_WATCHERS_PER_ADDRESS,
  SHOW_PATIENCE_MS,
} from "../../shared/limits.ts";
import type { RemoteCommand } from "../../shared/remote.ts";
import { FakeClock } from "../clock/testing/fake_clock.ts";
import type { Shared, ViewerObserver } from "../session/mod.ts";
import { MemorySocket } from "../session/testing/memory_socket.ts";
import { codesOf } from "./codes.ts";
import { Shows } from "./shows.ts";
import { STAGE } from "../../tests/support/stage.ts";

const KEY = "0123456789abcdef0123456789abcdef";
const WELCOME = '{"type":"welcome"}';
/** The socket of somebody who answers when asked (K3), unless the test forbids it. */
class AnsweringSocket extends MemorySocket {
  answer = () => {};

  override send(data: string | Uint8Array<ArrayBuffer>): void {
    super.send(data);
    if (data === '{"type":"ping"}') this.answer();
  }
}

/** A server with one show and what its presenter hears. */
class Theatre {
  readonly clock = new FakeClock();
  readonly shows: Shows;
  readonly codes = codesOf(KEY);
  readonly told: (Shared | null)[] = [];
  readonly commands: RemoteCommand[] = [];
  audience: ViewerObserver;

  constructor(maxWatchers = 300) {
    this.shows = new Shows({
      clock: this.clock,
      welcome: () => WELCOME,
      addresses: () => ["http://10.0.0.1:1"],
      maxWatchers,
    });
    this.audience = this.present();
  }

  present(): ViewerObserver {
    return this.shows.present(KEY, {
      shared: (show) => this.told.push(show),
      remote: (command) => this.commands.push(command),
    });
  }

  watch(socket = new AnsweringSocket(), kind: "watch" | "remote" = "watch") {
    const watcher = this.shows.join(kind, this.codes[kind], socket);
    socket.answer = () => watcher?.receive('{"type":"pong"}');
    return { socket, watcher };
  }

  /** A frame with its result and its whole map of four cells. */
  explain(frame: number, bytes = 3): void {
    this.audience.frame(frame, "jpeg", new Uint8Array(bytes).fill(frame));
    this.result(frame);
    this.tile(frame, true);
  }

  result(frame: number): void {
    const message = { type: "result", frame } as Parameters<ViewerObserver["said"]>[0];
    this.audience.said(message, { text: JSON.stringify(message), method: "grad-cam" });
  }

  tile(frame: number, complete: boolean): void {
    const tile: Tile = {
      pane: 0,
      frame,
      revision: 1,
      classIndex: 2,
      mapHeight: 2,
      mapWidth: 2,
      row: 0,
      column: 0,
      rows: 2,
      columns: 2,
      progress: 1,
      complete,
      costMs: 1,
      samples: null,
      values: new Float32Array(4),
    };
    this.audience.tile(tile, encodeTile(tile));
  }
}

/** What a part is, in a word. */
function word(part: BundlePart): string {
  if (typeof part === "string") {
    const { type, frame, on } = JSON.parse(part);
    return [type, frame ?? on].filter((each) => each !== undefined).join(" ");
  }
  return part[0] === 1 ? `picture ${decodeFrame(part).id}` : `tile ${decodeTile(part).frame}`;
}

const heard = (socket: MemorySocket) => socket.binaries.map((bytes) => decodeBundle(bytes).map(word));

Deno.test("W1: the codes of a key are two, unlike it and each other, and the same after a restart", () => {
  const { watch, remote } = codesOf(KEY);
  assert.match(watch, /^[a-km-np-z2-9]{16}$/);
  assert.match(remote, /^[a-km-np-z2-9]{16}$/);
  assert.notEqual(watch, remote);
  assert.deepEqual(codesOf(KEY), { watch, remote });
  assert.notEqual(codesOf(KEY.replace("0", "1")).watch, watch);
});

Deno.test("W2: a code that nobody presents under, or that is for something else, closes with 4021", () => {
  const theatre = new Theatre();
  for (
    const [kind, code] of [
      ["watch", "x"],
      ["watch", theatre.codes.remote],
      ["remote", theatre.codes.watch],
      ["watch", "__proto__"],
    ] as const
  ) {
    const socket = new AnsweringSocket();
    assert.equal(theatre.shows.join(kind, code, socket), null);
    assert.deepEqual(socket.closed, { code: 4021, reason: "unknown-show" });
  }
});

Deno.test("W3: watchers and remotes over the limit receive busy", () => {
  const full = new Theatre(2);
  assert.ok(full.watch().watcher !== null && full.watch().watcher !== null);
  assert.equal(full.watch().socket.closed?.code, 1013);
  const theatre = new Theatre();
  const remotes = Array.from(
    { length: MAX_REMOTES + 1 },
    () => theatre.watch(new AnsweringSocket(), "remote"),
  );
  assert.deepEqual(remotes.map(({ socket }) => socket.closed?.code), [
    ...Array(MAX_REMOTES).fill(undefined),
    1013,
  ]);
});

Deno.test("W3: one address has 250 watchers, so that it leaves room for others", () => {
  const theatre = new Theatre();
  const join = (from: string | null) => {
    const socket = new MemorySocket();
    theatre.shows.join("watch", theatre.codes.watch, socket, from);
    return socket.closed?.code;
  };
  for (let count = 0; count < MAX_WATCHERS_PER_ADDRESS; count++) assert.equal(join("192.0.2.1"), undefined);
  assert.equal(join("192.0.2.1"), 1013);
  assert.equal(join("192.0.2.2"), undefined);
  assert.equal(join(null), undefined);
});

Deno.test("W3: a watcher that does not read gives way to the next one", async () => {
  const theatre = new Theatre(2);
  const [reads, stuck] = [theatre.watch().socket, theatre.watch().socket];
  stuck.bufferedBytes = MAX_BUFFERED_BYTES + 1;
  await theatre.clock.advance(1_000);
  theatre.explain(1);
  await theatre.clock.advance(500);
  assert.equal(theatre.watch().socket.closed, null);
  assert.deepEqual(stuck.closed, { code: 4008, reason: "slow-viewer" });
  assert.equal(reads.closed, null);
  assert.equal(theatre.watch().socket.closed?.code, 1013);
});

Deno.test("W4: a frame, its result and its map come in one bundle, encoded once for all", async () => {
  const theatre = new Theatre();
  const [first, second] = [theatre.watch().socket, theatre.watch().socket];
  await theatre.clock.advance(1_000);
  theatre.explain(7);
  await theatre.clock.advance(200);
  assert.deepEqual(heard(first), [["welcome", "away false"], ["picture 7", "result 7", "tile 7"]]);
  assert.equal(first.binaries.at(-1), second.binaries.at(-1));
});

Deno.test("W4: what a map rests on comes along, until another view is shown", async () => {
  const theatre = new Theatre();
  const { socket } = theatre.watch();
  theatre.explain(1);
  const say = (type: "reason" | "view", frame: number) => {
    const message = { type, frame } as Parameters<ViewerObserver["said"]>[0];
    theatre.audience.said(message, { text: JSON.stringify(message), method: "grad-cam" });
  };
  say("reason", 1);
  await theatre.clock.advance(1_000);
  assert.equal(heard(socket).flat().at(-1), "reason 1");
  const later = theatre.watch().socket;
  assert.deepEqual(heard(later), [["welcome", "away false", "picture 1", "result 1", "tile 1", "reason 1"]]);
  say("view", 0);
  assert.equal(heard(theatre.watch().socket).flat().includes("reason 1"), false);
});

Deno.test("W4: who comes later gets all that is shown, and bundles are fewer the more watch", async () => {
  const theatre = new Theatre();
  theatre.audience.stage(STAGE);
  theatre.explain(1);
  const { socket } = theatre.watch();
  assert.deepEqual(heard(socket), [["welcome", "away false", "stage", "picture 1", "result 1", "tile 1"]]);
  for (let count = 0; count < 199; count++) theatre.watch();
  await theatre.clock.advance(1_000);
  const before = socket.binaries.length;
  for (let frame = 2; frame < 32; frame++) {
    theatre.explain(frame);
    await theatre.clock.advance(50);
  }
  const count = socket.binaries.length - before;
  assert.ok(count >= 2 && count <= 3, `${count} bundles in 1.5 s for 200`);
  const small = new Theatre();
  const alone = small.watch().socket;
  for (let frame = 2; frame < 32; frame++) {
    small.explain(frame);
    await small.clock.advance(50);
  }
  assert.ok(alone.binaries.length >= 15, `${alone.binaries.length} bundles in 1.5 s for one`);
});

Deno.test("W4: tiles of a map that grows follow one by one, and the next frame has its picture again", async () => {
  const theatre = new Theatre();
  const { socket } = theatre.watch();
  await theatre.clock.advance(1_000);
  theatre.audience.frame(1, "jpeg", new Uint8Array(3));
  theatre.result(1);
  await theatre.clock.advance(500);
  theatre.tile(1, false);
  await theatre.clock.advance(500);
  theatre.tile(1, true);
  await theatre.clock.advance(500);
  theatre.tile(99, true);
  assert.deepEqual(heard(socket).slice(-3), [["picture 1", "result 1"], ["tile 1"], ["tile 1"]]);
});

Deno.test("W4: a slow watcher misses bundles, gets a whole one when it reads again, and is closed in the end", async () => {
  const theatre = new Theatre();
  const { socket } = theatre.watch();
  const fast = theatre.watch().socket;
  await theatre.clock.advance(1_000);
  socket.bufferedBytes = MAX_BUFFERED_BYTES + 1;
  const before = socket.binaries.length;
  theatre.explain(1);
  await theatre.clock.advance(100);
  assert.equal(socket.binaries.length, before);
  assert.deepEqual(heard(fast).at(-1), ["picture 1", "result 1", "tile 1"]);
  socket.bufferedBytes = 0;
  theatre.explain(2);
  await theatre.clock.advance(100);
  assert.deepEqual(heard(socket).at(-1), ["welcome", "away false", "picture 2", "result 2", "tile 2"]);
  socket.bufferedBytes = MAX_BUFFERED_BYTES + 1;
  theatre.explain(3);
  await theatre.clock.advance(MAX_SLOW_MS);
  theatre.explain(4);
  await theatre.clock.advance(100);
  assert.deepEqual(socket.closed, { code: 4008, reason: "slow-viewer" });
  assert.equal(theatre.shows.watchers, 1);
});

Deno.test("W6: the presenter hears how many watch, and the addresses", async () => {
  const theatre = new Theatre();
  assert.deepEqual(theatre.told.at(-1), { ...theatre.codes, watchers: 0, addresses: ["http://10.0.0.1:1"] });
  const { watcher } = theatre.watch();
  theatre.watch(new AnsweringSocket(), "remote");
  await theatre.clock.advance(500);
  assert.equal(theatre.told.at(-1)?.watchers, 1);
  watcher?.closed();
  await theatre.clock.advance(500);
  assert.equal(theatre.told.at(-1)?.watchers, 0);
});

Deno.test("W7: a remote steers; a watcher and what does not fit do not; a flood ends it", () => {
  const theatre = new Theatre();
  const remote = theatre.watch(new AnsweringSocket(), "remote");
  const { socket, watcher } = theatre.watch();
  const command = JSON.stringify({ kind: "action", action: "freeze" });
  remote.watcher?.receive(command);
  watcher?.receive(command);
  remote.watcher?.receive(JSON.stringify({ kind: "action", action: "show-log" }));
  remote.watcher?.receive("{");
  remote.watcher?.receive(new Uint8Array(3));
  assert.deepEqual(theatre.commands, [{ kind: "action", action: "freeze" }]);
  for (let count = 0; count < 60; count++) remote.watcher?.receive(command);
  assert.equal(theatre.commands.length, 20);
  assert.equal(remote.socket.closed?.code, 4029);
  assert.equal(socket.closed, null);
});

Deno.test("W7: pings beyond the rate are ignored, and end the socket", () => {
  const theatre = new Theatre();
  const { socket, watcher } = theatre.watch();
  const pongs = () => socket.texts.filter((text) => text === '{"type":"pong"}').length;
  for (let count = 0; count < MAX_MESSAGES_AT_ONCE; count++) watcher?.receive('{"type":"ping"}');
  assert.equal(pongs(), MAX_MESSAGES_AT_ONCE);
  for (let count = 0; count < MAX_BAD_MESSAGES; count++) watcher?.receive('{"type":"ping"}');
  assert.equal(pongs(), MAX_MESSAGES_AT_ONCE);
  assert.equal(socket.closed?.code, 4029);
});

Deno.test("W8: a presenter who is gone is waited for; who comes back finds everybody there", async () => {
  const theatre = new Theatre();
  const { socket } = theatre.watch();
  theatre.audience.left();
  await theatre.clock.advance(1_000);
  assert.deepEqual(heard(socket).at(-1), ["away true"]);
  theatre.audience = theatre.present();
  await theatre.clock.advance(1_000);
  theatre.explain(1);
  await theatre.clock.advance(500);
  assert.deepEqual(heard(socket).slice(-2), [["away false"], ["picture 1", "result 1", "tile 1"]]);
  theatre.audience.left();
  await theatre.clock.advance(SHOW_PATIENCE_MS);
  assert.deepEqual(socket.closed, { code: 4020, reason: "show-ended" });
  assert.equal(theatre.clock.pending, 0);
});

Deno.test("W9: the end of a show closes every watcher, and a second page takes the show over from the first", async () => {
  const theatre = new Theatre();
  const { socket } = theatre.watch();
  const first = theatre.audience;
  theatre.audience = theatre.present();
  assert.ok(theatre.told.includes(null));
  first.end();
  assert.equal(socket.closed, null, "the first page has nothing to say any more");
  theatre.audience.end();
  assert.deepEqual(socket.closed, { code: 4020, reason: "show-ended" });
  assert.equal(theatre.watch().socket.closed?.code, 4021);
  await theatre.clock.advance(1_000);
  assert.equal(theatre.clock.pending, 0);
  theatre.present();
  const late = theatre.watch().socket;
  theatre.shows.shutdown();
  assert.deepEqual(late.closed, { code: 1001, reason: "server-closing" });
});

Deno.test("K3: a watcher that falls silent is closed, one that answers or asks stays, with nothing new to show", async () => {
  const theatre = new Theatre();
  const { socket: silent } = theatre.watch();
  const { socket: there, watcher } = theatre.watch();
  silent.answer = () => {};
  await theatre.clock.advance(MAX_SILENCE_MS);
  assert.deepEqual(silent.closed, { code: 4009, reason: "connection-silent" });
  await theatre.clock.advance(60_000);
  assert.equal(there.closed, null);
  assert.equal(theatre.shows.watchers, 1);
  watcher?.receive('{"type":"ping"}');
  assert.equal(there.texts.at(-1), '{"type":"pong"}');
});
