/** What is asked for takes effect in turns, and only so often (PROTOCOL.md, M5 to M7). */
import assert from "node:assert/strict";
import { COVER_CELLS, coverOf } from "../../shared/cover.ts";
import {
  COVER_FRAME_MS,
  MAX_FRAMES_AT_ONCE,
  MAX_MESSAGES_AT_ONCE,
  MAX_MESSAGES_OVER,
  MAX_MESSAGES_PER_S,
  TURN_PAUSE_MS,
} from "../../shared/limits.ts";
import { brief, Driver, HELLO, VIEW, WORLD } from "./testing/driver.ts";
import type { Effect, SessionWorld } from "./state.ts";
import { STAGE } from "../../tests/support/stage.ts";

const KEY = "0123456789abcdef0123456789abcdef";
/** A session with the frame 1 under way, which counts how many views were looked up. */
function explaining(): { readonly driver: Driver; readonly lookedUp: () => number } {
  let resolved = 0;
  const world: SessionWorld = {
    ...WORLD,
    resolve(view, model) {
      resolved++;
      return WORLD.resolve(view, model);
    },
  };
  const driver = Driver.greeted(world);
  driver.frame(1);
  const before = resolved;
  return { driver, lookedUp: () => resolved - before };
}

/** Takes a message without its turn. */
function say(driver: Driver, message: unknown): readonly Effect[] {
  return driver.take({ kind: "text", text: JSON.stringify(message) });
}

const turn = (driver: Driver) => driver.take({ kind: "timer", name: "turn" });
const view = (revision: number) => ({ type: "view", view: { ...VIEW, revision } });

Deno.test("M5: of many views in a turn the last one counts: one look-up, one answer, one explanation", () => {
  const { driver, lookedUp } = explaining();
  const effects = Array.from({ length: 200 }, (_, at) => say(driver, view(at + 2))).flat();
  assert.deepEqual(effects, [{ kind: "arm", name: "turn", ms: 0 }]);
  assert.equal(lookedUp(), 0);
  const turned = turn(driver);
  assert.deepEqual(brief(turned), ["send:view", "explain"]);
  assert.equal(driver.live.request.revision, 201);
  assert.equal(lookedUp(), 1);
});

Deno.test("M5: of each kind the last message counts, and each kind by itself", () => {
  const { driver } = explaining();
  for (const id of [1, 2]) say(driver, { type: "panes", panes: [{ ...VIEW, id, revision: id }] });
  for (const on of [true, false, true]) say(driver, { type: "log", on });
  for (const digit of ["a", "b"]) say(driver, { type: "share", on: true, key: digit.repeat(32) });
  for (const opacity of [0.1, 0.2]) say(driver, { type: "stage", stage: { ...STAGE, opacity } });
  const turned = turn(driver);
  assert.deepEqual(brief(turned), [
    "send:pane",
    "explain",
    "log",
    "send:log",
    "share",
    "send:view",
    "stage",
  ]);
  assert.deepEqual(driver.live.panes.map(({ pane }) => pane), [2]);
  assert.deepEqual(turned.find(({ kind }) => kind === "share"), { kind: "share", key: "b".repeat(32) });
  assert.deepEqual(turned.find(({ kind }) => kind === "stage"), {
    kind: "stage",
    stage: { ...STAGE, opacity: 0.2 },
  });
});

Deno.test("M5: turns lie 16 ms apart", () => {
  const { driver } = explaining();
  driver.nowMs = 1_000;
  say(driver, view(2));
  turn(driver);
  driver.nowMs += 6;
  assert.deepEqual(say(driver, view(3)), [{ kind: "arm", name: "turn", ms: TURN_PAUSE_MS - 6 }]);
  driver.nowMs += 10;
  assert.deepEqual(brief(turn(driver)), ["send:view", "explain"]);
  driver.nowMs += 500;
  assert.deepEqual(say(driver, view(4)), [{ kind: "arm", name: "turn", ms: 0 }]);
});

Deno.test("M5: a turn that kept the server for long makes the next one wait, so that turns take a tenth of the time", () => {
  const { driver } = explaining();
  driver.nowMs = 1_000;
  say(driver, view(2));
  turn(driver);
  driver.nowMs += 10;
  driver.take({ kind: "turned", tookMs: 10 });
  assert.deepEqual(say(driver, view(3)), [{ kind: "arm", name: "turn", ms: 90 }]);
});

Deno.test("M5: a turn without anything asked for does nothing", () => {
  assert.deepEqual(turn(Driver.greeted()), []);
});

Deno.test("V1: a frame that follows a view in the same turn is explained with it, once", () => {
  const { driver } = explaining();
  driver.ranking(1);
  say(driver, view(2));
  const effects = driver.frame(2);
  assert.deepEqual(brief(effects), ["send:view", "supersede", "admit", "explain", "release"]);
  const explain = effects.find((effect) => effect.kind === "explain");
  assert.deepEqual(explain?.requests.map(({ revision }) => revision), [2]);
  assert.deepEqual(turn(driver), []);
});

