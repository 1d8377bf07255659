/** Models that are uploaded to a real server: opened, named, normalised, removed, and there after a restart (rules Y). */
import assert from "node:assert/strict";
import { MAX_FRAME_BYTES } from "../../shared/limits.ts";
import * as v from "valibot";
import { readNdjson } from "../../shared/ndjson.ts";
import { TaughtStateSchema } from "../../shared/teach_wire.ts";
import type { OpenedModel, PresetRow } from "../../shared/model_wire.ts";
import { GRAD_CAM_VIEW, LiveClient } from "../support/live_client.ts";
import { onnxBytes, smallModel } from "../../server/engine/model/onnx/testing/onnx_writer.ts";
import { zipOf } from "../../server/engine/model/testing/zip.ts";
import { startServer } from "../support/server.ts";
import { variantsOf } from "../support/taught_pictures.ts";

const KERAS = "tests/reference/keras/convolutional.keras";

/** What no model has, in place of operations and layers. */
const UNKNOWN = ["Gloubiboulga", "Whatsit", "Thingamabob"];

/** A network in ONNX with operations of such names behind each other. */
function onnxOf(operations: readonly string[]): Uint8Array<ArrayBuffer> {
  const { nodes, ...rest } = smallModel();
  const [first, ...others] = nodes;
  const odd = operations.map((op, place) => ({
    op,
    inputs: [place === 0 ? "c" : `odd${place - 1}`],
    outputs: [place === operations.length - 1 ? "last" : `odd${place}`],
  }));
  const behind = others.map((node) => ({
    ...node,
    inputs: node.inputs.map((one) => one === "c" ? "last" : one),
  }));
  return onnxBytes({ ...rest, nodes: [...first === undefined ? [] : [first], ...odd, ...behind] });
}

/** A network in Keras of such layers behind each other. */
async function kerasOf(classes: readonly string[]): Promise<Uint8Array<ArrayBuffer>> {
  const input = { class_name: "InputLayer", config: { batch_shape: [null, 8, 8, 3], name: "input" } };
  const layers = [
    input,
    ...classes.map((class_name) => ({ class_name, config: { name: `my ${class_name}` } })),
  ];
  const encoder = new TextEncoder();
  return await zipOf({
    "metadata.json": { bytes: encoder.encode(JSON.stringify({ keras_version: "3.15.0" })) },
    "config.json": {
      bytes: encoder.encode(JSON.stringify({ class_name: "Sequential", config: { name: "odd", layers } })),
    },
    "model.weights.h5": { bytes: await Deno.readFile(KERAS.replace(".keras", ".h5")) },
  });
}

/** Requests to one server. */
class Client {
  readonly #url: string;

  constructor(url: string) {
    this.#url = `${url}/api/models`;
  }

