import assert from "node:assert/strict";
import { MAX_TABLE_BYTES } from "../../shared/table_wire.ts";
import { parseCsv } from "./csv.ts";
import { describeTable } from "./describe.ts";
import { readTable } from "./read_table.ts";
import { cellText } from "./table.ts";

const read = (text: string) => readTable(new TextEncoder().encode(text), "t.csv");
const lines = (count: number, line: (row: number) => string) =>
  Array.from({ length: count }, (_, row) => line(row)).join("\n");

Deno.test("CSV: quotes, commas and ends of lines in cells, every end of line, empty lines, a missing last end", () => {
  assert.deepEqual(parseCsv('a,b\r\n"x, ""y""","1\r\n2"\r\n\r\n,3').rows, [['x, "y"', "1\r\n2"], ["", "3"]]);
  assert.deepEqual(parseCsv("a;b\n1,5;2\n").rows, [["1,5", "2"]]);
  assert.deepEqual(parseCsv("a\tb\rc, d\te\r").rows, [["c, d", "e"]]);
  assert.deepEqual(parseCsv('"a;x",b\n1,2').header, ["a;x", "b"]);
});

Deno.test("CSV: what does not fit is refused with its line", () => {
  const refusals: [string, RegExp][] = [
    ["", /expected a first line with the names of the columns, got an empty file/],
    ["a,b\n1,2\n1,2,3\n", /expected 2 cells in each line as in the first one, got 3 in line 3/],
    ['a,b\n1,"2\n3,4\n', /a quote is opened in line 2 and not closed/],
    ['a,b\n1,"2"x\n', /behind a closing quote, in line 2/],
    ['a,b\n1,2"x"\n', /a quote stands inside a cell that does not begin with one, in line 2/],
    ['a,b\n"1\n2",3\n4\n', /got 1 in line 4/],
    [`a,b\n${"x".repeat(10_001)},1\n`, /at most 10,000 characters in a cell, got more in line 2/],
    [`a,b\n1,"${"x".repeat(20_001)}"\n`, /not closed within 20,000 characters/],
    [lines(1, () => "a,".repeat(301)), /at most 300 columns/],
    [`a,b\n${"1,2\n".repeat(50_001)}`, /at most 50,000 rows/],
    [
      `${lines(1, () => "a,".repeat(199) + "b")}\n${`${"1,".repeat(199)}2\n`.repeat(20_001)}`,
      /at most 4,000,000 cells/,
    ],
  ];
  for (const [text, message] of refusals) {
    assert.throws(() => parseCsv(text), { code: "table-refused", message });
  }
});

Deno.test("a table of one column, of one row, of other bytes or too many of them is refused", () => {
  assert.throws(() => read("a\n1\n2\n"), { message: /expected at least two columns.*got 1/ });
  assert.throws(() => read("a,b\n1,2\n"), { message: /expected at least two rows below the names, got 1/ });
  assert.throws(() => readTable(Uint8Array.of(0x61, 0xff, 0x2c), "t"), { message: /expected text in UTF-8/ });
  assert.throws(() => readTable(Uint8Array.of(0x50, 0x4b, 0, 0), "t"), { message: /another kind of file/ });
  const huge = { byteLength: 200 * 1024 * 1024 } as Uint8Array;
  assert.throws(() => readTable(huge, "t"), {
    code: "table-bytes",
    message: RegExp(`at most ${MAX_TABLE_BYTES} bytes`),
  });
});

Deno.test("byte order marks and UTF-16 are read", () => {
  const text = "a,b\n1,ü\n2,x\n";
  const wide = Uint8Array.from([
    0xff,
    0xfe,
    ...[...text].flatMap((char) => [char.charCodeAt(0) & 255, char.charCodeAt(0) >> 8]),
  ]);
  for (const table of [read(`\ufeff${text}`), readTable(wide, "t")]) {
    assert.deepEqual(table.columns.map(({ name }) => name), ["a", "b"]);
    assert.deepEqual(table.columns.map((column) => cellText(column, 0)), ["1", "ü"]);
  }
});

