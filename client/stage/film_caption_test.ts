/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { type CaptionFacts, filmCaption } from "./film_caption.ts";

const FACTS: CaptionFacts = {
  headline: "espresso  94 %",
  target: "cup",
  methodName: "Grad-CAM",
  modelName: "EfficientNet-Lite0",
  unit: "logits",
  shading: { colormap: "viridis", range: { low: 0, high: 9.4 }, signed: false, floor: 0 },
  opacity: 0.7,
  network: false,
};

Deno.test("filmCaption() names what is seen, method, class, model, and what the colours mean", () => {
  assert.deepEqual(filmCaption(FACTS), {
    title: "espresso  94 %",
    detail: "Grad-CAM: evidence for cup · EfficientNet-Lite0",
    legend: { low: "0", high: "9.4", unit: "logits", colormap: "viridis", upper: false },
  });
});

Deno.test("filmCaption() has the low end of a scale that does not begin at zero, and both signs of a signed one", () => {
  const legend = (low: number, high: number, signed: boolean) => {
    const shading = { colormap: "diverging", range: { low, high }, signed, floor: 0 } as const;
    return filmCaption({ ...FACTS, shading }).legend;
  };
  assert.deepEqual([legend(0.36, 0.42, false)?.low, legend(0.36, 0.42, false)?.high], ["0.360", "0.420"]);
  assert.deepEqual([legend(-4.2, 4.2, true)?.low, legend(-4.2, 4.2, true)?.high], ["−4.2", "+4.2"]);
  assert.deepEqual([legend(0, 1, false)?.upper, legend(-1, 1, true)?.upper], [true, false]);
});

Deno.test("filmCaption() says nothing of what is not there", () => {
  const { title, detail, legend } = filmCaption({ ...FACTS, headline: "", target: null, shading: null });
  assert.deepEqual([title, detail, legend], ["", "Grad-CAM · EfficientNet-Lite0", null]);
  const hidden = filmCaption({ ...FACTS, opacity: 0 });
  assert.deepEqual([hidden.detail, hidden.legend], ["EfficientNet-Lite0", null]);
  assert.equal(filmCaption({ ...FACTS, network: true }).detail, "Grad-CAM · EfficientNet-Lite0");
});

Deno.test("filmCaption() has room for a sentence where captions have one, also before it is known", () => {
  assert.equal("sentence" in filmCaption({ ...FACTS, sentence: null }), false);
  for (const sentence of ["", "espresso, 94 %: mostly because of the middle."]) {
    assert.equal(filmCaption({ ...FACTS, sentence }).sentence, sentence);
  }
});
