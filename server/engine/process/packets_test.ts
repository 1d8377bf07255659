import assert from "node:assert/strict";
import { type ByteSource, encodePacket, type Packet, PacketReader } from "./packets.ts";

/** The bytes of packets as a connection gives them: at most `most` at a time. */
function sourceOf(packets: readonly Packet[], most: number): ByteSource {
  const bytes = packets.flatMap(({ chunks }) => chunks.flatMap((chunk) => [...chunk]));
  let at = 0;
  return {
    read(into) {
      if (at === bytes.length) return Promise.resolve(null);
      const part = bytes.slice(at, at + Math.min(most, into.length));
      into.set(part);
      at += part.length;
      return Promise.resolve(part.length);
    },
  };
}

const MESSAGE = () => {
  const values = Float32Array.from({ length: 70_000 }, (_, index) => index / 7);
  const small = new Float32Array([1, NaN, -Infinity]);
  return {
    message: {
      id: 7,
      nothing: undefined,
      none: null,
      bits: new Uint8Array([1, 2, 3]),
      rows: [{ ok: true, logits: small, detail: { values, part: values.subarray(2, 5) } }],
    },
    transfer: [small.buffer, values.buffer],
  };
};

Deno.test("a packet is read as it was written, however the connection cuts it", async () => {
  for (const most of [1_000_000, 65_537, 1_001]) {
    const first = MESSAGE();
    const wanted = structuredClone(first.message);
    const packets = [
      encodePacket(first.message, first.transfer),
      encodePacket({ call: "release", key: 2 ** 40 }),
      encodePacket(MESSAGE().message),
    ];
    const reader = new PacketReader(sourceOf(packets, most));
    const received = await reader.next();
    assert.deepEqual(received?.message, wanted);
    assert.deepEqual(received?.buffers.map(({ byteLength }) => byteLength), [12, 280_000]);
    assert.deepEqual((await reader.next())?.message, { call: "release", key: 2 ** 40 });
    assert.deepEqual((await reader.next())?.message, wanted);
    assert.equal(await reader.next(), null);
  }
});

Deno.test("transferred buffers move: their arrays are empty, and arrays of one buffer share it again", async () => {
  const { message, transfer } = MESSAGE();
  const packet = encodePacket(message, transfer);
  assert.equal(message.rows[0]?.logits.length, 0);
  assert.equal(packet.bytes, packet.chunks.reduce((sum, { length }) => sum + length, 0));
  // The small parts are written at once, the large buffer goes as it is.
  assert.deepEqual(packet.chunks.map(({ length }) => length > 200_000), [false, true]);
  const received = await new PacketReader(sourceOf([packet], 4_096)).next();
  const { detail } = (received?.message as typeof message).rows[0] ?? assert.fail("no row");
  assert.equal(detail.values.buffer, detail.part.buffer);
  assert.ok(received?.buffers.includes(detail.values.buffer));
});

Deno.test("encodePacket() refuses what cannot be serialised, and leaves the buffers where they are", () => {
  const values = new Float32Array(3);
  assert.throws(() => encodePacket({ values, act: () => {} }, [values.buffer]));
  assert.equal(values.length, 3);
});

Deno.test("PacketReader refuses lengths beyond its bounds before it takes memory", async () => {
  for (const words of [[2 ** 30, 0], [1, 2 ** 16 + 1], [10, 2, 2 ** 29, 2 ** 29]]) {
    const bytes = new Uint8Array(Uint32Array.from(words).buffer);
    const reader = new PacketReader(sourceOf([{ chunks: [bytes], bytes: bytes.length }], 100));
    await assert.rejects(reader.next(), RangeError);
  }
});

Deno.test("PacketReader distinguishes an end between two packets from one within a packet, and junk from both", async () => {
  const packet = encodePacket({ id: 1 });
  const [chunk = new Uint8Array()] = packet.chunks;
  for (const length of [3, 8, chunk.length - 1]) {
    const reader = new PacketReader(sourceOf([{ chunks: [chunk.subarray(0, length)], bytes: length }], 100));
    await assert.rejects(reader.next(), /ended within it/u);
  }
  const junk = chunk.slice().fill(7, 8);
  await assert.rejects(
    new PacketReader(sourceOf([{ chunks: [junk], bytes: junk.length }], 100)).next(),
    /deserialize/u,
  );
});
