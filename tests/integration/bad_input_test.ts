/** Everything that a client can send wrongly, over a real socket, beside a viewer that must not notice. */
import assert from "node:assert/strict";
import {
  type ErrorCode,
  ERRORS,
  MAX_BAD_MESSAGES,
  MAX_CONTROL_CHARS,
  MAX_FRAME_BYTES,
  PROTOCOL_VERSION,
} from "../../shared/mod.ts";
import { GRAD_CAM_VIEW, LiveClient, serve } from "../support/live_client.ts";
import type { Random } from "../support/random.ts";
import { connectRaw } from "../support/raw_client.ts";
import { withRandom } from "../support/seeded.ts";
import { openShipped } from "../support/shipped_engine.ts";

const COFFEE = await Deno.readFile("tests/fixtures/photos/coffee.png");
const COFFEE_JPEG = await Deno.readFile("client/public/samples/coffee.jpg");

interface Case {
  readonly rule: string;
  readonly code: ErrorCode;
  /** Sends what is wrong on a greeted connection. */
  readonly act: (client: LiveClient, random: Random) => void;
}

/** A JPEG that claims to be 20,000 px wide and high: the frame header of the coffee photo, altered. */
function hugeJpeg(): Uint8Array<ArrayBuffer> {
  const bytes = COFFEE_JPEG.slice();
  const view = new DataView(bytes.buffer);
  const start = bytes.findIndex((byte, index) => byte === 0xff && bytes[index + 1] === 0xc0);
  view.setUint16(start + 5, 20_000);
  view.setUint16(start + 7, 20_000);
  return bytes;
}

function view(part: Record<string, unknown>): unknown {
  return { type: "view", view: { ...GRAD_CAM_VIEW, revision: 2, ...part } };
}

const CASES: Readonly<Record<string, Case>> = {
  "a truncated JPEG": {
    rule: "F5",
    code: "frame-corrupt",
    act: (client) => client.frame(1, COFFEE_JPEG.slice(0, COFFEE_JPEG.length >> 1), { format: "jpeg" }),
  },
  "a truncated PNG": {
    rule: "F5",
    code: "frame-corrupt",
    act: (client) => client.frame(1, COFFEE.slice(0, COFFEE.length >> 1)),
  },
  "a PNG named JPEG": {
    rule: "F4",
    code: "frame-format",
    act: (client) => client.frame(1, COFFEE, { format: "jpeg" }),
  },
  "random bytes named JPEG": {
    rule: "F4",
    code: "frame-format",
    act: (client, random) => client.frame(1, random.bytes(5000), { format: "jpeg" }),
  },
  "a 20,000-pixel side": {
    rule: "F3",
    code: "frame-side",
    act: (client) => client.frame(1, hugeJpeg(), { format: "jpeg" }),
  },
  "a frame over the byte limit": {
    rule: "F2",
    code: "frame-bytes",
    act: (client) => client.frame(1, new Uint8Array(MAX_FRAME_BYTES + 1)),
  },
  "pixels of another size": {
    rule: "F8",
    code: "frame-corrupt",
    act: (client) => client.frame(1, new Uint8Array(3 * 223 * 224), { format: "rgb" }),
  },
  "random bytes": {
    rule: "F1",
    code: "frame-header",
    act: (client) => client.raw(new Uint8Array(500).fill(200)),
  },
  "a frame id twice": {
    rule: "F7",
    code: "frame-order",
    act: (client) => {
      client.frame(4, COFFEE);
      client.frame(4, COFFEE);
    },
  },
  "text where binary is due": {
    rule: "M1",
    code: "message-syntax",
    act: (client) => client.say(`data:image/png;base64,${COFFEE.subarray(0, 300).toBase64()}`),
  },
  "an unknown message": { rule: "M2", code: "message-shape", act: (client) => client.say({ type: "dance" }) },
  "a text over the limit": {
    rule: "M3",
    code: "message-size",
    act: (client) => client.say(" ".repeat(MAX_CONTROL_CHARS + 1)),
  },
  "an unknown method": {
    rule: "V3",
    code: "unknown-method",
    act: (client) => client.say(view({ method: "tarot" })),
  },
  "an unknown class": {
    rule: "V3",
    code: "unknown-class",
    act: (client) => client.say(view({ target: { kind: "label", label: "unicorn" } })),
  },
  "a name of two classes": {
    rule: "V4",
    code: "ambiguous-class",
    act: (client) => client.say(view({ target: { kind: "label", label: "crane" } })),
  },
  "an index whose class has another name": {
    rule: "V4",
    code: "unknown-class",
    act: (client) => client.say(view({ target: { kind: "label", label: "517:cup" } })),
  },
  "a class index beyond the model": {
    rule: "V3",
    code: "unknown-class",
    act: (client) => client.say(view({ target: { kind: "class", index: 1000 } })),
  },
  "an unknown layer": {
    rule: "V3",
    code: "unknown-layer",
    act: (client) => client.say(view({ layer: "attic" })),
  },
  "a bad option": {
    rule: "V3",
    code: "bad-option",
    act: (client) => client.say(view({ method: "occlusion", options: { fill: "pink" } })),
  },
  "a second hello": {
    rule: "H3",
    code: "hello-twice",
    act: (client) => client.say({ type: "hello", version: PROTOCOL_VERSION, view: GRAD_CAM_VIEW }),
  },
};

