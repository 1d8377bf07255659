/** Collections: requests about them that nearly fit, pictures that are none, archives that are cut off. */
import type { Json, Random } from "../support/random.ts";
import { ask, type Kind, type Target } from "./target.ts";

/** What can be asked of a collection; `KEY` stands for a class of it. */
const REQUESTS: readonly (readonly [method: string, path: string, body: Json | null])[] = [
  ["GET", "", null],
  ["GET", "/pictures?class=KEY", null],
  ["GET", "/pictures/1", null],
  ["GET", "/head?kind=tree", null],
  ["GET", "/export?kind=nearest", null],
  ["POST", "/classes", { name: "Cup" }],
  ["PATCH", "/classes/KEY", { name: "Mug" }],
  ["POST", "/classes/KEY/merge", { into: "c2" }],
  ["DELETE", "/classes/KEY", null],
  ["PATCH", "/pictures", { ids: [1, 2], remove: true }],
  ["DELETE", "/pictures/1", null],
  ["POST", "/box", { class: "c1", box: { top: 0, left: 0, height: 1, width: 1 } }],
  ["POST", "/undo", null],
  ["PATCH", "", { name: "Mine", kind: "forest" }],
];

export const taught: Kind = { name: "taught", step };

async function step(target: Target, random: Random): Promise<void> {
  const { server } = target;
  const body = JSON.stringify(random.chance(0.3) ? random.damage({ name: random.word() }) : { name: "Mine" });
  const made = await fetch(`${server.url}/api/taught`, { method: "POST", body });
  const said = await made.json();
  if (made.status === 500) target.found(`POST /api/taught: 500 for ${body.slice(0, 300)}`);
  const id = made.status === 201 ? String(said.id) : random.word();
  const own = `/api/taught/${encodeURIComponent(id.toWellFormed())}`;
  await ask(target, `${own}/classes`, { method: "POST", body: JSON.stringify({ name: "Cat" }) });
  for (let count = 0; count < 6; count++) {
    const [method, path, wanted] = random.pick(REQUESTS);
    const key = random.chance(0.8) ? "c1" : encodeURIComponent(random.word().toWellFormed());
    const sent = wanted === null ? null : JSON.stringify(random.chance(0.4) ? random.damage(wanted) : wanted);
    await ask(target, own + path.replace("KEY", key), { method, ...(sent === null ? {} : { body: sent }) });
  }
  const picture = random.bytes(random.below(300));
  await ask(target, `${own}/classes/c1/pictures?hold=${random.below(9) - 2}`, {
    method: "POST",
    body: picture,
  });
  await ask(target, `${own}/why?kind=linear`, { method: "POST", body: picture });
  await ask(target, "/api/taught/import", { method: "POST", body: archiveOf(random) });
  await ask(target, own, { method: "DELETE" });
}

/** A zip archive of one file, damaged in one place or several. */
function archiveOf(random: Random): Uint8Array<ArrayBuffer> {
  const name = new TextEncoder().encode(random.pick(["taught.json", "../a", "pictures/c1/1.png"]));
  const content = new TextEncoder().encode(random.pick(["{}", '{"format":1}', "[".repeat(500)]));
  const numbers = (...values: readonly number[]) => Array.from(values, (one) => [one & 255, one >> 8]).flat();
  const local = [0x50, 0x4b, 3, 4, ...numbers(20, 0, 0, 0, 0, 0, 0, content.length, 0, content.length, 0)];
  const entry = [
    0x50,
    0x4b,
    1,
    2,
    ...numbers(20, 20, 0, 0, 0, 0, 0, 0, content.length, 0, content.length, 0),
  ];
  const head = [...local, ...numbers(name.length, 0), ...name, ...content];
  const directory = [...entry, ...numbers(name.length, 0, 0, 0, 0, 0, 0, 0, 0), ...name];
  const end = [0x50, 0x4b, 5, 6, ...numbers(0, 0, 1, 1, directory.length, 0, head.length, 0, 0)];
  const bytes = Uint8Array.from([...head, ...directory, ...end]);
  return random.chance(0.7) ? random.damageBytes(bytes) : bytes;
}
