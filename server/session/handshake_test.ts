import assert from "node:assert/strict";
import {
  HELLO_TIMEOUT_MS,
  MAX_BAD_MESSAGES,
  MAX_CONTROL_CHARS,
  PROTOCOL_VERSION,
} from "../../shared/limits.ts";
import { brief, Driver, frameMessage, HELLO, keyOf, VIEW, WORLD } from "./testing/driver.ts";

const CLOSING = ["disarm", "disarm"];
/** The same of a session that was greeted: its heartbeat ends, too. */
const LIVE_CLOSING = [...CLOSING, "disarm", "disarm"];

Deno.test("H1: anything before the hello is answered with hello-expected and closed", () => {
  for (const text of ["{}", "no json", JSON.stringify({ type: "view", view: VIEW })]) {
    assert.deepEqual(brief(new Driver().text(text)), [
      "error:hello-expected",
      "close:hello-expected",
      ...CLOSING,
    ]);
  }
  const effects = new Driver().take({ kind: "binary", bytes: frameMessage(1) });
  assert.deepEqual(brief(effects), ["error:hello-expected", "close:hello-expected", ...CLOSING]);
});

Deno.test("H2: a hello with another version is answered with protocol-version, whatever else it holds", () => {
  for (const version of [0, 1, 99]) {
    const effects = new Driver().text(JSON.stringify({ type: "hello", version, fields: "of another time" }));
    assert.deepEqual(brief(effects), ["error:protocol-version", "close:protocol-version", ...CLOSING]);
  }
});

Deno.test("H3: a second hello is answered with hello-twice and closed", () => {
  const effects = Driver.greeted().text(HELLO);
  assert.deepEqual(brief(effects), ["error:hello-twice", "close:hello-twice", ...LIVE_CLOSING]);
});

Deno.test("H4: a viewer that says nothing is closed after the hello's time", () => {
  const driver = new Driver();
  const opened = driver.take({ kind: "opened", full: null });
  assert.deepEqual(opened, [{ kind: "arm", name: "hello", ms: HELLO_TIMEOUT_MS }]);
  const effects = driver.take({ kind: "timer", name: "hello" });
  assert.deepEqual(brief(effects), ["error:hello-timeout", "close:hello-timeout", ...CLOSING]);
});

Deno.test("H4: the hello's alarm changes nothing after the hello", () => {
  const driver = Driver.greeted();
  assert.deepEqual(driver.take({ kind: "timer", name: "hello" }), []);
  assert.equal(driver.state.phase, "live");
});

Deno.test("H5: a viewer over the limit gets busy with the limit in its message", () => {
  const effects = new Driver().take({ kind: "opened", full: "all" });
  assert.deepEqual(brief(effects), ["error:busy", "close:busy", ...CLOSING]);
  assert.match(JSON.stringify(effects), /limit of 32 is reached/);
  const more = new Driver().take({ kind: "opened", full: "address" });
  assert.match(JSON.stringify(more), /limit of 8 from one network address is reached/);
});

Deno.test("H11: a viewer whose seat is given away receives that and is closed; one that never said hello receives busy", () => {
  const given = Driver.greeted().take({ kind: "displaced" });
  assert.deepEqual(brief(given), ["error:seat-given", "close:seat-given", ...LIVE_CLOSING]);
  const mute = new Driver();
  mute.take({ kind: "opened", full: null });
  assert.deepEqual(brief(mute.take({ kind: "displaced" })), ["error:busy", "close:busy", ...CLOSING]);
});

Deno.test("H7: the answer to a hello is welcome, then the view", () => {
  const driver = new Driver();
  const effects = driver.text(HELLO);
  assert.deepEqual(brief(effects), ["disarm", "send:welcome", "send:view", "arm"]);
});

Deno.test("M1: text that is not JSON, such as a frame sent as text, is answered with message-syntax", () => {
  const driver = Driver.greeted();
  assert.deepEqual(brief(driver.text("/9j/4AAQSkZJRgABAQ")), ["error:message-syntax"]);
  assert.equal(driver.state.phase, "live");
});

