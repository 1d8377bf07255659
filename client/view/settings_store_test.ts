/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { loadSettings, type Shelf } from "./settings.ts";
import { SettingsStore } from "./settings_store.ts";

function memoryShelf(): Shelf {
  const kept = new Map<string, string>();
  return { getItem: (name) => kept.get(name) ?? null, setItem: (name, text) => void kept.set(name, text) };
}

Deno.test("SettingsStore stores every change for the next visit", () => {
  const shelf = memoryShelf();
  const store = new SettingsStore(shelf, {});
  store.change({ colormap: "cividis" });
  assert.equal(store.current.value.colormap, "cividis");
  assert.equal(loadSettings(shelf).colormap, "cividis");
});

Deno.test("SettingsStore takes an address before what is stored, option by method", () => {
  const shelf = memoryShelf();
  new SettingsStore(shelf, {}).change({ method: "cam", opacity: 0.2, options: { cam: { signed: true } } });
  const { current } = new SettingsStore(shelf, { method: "occlusion", options: { window: 24 } });
  assert.equal(current.value.method, "occlusion");
  assert.equal(current.value.opacity, 0.2);
  assert.deepEqual(current.value.options, { cam: { signed: true }, occlusion: { window: 24 } });
});

Deno.test("SettingsStore.setOpacity() stays within 0 and 1, in hundredths", () => {
  const store = new SettingsStore(memoryShelf(), {});
  const after = [1.2, -0.1, 0.7 + 0.1].map((opacity) => {
    store.setOpacity(opacity);
    return store.current.value.opacity;
  });
  assert.deepEqual(after, [1, 0, 0.8]);
});
