import assert from "node:assert/strict";
import { type Flag, helpLines, parseFlags } from "./mod.ts";

const FLAGS: readonly Flag[] = [
  { name: "port", value: "N", help: "where to listen" },
  { name: "open", value: null, help: "open the page", short: "o" },
];

Deno.test("parseFlags() collects values in their order, switches and what is no flag", () => {
  const { positionals, given } = parseFlags(["a", "--port", "1", "--port=2", "-o", "b", "--port="], FLAGS);
  assert.deepEqual(positionals, ["a", "b"]);
  assert.deepEqual([...given], [["port", ["1", "2", ""]], ["open", [""]]]);
});

Deno.test("parseFlags() names the flag that is wrong and what was expected", () => {
  const cases: [string[], string][] = [
    [
      ["--ports", "1"],
      "Cannot take --ports: there is no such flag; did you mean --port?",
    ],
    [["-x"], "Cannot take -x: there is no such flag; --help shows them all"],
    [["--port"], "Cannot take --port: expected N behind it, got nothing"],
    [["--port", "--open"], "Cannot take --port: expected N behind it, got '--open'"],
    [["--open=yes"], "Cannot take --open: expected nothing behind it, got 'yes'"],
    [["--constructor"], "Cannot take --constructor: there is no such flag; --help shows them all"],
  ];
  for (const [args, message] of cases) {
    assert.throws(() => parseFlags(args, FLAGS), { name: "FlagError", message });
  }
});

Deno.test("helpLines() aligns the sentences", () => {
  assert.deepEqual(helpLines(FLAGS), ["  --port N  where to listen", "  --open    open the page"]);
  assert.equal(helpLines(FLAGS, 14)[1], "  --open       open the page");
});