Deno.test("U7: another cover leaves the engine to the next frame of a moving picture, where the last one is answered", () => {
  const cover = coverOf(new Uint8Array(COVER_CELLS).fill(1, 0, 9), "grey");
  const painted = { type: "view", view: { ...VIEW, revision: 2, cover } };
  const restOf = (still: boolean, answered: boolean, message: unknown) => {
    const driver = Driver.greeted();
    driver.frame(1, { still });
    if (answered) driver.ranking(1);
    driver.nowMs += 100;
    return say(driver, message).flatMap((effect) => effect.kind === "arm" ? effect.ms : []);
  };
  assert.deepEqual(restOf(false, true, painted), [COVER_FRAME_MS]);
  assert.deepEqual(restOf(false, false, painted), [0]);
  assert.deepEqual(restOf(true, true, painted), [0]);
  assert.deepEqual(restOf(false, true, view(2)), [0]);
  const { driver } = explaining();
  driver.ranking(1);
  say(driver, painted);
  assert.deepEqual(brief(driver.frame(2)), ["send:view", "supersede", "admit", "explain", "release"]);
});

Deno.test("M5: what waits for its turn ends with the session", () => {
  const { driver } = explaining();
  say(driver, view(2));
  const ended = driver.take({ kind: "closed" });
  assert.ok(ended.some((effect) => effect.kind === "disarm" && effect.name === "turn"));
  assert.deepEqual(turn(driver), []);
});

Deno.test("M6: a slider at 60 views a second is never refused, and its last view counts", () => {
  const { driver } = explaining();
  let revision = 1;
  for (let second = 0; second < 60; second++) {
    for (let at = 0; at < 60; at++) {
      driver.nowMs += 1_000 / 60;
      driver.take({ kind: "text", text: JSON.stringify({ type: "pong" }) });
      assert.ok(!brief(say(driver, view(++revision))).includes("error:message-rate"));
      turn(driver);
    }
  }
  assert.equal(driver.live.request.revision, revision);
});

const KINDS: Readonly<Record<string, unknown>> = {
  view: view(2),
  panes: { type: "panes", panes: [] },
  log: { type: "log", on: true },
  share: { type: "share", on: true, key: KEY },
  stage: { type: "stage", stage: STAGE },
  flip: { type: "flip", revision: 1, on: true, fill: "grey" },
  reasons: { type: "reasons", on: true },
  ping: { type: "ping" },
  pong: { type: "pong" },
};

for (const [kind, message] of Object.entries(KINDS)) {
  Deno.test(`M6, M7: ${kind} more often than the limit is refused, then the viewer is closed`, () => {
    const { driver } = explaining();
    for (let count = 0; count < MAX_MESSAGES_AT_ONCE; count++) {
      assert.ok(!brief(say(driver, message)).includes("error:message-rate"), `number ${count}`);
    }
    const refused = say(driver, message);
    assert.deepEqual(brief(refused), ["error:message-rate"]);
    assert.match(JSON.stringify(refused), /at most 120 .+ in a second/);
    const all = Array.from({ length: MAX_MESSAGES_OVER }, () => brief(say(driver, message))).flat();
    assert.ok(all.includes("close:message-flood"), all.slice(-3).join(" "));
    assert.equal(driver.state.phase, "closed");
  });
}

Deno.test("M6: the refusal of a view names its revision", () => {
  const { driver } = explaining();
  for (let count = 0; count < MAX_MESSAGES_AT_ONCE; count++) say(driver, view(count));
  assert.match(JSON.stringify(say(driver, view(999))), /"revision":999/);
});

Deno.test("M6: after a second as many more are taken as the limit allows in a second", () => {
  const { driver } = explaining();
  for (let count = 0; count < MAX_MESSAGES_AT_ONCE; count++) say(driver, view(2));
  driver.nowMs += 1_000;
  for (let count = 0; count < MAX_MESSAGES_PER_S; count++) {
    assert.ok(!brief(say(driver, view(3))).includes("error:message-rate"), `number ${count}`);
  }
  assert.deepEqual(brief(say(driver, view(3))), ["error:message-rate"]);
});

Deno.test("M6, M7: frames more often than the limit are refused, each with its id, then the viewer is closed", () => {
  const driver = Driver.greeted();
  let id = 0;
  while (id < MAX_FRAMES_AT_ONCE) assert.ok(!brief(driver.frame(++id)).includes("error:message-rate"));
  const refused = driver.frame(++id);
  assert.deepEqual(brief(refused), ["error:message-rate"]);
  assert.match(JSON.stringify(refused), new RegExp(`"frame":${id}`));
  const all: string[] = [];
  for (let count = 0; count < MAX_MESSAGES_OVER && driver.state.phase === "live"; count++) {
    all.push(...brief(driver.frame(++id)));
    // Good messages between them, which start the count of M4 again, do not help.
    if (count % 10 === 0) driver.text(JSON.stringify({ type: "log", on: true }));
  }
  assert.ok(all.includes("close:message-flood"), all.slice(-3).join(" "));
});

Deno.test("M7: text that does not fit counts by itself, whatever good messages lie between", () => {
  const { driver } = explaining();
  let said = 0;
  while (driver.state.phase === "live" && said < 1_000) {
    said++;
    driver.take({ kind: "text", text: "?" });
    if (said % 10 === 0 && said < 200) driver.text(JSON.stringify(view(said)));
    driver.nowMs += 1;
  }
  assert.ok(said < MAX_MESSAGES_AT_ONCE + MAX_MESSAGES_OVER + 100, `${said}`);
});

Deno.test("H1: before the hello nothing is counted: the first message that does not fit ends the session", () => {
  const driver = new Driver();
  driver.take({ kind: "opened", full: null });
  assert.ok(brief(say(driver, { type: "ping" })).includes("close:hello-expected"));
  assert.deepEqual(brief(new Driver().take({ kind: "text", text: HELLO })).slice(1, 2), ["send:welcome"]);
});
