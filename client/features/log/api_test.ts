/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { searchQuery } from "./api.ts";

Deno.test("searchQuery() names part of the label and the local day from midnight to midnight", () => {
  assert.equal(searchQuery({ label: "  ", day: "" }), "");
  assert.equal(searchQuery({ label: " cup & saucer ", day: "" }), "?label=cup+%26+saucer");
  const query = new URLSearchParams(searchQuery({ label: "", day: "2026-03-29" }));
  const [from, to] = [query.get("from") ?? "", query.get("to") ?? ""];
  assert.equal(from, new Date(2026, 2, 29).toISOString());
  assert.equal(to, new Date(2026, 2, 30).toISOString());
});

Deno.test("searchQuery() leaves out a day that is none", () => {
  for (const day of ["yesterday", "2026-13-40", "2026-1-1"]) {
    assert.equal(searchQuery({ label: "", day }), "");
  }
});
