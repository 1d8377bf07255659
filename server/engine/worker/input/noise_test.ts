import assert from "node:assert/strict";
import { NoiseBank, normals, uniform } from "./noise.ts";

Deno.test("uniform() and normals() give the numbers that the recipe gives in another language", () => {
  const numbers = {
    0: [0.26642920868471265, 0.0003297457005828619, 0.2232720274478197, 0.1462021479383111],
    1: [0.6270739405881613, 0.002735721180215478, 0.5274470399599522, 0.9810509674716741],
    4294967295: [0.8964226141106337, 0.189478256739676, 0.7156526781618595, 0.9440599093213677],
  };
  for (const [seed, wanted] of Object.entries(numbers)) {
    assert.deepEqual(wanted.map((_, i) => uniform(Number(seed), i)), wanted);
  }
  assert.deepEqual(
    normals(1, 4),
    new Float32Array([1.4043388366699219, 0.024141617119312286, 1.2157546281814575, -0.14543594419956207]),
  );
});

Deno.test("normals() have mean 0 and standard deviation 1, and an odd length leaves out the last sine", () => {
  const values = normals(5, 100_000);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  assert.ok(Math.abs(mean) < 0.01, `mean ${mean}`);
  assert.ok(Math.abs(variance - 1) < 0.02, `variance ${variance}`);
  assert.deepEqual(normals(5, 7), values.slice(0, 7));
});

Deno.test("NoiseBank gives a seed's numbers again and forgets the seed that was used longest ago", () => {
  const bank = new NoiseBank(4, 2);
  const [first, second] = [bank.take(1), bank.take(2)];
  assert.equal(bank.take(1), first);
  bank.take(3);
  assert.equal(bank.take(1), first);
  assert.notEqual(bank.take(2), second);
  assert.deepEqual(bank.take(2), normals(2, 4));
});

Deno.test("NoiseBank remembers fewer seeds of larger inputs, and always the newest", () => {
  const bank = new NoiseBank(4, 25, 2 * 16);
  const [first, second] = [bank.take(1), bank.take(2)];
  assert.equal(bank.take(1), first);
  bank.take(3);
  assert.notEqual(bank.take(2), second);
  const small = new NoiseBank(4, 25, 1);
  assert.equal(small.take(1), small.take(1));
});