Deno.test("columns are numbers, words or nothing; missing values have many names", () => {
  const { columns } = describeTable(read("n,w,m,e\n1,x,?,\n-2.5e1,NA,None,nan\n.5,y,3,\n"));
  assert.deepEqual(columns.map(({ name, kind, missing, distinct }) => [name, kind, missing, distinct]), [
    ["n", "number", 0, 3],
    ["w", "category", 1, 2],
    ["m", "number", 2, 1],
    ["e", "empty", 3, 0],
  ]);
  assert.deepEqual(columns[0]?.range, { low: -25, mean: -23.5 / 3, high: 1 });
});

Deno.test("where semicolons part the cells, a comma parts a number", () => {
  const [column] = read("a;b\n1,5;x\n-2;y\n").columns;
  assert.ok(column?.kind === "number");
  assert.deepEqual([...column.numbers], [1.5, -2]);
  assert.equal(read('a,b\n"1,5",x\n2,y\n').columns[0]?.kind, "words");
});

Deno.test("a few words among many numbers count as missing and are pointed out", () => {
  const table = read(`a,b\n${lines(40, (row) => `${row === 7 ? "broken" : row * row},x${row % 2}`)}`);
  const { columns, warnings } = describeTable(table);
  assert.deepEqual([columns[0]?.kind, columns[0]?.missing], ["number", 1]);
  assert.deepEqual(warnings.map(({ kind }) => kind), ["mixed", "missing"]);
  assert.equal(read("a,b\n1,x\nbroken,y\n2,x\n").columns[0]?.kind, "words");
});

Deno.test("constant and empty columns, numbers of rows, names of rows and too many words are left out and said so", () => {
  const text = `id,same,none,name,kind,value,class\n${
    lines(60, (row) => `${row + 1},7,,row ${row},k${row % 52},${(row * 37) % 17},${row % 2 ? "a" : "b"}`)
  }`;
  const { columns, warnings, suggested } = describeTable(read(text));
  assert.deepEqual(columns.filter(({ leftOut }) => leftOut === null).map(({ name }) => name), [
    "value",
    "class",
  ]);
  assert.deepEqual(warnings.map(({ kind, column }) => [kind, column]), [
    ["identifier", "id"],
    ["constant", "same"],
    ["empty", "none"],
    ["identifier", "name"],
    ["too-many-values", "kind"],
  ]);
  assert.equal(suggested, "class");
});

Deno.test("text of 50,000 kinds is read, counted up to a bound and left out", () => {
  const table = read(`word,a,b\n${lines(50_000, (row) => `kind ${row},${row % 3},${row % 2}`)}`);
  const [word] = describeTable(table).columns;
  assert.deepEqual([word?.kind, word?.distinct, word?.target, word?.values.length], [
    "text",
    1_000,
    false,
    10,
  ]);
});

Deno.test("columns of one name are told apart, nameless ones get a number", () => {
  const { columns, warnings } = describeTable(read("a,a,,a\n1,2,3,x\n4,5,6,y\n"));
  assert.deepEqual(columns.map(({ name }) => name), ["a", "a (2)", "column 3", "a (3)"]);
  assert.deepEqual(warnings.filter(({ kind }) => kind === "renamed").map(({ column }) => column), [
    "a (2)",
    "a (3)",
  ]);
});

Deno.test("cells that look like formulas and names of every object's properties are words like others", () => {
  const { columns } = describeTable(
    read("constructor,__proto__\n=1+1,toString\n@SUM(A1),valueOf\n=1+1,toString\n"),
  );
  assert.deepEqual(columns.map(({ name, kind, distinct }) => [name, kind, distinct]), [
    ["constructor", "category", 2],
    ["__proto__", "category", 2],
  ]);
  assert.deepEqual(columns[0]?.values[0], { value: "=1+1", rows: 2 });
});
