import assert from "node:assert/strict";
import { explainedName } from "./explained_name.ts";
import { fakeMap, fakePrediction } from "./testing/fake_explained.ts";

Deno.test("explainedName() names the class, or what a picture of the network is of", () => {
  const map = fakeMap([1], { target: fakePrediction(2) });
  assert.equal(explainedName(map), "class 2 (2)");
  const nameOf = (options: Record<string, string | number>) =>
    explainedName({ ...map, subject: "network", options });
  assert.equal(nameOf({ of: "class", channel: 7 }), "class 2 (2)");
  assert.equal(nameOf({ of: "channel", channel: 7 }), "channel 7");
  assert.equal(nameOf({ of: "neuron", channel: 7 }), "the middle neuron of channel 7");
  assert.equal(nameOf({ page: 1 }), null);
});
