/** What the page shows of every method's finished map of the sample photos, and whether it says where there is no place. */
import assert from "node:assert/strict";
import { mapStatus, statusWords } from "../../client/map/map_status.ts";
import { follow } from "../../shared/moving_scale.ts";
import { Shader } from "../../client/map/shade.ts";
import {
  drive,
  explainFrame,
  type Method,
  methodInfo,
  METHODS,
  type RawMap,
  refusalOf,
  resolveRequest,
} from "../../server/methods/mod.ts";
import { clarityOf, CLEAR_SHARES } from "../../shared/clear_place.ts";
import { displayRange } from "../../shared/display_range.ts";
import { natureOf, standardErrorOf } from "../../shared/map_values.ts";
import { openShipped } from "../support/shipped_engine.ts";

const PHOTOS = ["astronaut", "camera", "chelsea", "coffee", "rocket"] as const;

/** 500 masks take as long as all other methods together: of RISE one photo with a place, and one without. */
const RISE_PHOTOS: readonly string[] = ["coffee", "chelsea"];

/** Side of the heatmap on the page, in pixels. */
const SIDE = 224;

/** The alpha of what lies at half of the scale. */
const HALF = 128;

/** Share of the picture by which a figure of the documentation may differ: engines round differently. */
const GAP = 0.015;

const METHODS_OF_PICTURES = METHODS.filter(({ subject }) => subject === undefined);

Deno.test("of every map 5 to 60 in 100 of the picture lie above half of its scale, or the page says it has no clear place", async (t) => {
  const engine = await openShipped();
  const documented = await documentedShares();
  const offered = METHODS_OF_PICTURES.filter((method) => refusalOf(engine.model, method) === null);
  await t.step("the documentation has a figure for every method that the shipped model offers", () => {
    const missing = offered.flatMap(({ id }: Method) =>
      PHOTOS.filter((photo) => !Number.isFinite(documented.get(`${id} ${photo}`)?.share ?? NaN))
        .map((photo) => `${id} ${photo}`)
    );
    assert.deepEqual(missing, []);
  });
  for (const [frame, photo] of PHOTOS.entries()) {
    await engine.admit(frame, "jpeg", await Deno.readFile(`client/public/samples/${photo}.jpg`));
    for (const method of offered) {
      if (method.id === "rise" && !RISE_PHOTOS.includes(photo)) continue;
      await t.step(`${method.id} of ${photo}`, async () => {
        const request = resolveRequest(engine.model, {
          method: method.id,
          target: { kind: "rank", rank: 1 },
          options: {},
        });
        const context = { ...request, frame, model: engine.model, carry: new Map(), still: true };
        const map = await drive(engine, explainFrame(method, context));
        const info = methodInfo(engine.model, method);
        const share = drawnShare(map, info);
        const words = pageWords(map, info);
        const isPlace = share >= CLEAR_SHARES.least && share <= CLEAR_SHARES.most;
        assert.ok(isPlace || /no clear place/.test(words), `${share} and "${words}"`);
        assert.ok(!/exact/.test(words) || info.sampling === null, words);
        const cell = documented.get(`${method.id} ${photo}`) ??
          assert.fail(`the documentation has no figure: it is ${(100 * share).toFixed(1)} %, "${words}"`);
        assert.ok(Math.abs(share - cell.share) < GAP, `${share}, but the documentation says ${cell.share}`);
        assert.equal(/no clear place/.test(words), cell.unclear, `${share} and "${words}"`);
      });
    }
    engine.release(frame);
  }
  await engine.close();
});

/** Share of the heatmap's pixels that are drawn more than half opaque. */
function drawnShare(map: RawMap, info: ReturnType<typeof methodInfo>): number {
  const nature = natureOf(info, {});
  const scale = follow(null, displayRange(map.values, nature), 0);
  if (scale === null) return 0;
  const pixels = new Uint32Array(SIDE * SIDE);
  const shading = { colormap: "viridis", range: scale, signed: nature.signed, floor: 0 } as const;
  new Shader(SIDE).shade(map, null, shading, pixels);
  return pixels.filter((pixel) => pixel >>> 24 >= HALF).length / pixels.length;
}

function pageWords(map: RawMap, info: ReturnType<typeof methodInfo>): string {
  const standardError = standardErrorOf(map.samples ?? null, info.sampling);
  const status = mapStatus({
    hasMap: true,
    isCurrent: true,
    still: true,
    ofHeldPicture: true,
    progress: 1,
    complete: true,
    known: 1,
    empty: false,
    clarity: clarityOf(map, { nature: natureOf(info, {}), standardError }),
    inColours: false,
    silent: false,
    ageMs: 0,
    progressive: info.progressive,
  });
  return statusWords(
    status,
    "it",
    map.samples === undefined ? "" : `${map.samples.count} ${info.sampling?.many}`,
  );
}

/** The table of docs/methods.md: cells such as `32` and `63, no clear place`. */
async function documentedShares(): Promise<
  ReadonlyMap<string, { readonly share: number; readonly unclear: boolean }>
> {
  const text = await Deno.readTextFile("docs/methods.md");
  const [, table = ""] = text.split("| above half of the scale, % |");
  const rows = table.split("\n\n")[0]?.split("\n").slice(2) ?? [];
  return new Map(rows.flatMap((row) => {
    const [, name = "", ...cells] = row.split("|").map((cell) => cell.trim());
    const ids = [...name.matchAll(/`([^`]+)`/g)].map(([, id]) => id ?? "");
    return ids.flatMap((id) =>
      PHOTOS.map((photo, place) => {
        const cell = cells[place] ?? "";
        const entry = { share: Number.parseFloat(cell) / 100, unclear: cell.includes("no clear place") };
        return [`${id} ${photo}`, entry] as const;
      })
    );
  }));
}
