import assert from "node:assert/strict";
import { parseFlags } from "./_flags.ts";

Deno.test("parseFlags() reads every flag and has a default for each", () => {
  assert.deepEqual(parseFlags([]), { json: false, peers: null, rounds: null });
  assert.deepEqual(parseFlags(["--peers", "peers.json", "--rounds", "3", "--json"]), {
    json: true,
    peers: "peers.json",
    rounds: 3,
  });
});

Deno.test("parseFlags() names the bad value and the wanted one", () => {
  assert.throws(() => parseFlags(["--fast"]), /expected --json, --peers or --rounds, got --fast/);
  assert.throws(() => parseFlags(["--peers"]), /--peers needs a file .*, got nothing/);
  assert.throws(() => parseFlags(["--peers", "--json"]), /got --json/);
  assert.throws(() => parseFlags(["--rounds", "0"]), /a whole number from 1, got 0/);
});
