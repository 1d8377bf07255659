import assert from "node:assert/strict";
import { METHODS } from "../methods/mod.ts";
import { type ExplainCommand, readCommand } from "./_command.ts";
import { COMMON_FLAGS, flagsOf } from "./_flags.ts";
import { helpText } from "./_help.ts";

function explain(...args: string[]): ExplainCommand {
  const command = readCommand(["cat.png", ...args]);
  assert.ok(command.kind === "explain");
  return command;
}

Deno.test("readCommand() explains the first class with Grad-CAM by default", () => {
  const { images, ask, files, engine } = explain();
  const { methods, classes, layer, trust } = ask;
  assert.deepEqual(methods.map(({ method, options }) => [method.id, options]), [["grad-cam", {}]]);
  assert.deepEqual({ images, classes, layer, trust, files, engine }, {
    images: ["cat.png"],
    classes: "top1",
    layer: null,
    trust: false,
    files: {},
    engine: { model: null },
  });
});

Deno.test("readCommand() reads methods, classes, options and files", () => {
  const args = [
    "--method",
    "cam,occlusion",
    "--class=top2,tiger cat",
    "--layer",
    "x",
    "--trust",
    "--window",
    "48",
  ];
  const { ask, files } = explain(...args, "--map", "m.npy", "--report=r.html");
  const { methods, classes, layer, trust } = ask;
  assert.deepEqual(methods.map(({ method, options }) => [method.id, options]), [
    ["cam", {}],
    ["occlusion", { window: 48 }],
  ]);
  assert.deepEqual({ classes, layer, trust, files }, {
    classes: "top2,tiger cat",
    layer: "x",
    trust: true,
    files: { map: "m.npy", report: "r.html" },
  });
});

Deno.test("readCommand() names the bad flag or value and the wanted one", () => {
  const cases: [string[], RegExp][] = [
    [[], /no image is named, give one or more pictures, or --help/],
    [["a.png", "--clas", "x"], /--clas: there is no such flag; did you mean --class/],
    [["a.png", "--zzzzzz"], /--zzzzzz: there is no such flag; --help shows them all/],
    [["a.png", "-m"], /-m: there is no such flag/],
    [["a.png", "--class"], /--class: expected CLASS.* behind it, got nothing/],
    [["a.png", "--map", "--json"], /--map: expected FILE\.npy behind it, got '--json'/],
    [["a.png", "--json=yes"], /--json: expected nothing behind it, got 'yes'/],
    [["a.png", "--class", "top9"], /top1 to top5, got 'top9'/],
    [["a.png", "--threads", "0"], /from 1 to 64, got '0'/],
    [["a.png", "--method", "gradcam"], /grad-cam, cam, .*, got 'gradcam'; did you mean grad-cam\?$/],
    [["a.png", "--window", "big"], /whole number from 4 .*'big'/],
    [["a.png", "--fill", "red"], /grey, black, white.*, got 'red'/],
    [["a.png", "--score", "p"], /logit, probability, got 'p'/],
    [["a.png", "--method", "cam", "--score", "probability"], /with cam: it has no option 'score'/],
  ];
  for (const [args, message] of cases) assert.throws(() => readCommand(args), { message });
});

Deno.test("readCommand() takes one map of each frame of a video, and refuses what is for pictures", () => {
  const command = readCommand(["clip.mp4", "--every", "2", "--film", "out.MP4"]);
  assert.ok(command.kind === "videos");
  const { videos, every, summary, files } = command;
  assert.deepEqual({ videos, every, summary, files }, {
    videos: ["clip.mp4"],
    every: 2,
    summary: false,
    files: { film: "out.MP4" },
  });
  const cases: [string[], RegExp][] = [
    [["--every", "0"], /from 1 to 100000, got '0'/],
    [["--film", "out.gif"], /ends in \.mp4, got 'out\.gif'/],
    [["--every", "1", "--png", "x.png"], /with --png: it is for pictures/],
    [["--every", "1", "--trust"], /with --trust: it is for pictures/],
    [["--every", "1", "--method", "cam,occlusion"], /one --method and one --class/],
    [["--csv", "x.csv", "--class", "top1,top2"], /one --method and one --class/],
    [["--csv", "x.csv", "--model", "a", "--model", "b"], /expected one --model, got 2/],
  ];
  for (const [args, message] of cases) assert.throws(() => readCommand(["clip.mp4", ...args]), { message });
});

Deno.test("readCommand() answers --help whatever else is given, and lists without an image", () => {
  assert.equal(readCommand(["--help", "--method", "nonsense"]).kind, "help");
  assert.equal(readCommand(["--version", "--method", "nonsense"]).kind, "version");
  assert.equal(readCommand(["--methods"]).kind, "methods");
  assert.equal(readCommand(["--layers"]).kind, "layers");
});

Deno.test("helpText() shows every flag and every method", () => {
  const text = helpText();
  for (const { name } of [...COMMON_FLAGS, ...METHODS.flatMap(flagsOf)]) {
    assert.ok(text.includes(`  --${name}`), name);
  }
  for (const { id } of METHODS) assert.ok(text.includes(id), id);
});

Deno.test("no method's option takes a common flag's name but for the score, and names are switches everywhere or nowhere", () => {
  const kinds = new Map<string, boolean>();
  for (const { id, options } of METHODS) {
    for (const { name, kind } of options) {
      assert.ok(name === "score" || !COMMON_FLAGS.some((flag) => flag.name === name), `${id} ${name}`);
      assert.equal(kinds.get(name) ?? (kind === "flag"), kind === "flag", `${id} ${name}`);
      kinds.set(name, kind === "flag");
    }
  }
});
