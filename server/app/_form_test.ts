import assert from "node:assert/strict";
import { formPart } from "./_form.ts";

const TYPE = "multipart/form-data; boundary=b";

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

/** A body of these parts, each with its headers. */
function body(...parts: readonly string[]): Uint8Array<ArrayBuffer> {
  return bytesOf(parts.map((part) => `--b\r\n${part}\r\n`).join("") + "--b--\r\n");
}

function found(bytes: Uint8Array<ArrayBuffer>, type = TYPE): readonly [string | null, string] | null {
  const part = formPart(bytes, type, "image");
  return part === null ? null : [part.fileName, new TextDecoder().decode(part.bytes)];
}

Deno.test("formPart() reads what fetch() and curl write", async () => {
  const names = ["cat.png", 'a "b".png', "Käse 🧀.png", "a;b.png", "back\\slash.png", ""];
  for (const name of names) {
    for (const content of ["", "x", "\r\n", "--b", "\r\n--bx\r\n--", "\0\r\n\r\n"]) {
      const form = new FormData();
      form.set("other", "text");
      form.set("image", new File([content], name));
      form.append("image", new File(["second"], "second.png"));
      const sent = new Response(form);
      const bytes = await sent.bytes();
      const wanted = (await new Response(bytes, { headers: sent.headers }).formData()).get("image");
      assert.ok(wanted instanceof File);
      const part = formPart(bytes, sent.headers.get("content-type") ?? "", "image");
      assert.deepEqual([part?.fileName, part?.bytes], [name, await wanted.bytes()]);
    }
  }
  const curl = body(
    'Content-Disposition: form-data; name="image"; filename="a \\"b\\".png"\r\nX: y\r\n\r\nx',
  );
  assert.deepEqual(found(curl), ['a "b".png', "x"]);
  const extended = body(
    "content-disposition: form-data; name=image; filename*=UTF-8''K%C3%A4se.png\r\n\r\nx",
  );
  assert.deepEqual(found(extended), ["Käse.png", "x"]);
});

Deno.test("formPart() passes over other parts, a preamble and an epilogue", () => {
  const image = 'Content-Disposition: form-data; name="image"\r\n\r\ntext';
  const text = body('Content-Disposition: form-data; name="x"\r\n\r\nimage', image);
  assert.deepEqual(found(text), [null, "text"]);
  assert.deepEqual(found(bytesOf(`before\r\n${new TextDecoder().decode(text)}after`)), [null, "text"]);
  assert.deepEqual(found(text, 'multipart/form-data; charset=x; boundary="b"'), [null, "text"]);
  assert.equal(found(body('Content-Disposition: form-data; name="constructor"\r\n\r\nx')), null);
  assert.equal(found(body("X: y\r\n\r\nx")), null);
});

Deno.test("formPart() refuses what is no form, what is cut short and what has more parts than any form", () => {
  assert.throws(() => found(body(), "multipart/form-data"), /has no boundary/);
  assert.throws(() => found(bytesOf("x")), /ends before its last boundary/);
  assert.throws(() => found(bytesOf("--b\r\nX: y")), /headers do not end/);
  assert.throws(() => found(bytesOf("--b\r\nX: y\r\n\r\nx\r\n-")), /ends before its last boundary/);
  assert.throws(
    () => found(bytesOf(`--b\r\nX: ${"y".repeat(20_000)}\r\n\r\nx\r\n--b--`)),
    /within 16384 bytes/,
  );
  const part = 'Content-Disposition: form-data; name="a"; filename=""\r\n\r\n';
  assert.throws(() => found(bytesOf(`--b\r\n${part}\r\n`.repeat(500_000))), /more than 100 parts/);
});
