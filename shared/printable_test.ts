import assert from "node:assert/strict";
import { printable, printableLines } from "./printable.ts";

Deno.test("printable() shows what a terminal would obey, and leaves every script alone", () => {
  const told: readonly (readonly [string, string])[] = [
    ["\x1b[2J\x1b]0;owned\x07", String.raw`\u001b[2J\u001b]0;owned\u0007`],
    ["one\r\ntwo\tthree", String.raw`one\u000d\u000atwo\u0009three`],
    ["\u009b31m", String.raw`\u009b31m`],
    ["cat\u202egpj.exe", String.raw`cat\u202egpj.exe`],
    ["a\u2028b\u2029c\ufeff\u007f", String.raw`a\u2028b\u2029c\ufeff\u007f`],
    ["\u2066x\u2069\u061c\u200e\u200f", String.raw`\u2066x\u2069\u061c\u200e\u200f`],
    ["Äpfel 猫 حصان 👩‍🚀 ½ 8 % – …", "Äpfel 猫 حصان 👩‍🚀 ½ 8 % – …"],
  ];
  assert.deepEqual(told.map(([text]) => printable(text)), told.map(([, shown]) => shown));
});

Deno.test("printableLines() lets lines, colours and the progress bar pass, and nothing else", () => {
  const own = "\r\x1b[48;2;1;2;3m  \x1b[0m bar\x1b[K\nnext";
  assert.equal(printableLines(own), own);
  assert.equal(
    printableLines("\x1b[2J\x1b]8;;http://x\x07\x9b1m\n"),
    String.raw`\u001b[2J\u001b]8;;http://x\u0007\u009b1m` + "\n",
  );
});

Deno.test("printableLines() changes no JSON document, however it is indented", () => {
  const names = { "a\u202eb": ["\x1b[31m", "\u009b", "line\u2028", "\x7f"] };
  assert.deepEqual(JSON.parse(printableLines(JSON.stringify(names, null, 2))), names);
});
