import assert from "node:assert/strict";
import { eigenOf } from "./_eigen.ts";
import { principalComponents } from "./_pca.ts";
import { drawnTable } from "./testing/golden_tables.ts";

function symmetric(n: number): Float64Array {
  const { values } = drawnTable(n, n).rows;
  return Float64Array.from(values, (value, at) => value + (values[(at % n) * n + Math.floor(at / n)] ?? 0));
}

Deno.test("eigenOf() finds vectors of length 1 that the matrix only stretches, by falling value", () => {
  for (const n of [1, 2, 3, 40, 41]) {
    const matrix = symmetric(n);
    const { values, vector: vectorOf } = eigenOf(matrix.slice(), n);
    for (let k = 0; k < n; k++) {
      const vector = vectorOf(k);
      const image = Array.from(
        { length: n },
        (_, row) => vector.reduce((sum, value, i) => sum + value * (matrix[row * n + i] ?? 0), 0),
      );
      const off = image.map((value, i) => Math.abs(value - (values[k] ?? 0) * (vector[i] ?? 0)));
      assert.ok(Math.max(...off) < 1e-11, `n ${n}, vector ${k}: off by ${Math.max(...off)}`);
      assert.ok(Math.abs(vector.reduce((sum, value) => sum + value * value, 0) - 1) < 1e-12);
      assert.ok(k === 0 || (values[k - 1] ?? 0) >= (values[k] ?? 0));
    }
  }
});

Deno.test("eigenOf() takes matrices of zeros and with equal eigenvalues", () => {
  assert.deepEqual([...eigenOf(new Float64Array(9), 3).values], [0, 0, 0]);
  const identity = Float64Array.of(2, 0, 0, 0, 2, 0, 0, 0, 2);
  assert.deepEqual([...eigenOf(identity, 3).values], [2, 2, 2]);
});

/** Products of centred rows that are two, each many times, as pictures of two things that stand still. */
function ofRepeatedRows(n: number, width: number): Float64Array {
  const { rows: { values } } = drawnTable(2, width);
  const kindOf = (row: number) => row < n / 2 ? 0 : 1;
  const valueAt = (row: number, column: number) => values[kindOf(row) * width + column] ?? 0;
  const rows = Array.from(
    { length: n },
    (_, row) => Float64Array.from({ length: width }, (_, i) => valueAt(row, i)),
  );
  for (let i = 0; i < width; i++) {
    const mean = rows.reduce((sum, row) => sum + (row[i] ?? 0), 0) / n;
    for (const row of rows) row[i] = (row[i] ?? 0) - mean;
  }
  return Float64Array.from({ length: n * n }, (_, at) => {
    const [row = new Float64Array(0), other] = [rows[Math.floor(at / n)], rows[at % n]];
    return row.reduce((sum, value, i) => sum + value * (other?.[i] ?? 0), 0);
  });
}

Deno.test("eigenOf() finds the one value of two rows that repeat, and zeros", () => {
  for (let n = 20; n <= 60; n++) {
    const matrix = ofRepeatedRows(n, 60);
    const trace = matrix.reduce((sum, value, at) => at % (n + 1) === 0 ? sum + value : sum, 0);
    const { values } = eigenOf(matrix, n);
    assert.ok(Math.abs((values[0] ?? 0) / trace - 1) < 1e-12, `n ${n}`);
    assert.ok(values.slice(1).every((value) => Math.abs(value) < 1e-12 * trace), `n ${n}`);
  }
});

Deno.test("principal components are the same from products of rows and of columns", () => {
  const { rows: { values } } = drawnTable(6, 40);
  const centred = Float64Array.from(values, (value, at) => {
    let mean = 0;
    for (let row = 0; row < 6; row++) mean += (values[row * 40 + (at % 40)] ?? 0) / 6;
    return value - mean;
  });
  const scale = { mean: Array.from({ length: 40 }, () => 0), deviation: Array.from({ length: 40 }, () => 1) };
  const componentsOf = (values: Float64Array) =>
    principalComponents({ values, width: 40 }, scale, { keep: 0.9 });
  const fewRows = componentsOf(centred);
  // Each row twice: now there are as many rows as it takes to go by columns, and the directions are those of before.
  const often = new Float64Array(centred.length * 8);
  for (let at = 0; at < 8; at++) often.set(centred, at * centred.length);
  const manyRows = componentsOf(often);
  assert.equal(manyRows.components.length, fewRows.components.length);
  fewRows.components.forEach((component, k) => {
    const off = component.map((value, i) => Math.abs(value - (manyRows.components[k]?.[i] ?? NaN)));
    assert.ok(Math.max(...off) < 1e-9, `component ${k}: off by ${Math.max(...off)}`);
  });
});