Deno.test("M2: JSON that does not fit is answered with message-shape that names the field", () => {
  const driver = Driver.greeted();
  for (const message of [{ type: "dance" }, { type: "view", view: { ...VIEW, revision: -1 } }, [], 3, null]) {
    assert.deepEqual(brief(driver.text(JSON.stringify(message))), ["error:message-shape"]);
  }
  const effects = driver.text(
    JSON.stringify({ type: "view", view: { ...VIEW, target: { kind: "rank", rank: 9 } } }),
  );
  assert.match(JSON.stringify(effects), /view\.target\.rank/);
});

Deno.test("M3: text over the limit is answered with message-size and closed", () => {
  const effects = Driver.greeted().text(" ".repeat(MAX_CONTROL_CHARS + 1));
  assert.deepEqual(brief(effects), ["error:message-size", "close:message-size", ...LIVE_CLOSING]);
});

Deno.test("M4: after too many refused messages in a row the viewer is closed", () => {
  const driver = Driver.greeted();
  for (let count = 1; count < MAX_BAD_MESSAGES; count++) {
    assert.deepEqual(brief(driver.text("?")), ["error:message-syntax"]);
  }
  assert.deepEqual(brief(driver.text("?")), [
    "error:message-syntax",
    "error:message-flood",
    "close:message-flood",
    ...LIVE_CLOSING,
  ]);
});

Deno.test("M4: a good message between bad ones starts the count again", () => {
  const driver = Driver.greeted();
  for (let count = 0; count < 2 * MAX_BAD_MESSAGES; count++) {
    driver.text("?");
    if (count % 10 === 0) driver.text(JSON.stringify({ type: "view", view: { ...VIEW, revision: count } }));
  }
  assert.equal(driver.state.phase, "live");
});

Deno.test("M4: what the server itself fails at does not count against the viewer", () => {
  const driver = Driver.greeted();
  for (let id = 1; id <= 2 * MAX_BAD_MESSAGES; id++) {
    driver.frame(id);
    const effects = driver.take({
      kind: "refused",
      key: keyOf(id),
      model: "tiny",
      code: "engine-failed",
      message: "Cannot finish the call: the engine's worker died",
    });
    assert.equal(brief(effects)[0], "error:engine-failed");
  }
  assert.equal(driver.state.phase, "live");
});

Deno.test("V2: an accepted view is answered with its label resolved to an index", () => {
  const driver = Driver.greeted();
  const view = { ...VIEW, revision: 2, target: { kind: "label", label: "House Cat" } };
  const [answer] = driver.text(JSON.stringify({ type: "view", view }));
  assert.deepEqual(answer, {
    kind: "send",
    message: {
      type: "view",
      revision: 2,
      model: "tiny",
      method: "grad-cam",
      target: { kind: "class", index: 0 },
      layer: "head",
      options: { signed: false, score: "logit" },
    },
  });
});

Deno.test("V3: each thing that a view can name wrongly has its own code, and the view before continues", () => {
  const driver = Driver.greeted();
  const before = driver.live.request;
  const wrong = {
    "unknown-method": { method: "astrology" },
    "unknown-class": { target: { kind: "label", label: "unicorn" } },
    "unknown-layer": { layer: "no-such-layer" },
    "bad-option": { method: "occlusion", options: { window: 100_000 } },
  };
  for (const [code, part] of Object.entries(wrong)) {
    const effects = driver.text(JSON.stringify({ type: "view", view: { ...VIEW, revision: 5, ...part } }));
    assert.deepEqual(brief(effects), [`error:${code}`]);
    assert.match(JSON.stringify(effects), /"revision":5/);
  }
  assert.equal(driver.live.request, before);
});

Deno.test("V3: a hello with a view that cannot be used continues with the default view", () => {
  const driver = new Driver();
  const effects = driver.text(
    JSON.stringify({ type: "hello", version: PROTOCOL_VERSION, view: { ...VIEW, method: "astrology" } }),
  );
  assert.deepEqual(brief(effects), ["disarm", "send:welcome", "error:unknown-method", "send:view", "arm"]);
  assert.equal(driver.live.request.revision, WORLD.defaultView.revision);
});

Deno.test("E1: a stopping server says so and closes", () => {
  const effects = Driver.greeted().take({ kind: "shutdown" });
  assert.deepEqual(brief(effects), ["error:server-closing", "close:server-closing", ...LIVE_CLOSING]);
});