Deno.test("bad input gets its own error and never takes the server or another viewer down", async (t) => {
  const engine = await openShipped();
  await using server = serve(engine);
  await using other = await LiveClient.greet(server.port);
  let id = 0;
  const otherIsServed = async () => {
    other.frame(++id, COFFEE);
    const { predictions, frame } = await other.message("result");
    assert.equal(frame, id);
    assert.equal(predictions[0]?.label, "espresso");
  };

  for (const [name, { rule, code, act }] of Object.entries(CASES)) {
    await t.step(`${rule}: ${name} is answered with ${code}`, () =>
      withRandom(async (random) => {
        await using client = await LiveClient.greet(server.port);
        act(client, random);
        const error = await client.message("error");
        assert.equal(error.code, code, error.message);
        assert.match(error.message, /^Cannot .+/);
        const { close } = ERRORS[code];
        if (close !== null) assert.equal((await client.closed()).code, close);
        else {
          client.frame(9, COFFEE);
          assert.equal((await client.message("result")).predictions[0]?.label, "espresso");
        }
        await otherIsServed();
      }));
  }

  await t.step("H1: a client that does not begin with a hello is closed", async () => {
    await using client = await LiveClient.connect(server.port);
    client.frame(1, COFFEE);
    assert.equal((await client.message("error")).code, "hello-expected");
    assert.equal((await client.closed()).code, 4001);
  });

  await t.step("H2: an old protocol version is closed with 4010", async () => {
    await using client = await LiveClient.connect(server.port);
    client.say({ type: "hello", version: 0 });
    assert.equal((await client.message("error")).code, "protocol-version");
    assert.equal((await client.closed()).code, 4010);
  });

  await t.step("H6: a foreign Origin is refused before the upgrade", async () => {
    const foreign = [
      "https://evil.example",
      `http://evil.example:${server.port}`,
      "null",
      "http://localhost:1",
    ];
    for (const origin of foreign) {
      using client = await connectRaw(server.port, { origin });
      assert.equal(client.status, 403, origin);
    }
    using own = await connectRaw(server.port, { origin: `http://localhost:${server.port}` });
    assert.equal(own.status, 101);
  });

  await t.step(
    "M7: a client that never reads and never stops is closed, and the others continue",
    async () => {
      using client = await connectRaw(server.port);
      await client.send(JSON.stringify({ type: "hello", version: PROTOCOL_VERSION, view: GRAD_CAM_VIEW }));
      const text = JSON.stringify({ type: "view", view: GRAD_CAM_VIEW });
      let closed = false;
      for (let sent = 0; sent < 20_000 && !closed; sent++) {
        await client.send(text).catch(() => closed = true);
        if (sent % 500 === 0) {
          await otherIsServed();
          closed ||= (await server.hub.stats()).viewers === 1;
        }
      }
      assert.ok(closed, "the client that never stops is still connected");
      await otherIsServed();
    },
  );

  await t.step("M4: a flood of bad messages ends with 4029", async () => {
    await using client = await LiveClient.greet(server.port);
    for (let count = 0; count < MAX_BAD_MESSAGES; count++) client.say("?");
    assert.equal((await client.closed()).code, 4029);
  });

  await t.step("random messages of every kind leave the server standing", () =>
    withRandom(async (random) => {
      for (let round = 0; round < 30; round++) {
        await using client = await LiveClient.greet(server.port);
        for (let count = 0; count < 20; count++) {
          const bytes = random.bytes(1 + (round * 37 + count * 11) % 400);
          if (count % 2 === 0) client.raw(bytes);
          else client.say(bytes.toBase64());
        }
      }
      await otherIsServed();
    }));

  await engine.close();
});

Deno.test("H5: a viewer over the limit receives that and is closed with 1013", async () => {
  const engine = await openShipped();
  {
    // One seat, and the one beyond it for the own machine.
    await using server = serve(engine, 1);
    await using first = await LiveClient.greet(server.port);
    await using _second = await LiveClient.greet(server.port);
    await using third = await LiveClient.connect(server.port);
    assert.equal((await third.message("error")).code, "busy");
    assert.equal((await third.closed()).code, 1013);
    first.frame(1, COFFEE);
    await first.message("result");
  }
  await engine.close();
});
