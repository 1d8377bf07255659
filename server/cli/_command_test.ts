import assert from "node:assert/strict";
import { type ExplainCommand, readCommand } from "./_command.ts";
import { COMMON_FLAGS, METHOD_OPTIONS } from "./_flags.ts";
import { helpText } from "./_help.ts";

function explain(...args: string[]): ExplainCommand {
  const command = readCommand(["cat.png", ...args]);
  assert.ok(command.kind === "explain");
  return command;
}

Deno.test("readCommand() explains the first class with Grad-CAM by default", () => {
  const { images, method, target, layer, options, files, engine } = explain();
  assert.deepEqual({ images, method: method.id, target, layer, options, files, engine }, {
    images: ["cat.png"],
    method: "grad-cam",
    target: { kind: "rank", rank: 1 },
    layer: null,
    options: {},
    files: {},
    engine: { model: null },
  });
});

Deno.test("readCommand() reads ranks, indexes and labels", () => {
  assert.deepEqual(explain("--class", "top2").target, { kind: "rank", rank: 2 });
  assert.deepEqual(explain("--class=7").target, { kind: "label", label: "7" });
  assert.deepEqual(explain("--class", "tiger cat").target, { kind: "label", label: "tiger cat" });
});

Deno.test("readCommand() gives each option its type", () => {
  const { options } = explain(
    "--method",
    "occlusion",
    "--window",
    "48",
    "--fill",
    "black",
    "--score",
    "probability",
  );
  assert.deepEqual(options, { window: 48, fill: "black", score: "probability" });
  assert.deepEqual(explain("--signed").options, { signed: true });
});

Deno.test("readCommand() accepts what a method does anyway", () => {
  assert.deepEqual(explain("--score", "logit").options, {});
  assert.deepEqual(explain("--method", "cam", "--signed").options, {});
});

Deno.test("readCommand() leaves what belongs to another method for the method to refuse", () => {
  assert.deepEqual(explain("--window", "32").options, { window: 32 });
});

Deno.test("readCommand() names the bad flag or value and the wanted one", () => {
  const cases: [string[], RegExp][] = [
    [[], /no image is named: give one or more JPEG or PNG files, or --help/],
    [["a.png", "--clas", "x"], /--clas as there is no such flag: did you mean --class/],
    [["a.png", "--zzzzzz"], /--zzzzzz as there is no such flag: --help shows them all/],
    [["a.png", "-m"], /-m as there is no such flag/],
    [["a.png", "--class"], /--class as CLASS has to follow it: current value is nothing/],
    [["a.png", "--map", "--json"], /--map as FILE\.npy has to follow it: current value is '--json'/],
    [["a.png", "--json=yes"], /--json as it stands alone: current value is 'yes'/],
    [["a.png", "--class", "top9"], /top1 to top5: current value is 'top9'/],
    [["a.png", "--threads", "0"], /from 1 to 64: current value is '0'/],
    [["a.png", "--method", "gradcam"], /grad-cam, cam, occlusion: current value is 'gradcam'/],
    [["a.png", "--window", "big"], /whole number from 4 .*'big'/],
    [["a.png", "--fill", "red"], /grey, black, white: current value is 'red'/],
    [["a.png", "--score", "p"], /logit, probability: current value is 'p'/],
    [
      ["a.png", "--score", "probability"],
      /grad-cam as its closed form is defined on the logit: use --score logit/,
    ],
  ];
  for (const [args, message] of cases) assert.throws(() => readCommand(args), { message });
});

Deno.test("readCommand() answers --help whatever else is given, and lists without an image", () => {
  assert.equal(readCommand(["--help", "--method", "nonsense"]).kind, "help");
  assert.equal(readCommand(["--methods"]).kind, "methods");
  assert.equal(readCommand(["--layers"]).kind, "layers");
});

Deno.test("helpText() shows every flag", () => {
  const text = helpText();
  for (const { name } of [...COMMON_FLAGS, ...METHOD_OPTIONS]) assert.ok(text.includes(`  --${name}`), name);
});
