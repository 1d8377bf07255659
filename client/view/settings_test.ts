/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { DEFAULT_SETTINGS, loadSettings, saveSettings, type Shelf } from "./settings.ts";

function shelf(text: string | null): Shelf & { text: string | null } {
  return {
    text,
    getItem() {
      return this.text;
    },
    setItem(_key, value) {
      this.text = value;
    },
  };
}

Deno.test("loadSettings() reads what saveSettings() kept", () => {
  const kept = shelf(null);
  const settings = {
    ...DEFAULT_SETTINGS,
    method: "occlusion",
    options: { occlusion: { window: 48 } },
    opacity: 0.3,
  };
  saveSettings(kept, settings);
  assert.deepEqual(loadSettings(kept), settings);
});

Deno.test("loadSettings() gives the defaults for nothing and for garbage", () => {
  for (const text of [null, "", "{", "null", "[]", "7"]) {
    assert.deepEqual(loadSettings(shelf(text)), DEFAULT_SETTINGS);
  }
});

Deno.test("loadSettings() replaces only the fields that do not fit", () => {
  const settings = loadSettings(shelf('{"colormap":"jet","opacity":9,"theme":"light","unknown":1}'));
  assert.deepEqual(settings, { ...DEFAULT_SETTINGS, theme: "light" });
});

Deno.test("loadSettings() survives a browser that forbids storage", () => {
  const forbidden: Shelf = {
    getItem() {
      throw new Error("denied");
    },
    setItem() {
      throw new Error("denied");
    },
  };
  assert.deepEqual(loadSettings(forbidden), DEFAULT_SETTINGS);
  saveSettings(forbidden, DEFAULT_SETTINGS);
});