  async ask(method: string, path = "", body: object | Uint8Array<ArrayBuffer> | null = null, headers = {}) {
    const response = await fetch(`${this.#url}${path}`, {
      method,
      headers,
      ...(body !== null && { body: body instanceof Uint8Array ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, json: text === "" ? null : JSON.parse(text) };
  }

  async begin(name: string, bytes: number) {
    return await this.ask("POST", "", { name, files: [{ path: name, bytes }] });
  }

  /** Uploads a file and has it opened. */
  async upload(name: string, bytes: Uint8Array<ArrayBuffer>) {
    const { json: { id } } = await this.begin(name, bytes.byteLength);
    const sent = await this.ask("PUT", `/${id}/files/${name}`, bytes);
    assert.equal(sent.status, 204);
    return await this.ask("POST", `/${id}/complete`);
  }

  async listed(): Promise<readonly { id: string; name: string; uploaded: boolean }[]> {
    return (await this.ask("GET")).json.models;
  }
}

Deno.test("models are uploaded, changed, removed and there after a restart", async (t) => {
  const data = await Deno.makeTempDir({ prefix: "gradcast-uploads-" });
  const flags = ["--data", data, "--models-mb", "1"];
  const keras = await Deno.readFile(KERAS);
  try {
    await using server = await startServer(0, flags);
    const client = new Client(server.url);
    let model: OpenedModel | null = null;

    await t.step("Y1: the size is checked before a byte is taken, and so are the paths", async () => {
      const large = await client.begin("large.onnx", 1_000_001);
      assert.deepEqual([large.status, large.json.code], [413, "model-bytes"]);
      assert.match(large.json.message, /expected at most 1000000 bytes.*got 1000001/);
      assert.equal((await client.begin("../x.onnx", 1)).json.code, "message-shape");
    });

    await t.step("Y2: an upload with other bytes than announced leaves nothing behind", async () => {
      const { json: { id } } = await client.begin("short.onnx", 10);
      const sent = await client.ask("PUT", `/${id}/files/short.onnx`, new Uint8Array(9));
      assert.equal(sent.json.code, "model-bytes");
      assert.equal((await client.ask("POST", `/${id}/complete`)).status, 404);
      const { json: { id: other } } = await client.begin("stopped.onnx", 10);
      assert.equal((await client.ask("POST", `/${other}/complete`)).json.code, "model-incomplete");
      assert.equal((await client.ask("DELETE", `/${other}/upload`)).status, 204);
      assert.equal((await client.ask("GET", "/room")).json.usedBytes, 0);
    });

    await t.step("Y3: what is no model is refused in words and removed", async () => {
      const refused = await client.upload("weights.pt", new Uint8Array(3_000).fill(3));
      assert.deepEqual([refused.status, refused.json.code], [422, "model-refused"]);
      assert.notEqual(refused.json.message, refused.json.words);
      assert.ok((await client.listed()).every(({ uploaded }) => !uploaded));
    });

    await t.step("Y3: all that is not covered is named at once, in ONNX and in Keras", async () => {
      const uncovered = [
        ["three.onnx", onnxOf(UNKNOWN)],
        ["three.keras", await kerasOf(UNKNOWN)],
      ] as const;
      for (const [name, bytes] of uncovered) {
        const { status, json } = await client.upload(name, bytes);
        assert.deepEqual([status, json.code], [422, "model-refused"]);
        const items: readonly string[] = json.items;
        assert.equal(items.length, UNKNOWN.length, json.message);
        for (const one of UNKNOWN) {
          assert.equal(items.filter((item) => item.includes(one)).length, 1, json.message);
          assert.ok(json.message.includes(one), json.message);
        }
      }
    });

    await t.step("Y3: a model is opened, and what was understood is said", async () => {
      const opened = await client.upload("My net.keras", keras);
      assert.equal(opened.status, 200, JSON.stringify(opened.json));
      model = opened.json as OpenedModel;
      assert.equal(model.id, "my-net");
      assert.ok(model.width > 0 && model.classes > 1 && model.parameters > 0);
      assert.ok((await client.listed()).some(({ id, uploaded }) => id === "my-net" && uploaded));
    });

    await t.step("Y4: name, classes and normalisation are kept in its card", async () => {
      assert.ok(model !== null);
      const short = await client.ask("PATCH", "/my-net", { labels: ["one"] });
      assert.equal(short.json.code, "labels-count");
      assert.match(short.json.message, new RegExp(`expected ${model.classes} names.*got 1$`));
      const labels = Array.from({ length: model.classes }, (_, index) => `<b>${index}</b>`);
      const { json } = await client.ask("PATCH", "/my-net", { name: "Mine", labels, normalisation: "torch" });
      assert.deepEqual([json.name, json.firstLabels[0], json.normalisation], ["Mine", "<b>0</b>", "torch"]);
      assert.match(json.normalisationFrom, /^set in /u);
    });

    await t.step(
      "X8: who looks at it continues with what it is after a change, and it is not removed",
      async () => {
        assert.ok(model !== null);
        await using viewer = await LiveClient.greet(server.port);
        viewer.say({ type: "view", view: { ...GRAD_CAM_VIEW, revision: 2, model: "my-net" } });
        await viewer.message("model");
        viewer.frame(1, await Deno.readFile("tests/fixtures/photos/coffee.png"));
        assert.equal((await viewer.message("result")).revision, 2);
        await viewer.tile(({ revision, complete }) => revision === 2 && complete);
        const labels = Array.from({ length: model.classes }, (_, index) => `class number ${index}`);
        const { status } = await client.ask("PATCH", "/my-net", { labels });
        assert.equal(status, 200);
        assert.equal((await viewer.message("model")).model.id, "my-net");
        assert.equal((await viewer.message("view")).revision, 2);
        const { frame, predictions } = await viewer.message("result");
        assert.deepEqual([frame, predictions[0]?.label.startsWith("class number ")], [1, true]);
        await viewer.tile(({ revision, complete }) => revision === 2 && complete);
        viewer.frame(2, await Deno.readFile("tests/fixtures/photos/chelsea.png"));
        assert.equal((await viewer.message("result")).frame, 2);
        assert.equal((await client.ask("DELETE", "/my-net")).json.code, "model-in-use");
      },
    );

    await t.step(
      "X8: what is asked for in the moment of a change is answered with the new files",
      async () => {
        assert.ok(model !== null);
        const photo = await Deno.readFile("tests/fixtures/photos/coffee.png");
        const inside = async () => {
          const response = await fetch(`${server.url}/api/inside?model=my-net`, {
            method: "POST",
            body: photo,
          });
          await response.bytes();
          return response.status;
        };
        let isChanged = false;
        const ask = async () => {
          const statuses: number[] = [];
          while (!isChanged) statuses.push(await inside());
          return statuses;
        };
        const change = async () => {
          const changes = ["0to1", "torch"] as const;
          for (const normalisation of changes) {
            assert.equal((await client.ask("PATCH", "/my-net", { normalisation })).status, 200);
          }
          isChanged = true;
        };
        const presets = client.ask("POST", "/my-net/presets");
        const [statuses] = await Promise.all([Promise.all([ask(), ask(), ask()]), change()]);
        assert.deepEqual([...new Set(statuses.flat()), (await presets).status], [200, 200]);
      },
    );

    await t.step(
      "X8, O8: what was taught from it is learned again with the features that it has after a change",
      async () => {
        const taught = `${server.url}/api/taught`;
        const ask = async (path: string, body?: object | FormData) => {
          const raw = body === undefined || body instanceof FormData ? body ?? null : JSON.stringify(body);
          const response = await fetch(`${taught}${path}`, {
            method: raw === null ? "GET" : "POST",
            body: raw,
          });
          return await response.json();
        };
        const { id } = await ask("", { name: "Two things", base: "my-net" });
        const pictures = [await variantsOf("coffee", 9, 1), await variantsOf("chelsea", 9, 2)];
        for (const [place, name] of ["Cup", "Cat"].entries()) {
          const { key } = await ask(`/${id}/classes`, { name });
          const form = new FormData();
          for (const one of pictures[place]?.slice(0, 8) ?? []) {
            form.append("image", new File([one], "a.png"));
          }
          await ask(`/${id}/classes/${key}/pictures`, form);
        }
        const events = await fetch(`${taught}/${id}/events`);
        for await (const state of readNdjson(events.body)) {
          if (v.parse(TaughtStateSchema, state).learning.state === "learned") break;
        }
        await using viewer = await LiveClient.greet(server.port, { ...GRAD_CAM_VIEW, model: id });
        let frame = 0;
        const said = async (place: number) => {
          viewer.frame(++frame, pictures[place]?.at(-1) ?? new Uint8Array());
          for (;;) {
            const result = await viewer.message("result");
            if (result.frame === frame) return result.predictions[0];
          }
        };
        const before = [await said(0), await said(1)];
        assert.deepEqual(before.map((one) => one?.label), ["Cup", "Cat"]);
        const { headRevision } = await ask(`/${id}`);
        assert.equal((await client.ask("PATCH", "/my-net", { normalisation: "0to255" })).status, 200);
        // Once with the engine of now, once with the head that fits it.
        for (let left = 2; left > 0; left--) assert.equal((await viewer.message("model")).model.id, id);
        assert.equal((await ask(`/${id}`)).headRevision, headRevision + 1);
        const after = [await said(0), await said(1)];
        assert.deepEqual(after.map((one) => one?.label), ["Cup", "Cat"]);
        assert.equal((await client.ask("PATCH", "/my-net", { normalisation: "torch" })).status, 200);
      },
    );

    await t.step("Y5: it looks at the sample photos under each normalisation", async () => {
      const { json } = await client.ask("POST", "/my-net/presets");
      const rows: readonly PresetRow[] = json.presets;
      assert.deepEqual(rows.map((row) => row.normalisation), ["0to1", "-1to1", "0to255", "torch", "caffe"]);
      for (const { tops } of rows) {
        assert.equal(tops.length, 5);
        assert.ok(tops.every(({ probability, label }) => probability > 0 && label.startsWith("class ")));
      }
      assert.notDeepEqual(rows[0]?.tops, rows[2]?.tops);
    });

    await t.step("Y6: a model is removed and restored", async () => {
      assert.equal((await client.ask("DELETE", "/my-net")).status, 204);
      assert.ok(!(await client.listed()).some(({ id }) => id === "my-net"));
      assert.equal((await client.ask("POST", "/my-net/restore")).status, 204);
      assert.ok((await client.listed()).some(({ id }) => id === "my-net"));
      assert.equal((await client.ask("DELETE", "/efficientnet-lite0")).status, 404);
    });

    await t.step("Y7: a page of another machine opens none", async () => {
      const foreign = await client.ask("GET", "/room", null, { "x-forwarded-for": "10.0.0.7" });
      assert.deepEqual([foreign.status, foreign.json.code], [403, "own-machine-only"]);
    });
    await server[Symbol.asyncDispose]();

    await t.step("Y3: it is there after a restart, with its card", async () => {
      await using again = await startServer(0, flags);
      const listed = await new Client(again.url).listed();
      assert.deepEqual(listed.find(({ id }) => id === "my-net")?.name, "Mine");
    });

    await t.step(
      "Y3: it keeps its id beside a model of the same name, whatever else lies in its folder",
      async () => {
        await Deno.writeTextFile(`${data}/models/stray.txt`, "");
        const named = `${data}/my-net.keras`;
        await Deno.writeFile(named, keras);
        await using again = await startServer(0, [...flags, "--model", named]);
        const client = new Client(again.url);
        const own = async () => (await client.listed()).filter(({ id }) => id.startsWith("my-net"));
        const listed = (await own()).map(({ id, uploaded }) => [id, uploaded]);
        assert.deepEqual(listed, [["my-net-2", false], ["my-net", true]]);
        const short = await client.ask("PATCH", "/my-net", { labels: ["one"] });
        assert.equal(short.json.code, "labels-count", "it was not loaded yet");
        assert.equal((await client.ask("DELETE", "/my-net-2")).status, 404);
        assert.equal((await client.ask("DELETE", "/my-net")).status, 204);
        assert.deepEqual((await own()).map(({ id }) => id), ["my-net-2"]);
      },
    );

    await t.step("Y7: --models-mb 0 takes none", async () => {
      await using none = await startServer(0, ["--data", data, "--models-mb", "0"]);
      const client = new Client(none.url);
      assert.equal((await client.begin("a.onnx", MAX_FRAME_BYTES)).json.code, "no-uploads");
      assert.equal((await client.ask("GET")).status, 200);
    });
  } finally {
    await Deno.remove(data, { recursive: true });
  }
});
