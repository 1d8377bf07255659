/** Models that are taught at a real server: collected, learned, shown live, undone, and there after it was killed (rules O). */
import assert from "node:assert/strict";
import * as v from "valibot";
import type { HeadKind } from "../../shared/head_model.ts";
import { readNdjson } from "../../shared/ndjson.ts";
import {
  type AddedPictures,
  AddedPicturesSchema,
  CluesLineSchema,
  TaughtHeadSchema,
  TaughtListSchema,
  TaughtPicturesSchema,
  type TaughtState,
  TaughtStateSchema,
  WhySchema,
} from "../../shared/teach_wire.ts";
import { GRAD_CAM_VIEW, LiveClient } from "../support/live_client.ts";
import { startServer } from "../support/server.ts";
import { variantsOf } from "../support/taught_pictures.ts";

type Picture = Uint8Array<ArrayBuffer>;

/** Requests about collections to one server. */
class Client {
  readonly #url: string;

  constructor(url: string) {
    this.#url = `${url}/api/taught`;
  }

  async ask(method: string, path = "", body: object | Picture | FormData | null = null) {
    const isRaw = body instanceof Uint8Array || body instanceof FormData;
    const response = await fetch(`${this.#url}${path}`, {
      method,
      ...(body !== null && { body: isRaw ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, json: text === "" ? null : JSON.parse(text) };
  }

  async bytes(path: string): Promise<Response> {
    return await fetch(`${this.#url}${path}`);
  }

  async create(name: string, base?: string): Promise<string> {
    return (await this.ask("POST", "", { name, ...(base === undefined ? {} : { base }) })).json.id;
  }

  async addClass(id: string, name: string): Promise<string> {
    return (await this.ask("POST", `/${id}/classes`, { name })).json.key;
  }

  async add(id: string, key: string, pictures: readonly Picture[]): Promise<AddedPictures> {
    const form = new FormData();
    for (const [place, bytes] of pictures.entries()) form.append("image", new File([bytes], `${place}.png`));
    const { json } = await this.ask("POST", `/${id}/classes/${key}/pictures?hold=1`, form);
    return v.parse(AddedPicturesSchema, json);
  }

  async state(id: string): Promise<TaughtState> {
    return v.parse(TaughtStateSchema, (await this.ask("GET", `/${id}`)).json);
  }

  /** Follows the events until a state is as wanted. */
  async until(id: string, wanted: (state: TaughtState) => boolean): Promise<TaughtState> {
    const response = await fetch(`${this.#url}/${id}/events`);
    for await (const line of readNdjson(response.body)) {
      const state = v.parse(TaughtStateSchema, line);
      if (wanted(state)) return state;
    }
    return assert.fail("the events have ended");
  }
}

const isLearned = ({ learning: { state } }: TaughtState): boolean => state === "learned";

Deno.test("a model is taught two classes, shown, changed, and there after the server was killed", async (t) => {
  const data = await Deno.makeTempDir({ prefix: "gradcast-taught-" });
  const flags = ["--data", data];
  const [cups, cats] = [await variantsOf("coffee", 10, 1), await variantsOf("chelsea", 10, 2)];
  let id = "";
  const keys: string[] = [];
  try {
    await using server = await startServer(0, flags);
    const client = new Client(server.url);

    await t.step("O1, O2: a collection is begun, its classes have names of their own", async () => {
      id = await client.create("My things");
      assert.equal(id, "my-things");
      for (const name of ["Cup", "Cat"]) keys.push(await client.addClass(id, name));
      const again = await client.ask("POST", `/${id}/classes`, { name: " cup " });
      assert.deepEqual([again.status, again.json.code], [409, "taught-name"]);
      const { taught } = v.parse(TaughtListSchema, (await client.ask("GET")).json);
      assert.deepEqual(taught.map(({ id, classes, pictures, learned }) => [id, classes, pictures, learned]), [
        ["my-things", 2, 0, false],
      ]);
      assert.equal(
        (await client.state(id)).learning.reason,
        "Learning begins with 5 pictures each of two classes: 5 more of Cup and 5 more of Cat",
      );
      assert.equal((await client.ask("GET", "/nothing")).status, 404);
    });

    await t.step("O3: what is no picture is refused, in a form it alone", async () => {
      const path = `/${id}/classes/${keys[0]}/pictures`;
      const text = new TextEncoder().encode("a folder of notes");
      assert.deepEqual(
        (({ status, json: { code } }) => [status, code])(await client.ask("POST", path, text)),
        [
          415,
          "frame-format",
        ],
      );
      const large = await client.ask("POST", path, new Uint8Array(256 * 1024 + 1));
      assert.deepEqual([large.status, large.json.code], [413, "frame-bytes"]);
      const cut = cups[0]?.slice(0, 3_000) ?? text;
      const { ids, refused } = await client.add(id, keys[0] ?? "", [text, cut]);
      assert.deepEqual([ids, refused.map(({ name, code }) => [name, code])], [[], [
        ["0.png", "frame-format"],
        ["1.png", "frame-corrupt"],
      ]]);
      assert.equal((await client.ask("POST", `/${id}/classes/c99/pictures`, text)).status, 404);
    });

    await t.step("O6, O7: from five pictures each it learns by itself, and says how well", async () => {
      await client.add(id, keys[0] ?? "", cups.slice(0, 8));
      assert.deepEqual((await client.add(id, keys[1] ?? "", cats.slice(0, 8))).count, 8);
      const learned = await client.until(id, (state) => isLearned(state) && state.accuracy !== null);
      assert.ok((learned.accuracy ?? 0) > 0.9, `accuracy ${learned.accuracy}`);
      assert.deepEqual(learned.confusion?.keys, keys);
      assert.equal(learned.confusion?.counts.flat().reduce((a, b) => a + b), 16);
      assert.equal(learned.chance, 0.5);
      assert.ok(learned.classes.every((one) => one.learned && one.pictures === 8));
      const { pictures } = v.parse(TaughtPicturesSchema, (await client.ask("GET", `/${id}/pictures`)).json);
      assert.ok(pictures.every(({ said, hold }) => said !== null && hold === 1));
    });

    await t.step(
      "O8: the taught model is shown like any other, and another head takes its place while it is",
      async () => {
        await using viewer = await LiveClient.greet(server.port, { ...GRAD_CAM_VIEW, model: id });
        viewer.frame(1, cups[9] ?? new Uint8Array());
        const result = await viewer.message("result");
        assert.deepEqual([result.model, result.predictions[0]?.label], [id, "Cup"]);
        const tile = await viewer.tile();
        assert.deepEqual([tile.mapHeight, tile.mapWidth], [7, 7]);
        await client.ask("PATCH", `/${id}/classes/${keys[0]}`, { name: "Mug" });
        await viewer.message("model");
        await viewer.message("view");
        viewer.frame(2, cups[9] ?? new Uint8Array());
        assert.equal((await viewer.message("result")).predictions[0]?.label, "Mug");
        await client.ask("PATCH", `/${id}`, { kind: "tree" });
        const { methods } = await viewer.message("model");
        assert.ok(
          methods.some(({ id }) => id === "occlusion") && methods.every(({ id }) => id !== "grad-cam"),
        );
        assert.equal((await viewer.message("view")).method, "occlusion");
        viewer.frame(3, cats[9] ?? new Uint8Array());
        assert.equal((await viewer.message("result")).predictions[0]?.label, "Cat");
        assert.equal((await client.ask("DELETE", `/${id}`)).json.code, "model-in-use");
      },
    );

    await t.step("O8: every head is a model of its own, fitted when somebody wants it", async () => {
      const before = await client.state(id);
      assert.equal(before.heads.find(({ kind }) => kind === "nearest")?.state, "none");
      await using viewer = await LiveClient.greet(server.port, {
        ...GRAD_CAM_VIEW,
        method: "occlusion",
        model: `${id}.nearest`,
      });
      viewer.frame(1, cats[8] ?? new Uint8Array());
      const { model, predictions } = await viewer.message("result");
      assert.deepEqual([model, predictions[0]?.label], [`${id}.nearest`, "Cat"]);
    });

    await t.step("O10: a head says why, with the channels that it looked at over the picture", async () => {
      const why = async (kind: HeadKind) => {
        const { json } = await client.ask("POST", `/${id}/why?kind=${kind}`, cats[9] ?? new Uint8Array());
        return v.parse(WhySchema, json);
      };
      const tree = await why("tree");
      assert.ok(tree.explanation.kind === "path" && tree.explanation.path.steps.length > 0);
      assert.equal(tree.layer, "head_relu6");
      const [step, channel] = [tree.explanation.path.steps[0], tree.channels[0]];
      assert.equal(channel?.channel, step?.feature);
      // A feature is the mean of its channel.
      const mean = (channel?.values ?? []).reduce((sum, one) => sum + one, 0) / (channel?.values.length ?? 1);
      assert.ok(Math.abs(mean - (channel?.value ?? NaN)) < 1e-4 && channel?.value === step?.value);
      const nearest = await why("nearest");
      assert.ok(nearest.explanation.kind === "neighbours");
      const [first] = nearest.explanation.neighbours;
      const { pictures } = v.parse(
        TaughtPicturesSchema,
        (await client.ask("GET", `/${id}/pictures?class=${keys[1]}`)).json,
      );
      assert.ok(pictures.some((one) => String(one.id) === first?.id));
      const linear = await why("linear");
      assert.ok(linear.explanation.kind === "contributions" && linear.explanation.top[1]?.length === 12);
      assert.ok((linear.classes[1]?.probability ?? 0) > 0.9);
      assert.equal(
        (await client.ask("POST", `/${id}/why?kind=oak`, new Uint8Array(1))).json.code,
        "bad-option",
      );
      const head = v.parse(TaughtHeadSchema, (await client.ask("GET", `/${id}/head?kind=pca-linear`)).json);
      assert.ok(
        head.kept !== null && head.kept.dimensions < 16 && head.kept.of === 1280 && head.kept.share > 0.99,
      );
      assert.deepEqual([head.head?.kind, head.top.length], ["pca-linear", 2]);
    });

    await t.step(
      "O9: evidence outside the object is found, in a sentence and with the pictures",
      async () => {
        const clues = async () => {
          const response = await fetch(`${server.url}/api/taught/${id}/clues`, { method: "POST" });
          const lines = (await Array.fromAsync(readNdjson(response.body))).map((line) =>
            v.parse(CluesLineSchema, line)
          );
          const last = lines.at(-1) ?? assert.fail("no line");
          assert.ok(
            "clues" in last && lines.slice(0, -1).every((line) => "progress" in line),
            JSON.stringify(last),
          );
          return last.clues;
        };
        const unknown = await clues();
        assert.ok(unknown.classes.every(({ object, outside }) => object !== "box" || outside === null));
        // A corner that the cup is not in, and all of the cat's picture.
        const corner = { top: 0, left: 0, height: 0.15, width: 0.15 };
        const whole = { top: 0, left: 0, height: 1, width: 1 };
        await client.ask("POST", `/${id}/box`, { class: keys[0], box: corner });
        await client.ask("POST", `/${id}/box`, { class: keys[1], box: whole });
        const { words, classes: [cup, cat] } = await clues();
        assert.ok(cup?.suspicious === true && (cup.outside ?? 0) > 0.8 && cup.worst.length === 6);
        assert.ok(cat?.suspicious === false && (cat.outside ?? 1) < 1e-6);
        assert.match(
          words,
          /^Mug is recognised by its surroundings: \d+ % of the evidence lies outside the object\.$/u,
        );
        const wrong = await client.ask("POST", `/${id}/box`, {
          class: keys[0],
          box: { ...whole, left: 0.5 },
        });
        assert.equal(wrong.json.code, "message-shape");
      },
    );

    await t.step("O5: what was done is taken back, one act after the other", async () => {
      const [first] =
        v.parse(TaughtPicturesSchema, (await client.ask("GET", `/${id}/pictures`)).json).pictures;
      await client.ask("DELETE", `/${id}/pictures/${first?.id}`);
      await client.ask("POST", `/${id}/classes/${keys[1]}/merge`, { into: keys[0] });
      const merged = await client.state(id);
      assert.deepEqual(merged.classes.map(({ name, pictures }) => [name, pictures]), [["Mug", 15]]);
      assert.equal(merged.undo, "Merge Cat into Mug");
      assert.equal(merged.learning.state, "waiting");
      for (const words of ["Merge Cat into Mug", "Remove 1 picture of Mug", "Rename Cup to Mug"]) {
        assert.equal((await client.ask("POST", `/${id}/undo`)).json.undone, words);
      }
      assert.equal((await client.ask("POST", `/${id}/undo`)).json.undone, null);
      const back = await client.until(id, isLearned);
      assert.deepEqual(back.classes.map(({ name, pictures }) => [name, pictures]), [["Cup", 8], ["Cat", 8]]);
    });

    await t.step("O3: a picture is there as it came", async () => {
      const { pictures: [first] } = v.parse(
        TaughtPicturesSchema,
        (await client.ask("GET", `/${id}/pictures`)).json,
      );
      const response = await client.bytes(`/${id}/pictures/${first?.id}`);
      assert.equal(response.headers.get("content-type"), "image/png");
      assert.deepEqual(await response.bytes(), cups[0]);
    });

    await t.step("O11, O12: an archive goes out and comes in again, what is none is refused", async () => {
      const response = await client.bytes(`/${id}/export?pictures=1`);
      assert.equal(response.headers.get("content-type"), "application/zip");
      const imported = await client.ask("POST", "/import", await response.bytes());
      assert.deepEqual([imported.status, imported.json], [201, { id: "my-things-2", kind: "collection" }]);
      const [own, copy] = [await client.state(id), await client.state("my-things-2")];
      const contents = ({ name, kind, classes }: TaughtState) => ({
        ...{ name, kind },
        classes: classes.map(({ name, pictures, box }) => ({ name, pictures, box })),
      });
      assert.deepEqual(contents(copy), contents(own));
      assert.equal((await client.ask("DELETE", "/my-things-2")).status, 204);
      // Without its pictures it is a model like any that is uploaded.
      const plain = await (await client.bytes(`/${id}/export?kind=linear`)).bytes();
      const model = await client.ask("POST", "/import", plain);
      assert.deepEqual([model.status, model.json.kind], [201, "model"], JSON.stringify(model.json));
      const refused = await client.ask("POST", "/import", new TextEncoder().encode("no archive"));
      assert.deepEqual([refused.status, refused.json.code], [422, "archive-refused"]);
    });

    await t.step("O8: a document names the model by its base and its head", async () => {
      const hashOf = async (model: string) => {
        const url = `${server.url}/api/explain?method=grad-cam&model=${model}`;
        return (await (await fetch(url, { method: "POST", body: cups[9] ?? null })).json()).modelSha256;
      };
      const hashes = [await hashOf(`${id}.linear`), await hashOf("efficientnet-lite0")];
      assert.ok(hashes.every((hash) => /^[0-9a-f]{64}$/u.test(hash)), `${hashes}`);
      assert.equal(new Set(hashes).size, 2);
      // The hash is that of the head of now, and the same pictures give the same head.
      const listed = (await client.ask("GET", `/${id}/pictures`)).json;
      const [first] = v.parse(TaughtPicturesSchema, listed).pictures;
      await client.ask("DELETE", `/${id}/pictures/${first?.id}`);
      assert.notEqual(await hashOf(`${id}.linear`), hashes[0]);
      await client.ask("POST", `/${id}/undo`);
      assert.equal(await hashOf(`${id}.linear`), hashes[0]);
    });

    await server.kill();
    await using after = await startServer(0, flags);
    const later = new Client(after.url);
    await t.step(
      "O4: what was acknowledged is there after the server was killed, the head that was kept included",
      async () => {
        const state = await later.until(id, isLearned);
        assert.deepEqual(state.classes.map(({ name, pictures }) => [name, pictures]), [["Cup", 8], [
          "Cat",
          8,
        ]]);
        await using viewer = await LiveClient.greet(after.port, {
          ...GRAD_CAM_VIEW,
          method: "occlusion",
          model: id,
        });
        viewer.frame(1, cups[8] ?? new Uint8Array());
        assert.equal((await viewer.message("result")).predictions[0]?.label, "Cup");
      },
    );
  } finally {
    await Deno.remove(data, { recursive: true });
  }
});
