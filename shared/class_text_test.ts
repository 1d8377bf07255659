import assert from "node:assert/strict";
import { classOf, classText, fullClassText, prepareClasses, readClass } from "./class_text.ts";
import { GradcastError } from "./errors.ts";
import { MAX_CLASS_TEXT } from "./limits.ts";

const IMAGENET: readonly string[] = JSON.parse(
  Deno.readTextFileSync("models/efficientnet-lite0/labels.json"),
);

const LABELS = [
  "tench, Tinca tinca",
  "goldfish, Carassius auratus",
  "crane",
  "coffee mug",
  "coffeepot",
  "Cardigan, Cardigan Welsh corgi",
  "cardigan",
  "crane",
  "7",
];

/** Numbers that look random and are the same in every run. */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed;;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

/** Labels with all that makes names bad identities: doubles, numbers, beginnings of others, other compositions. */
function labelSet(seed: number): string[] {
  const random = numbers(seed);
  const below = (count: number) => Math.floor(random.next().value * count);
  const parts = [
    "crane",
    "Crane",
    "cra",
    "caf\u00e9",
    "cafe\u0301",
    "\u00c5ngstro\u0308m",
    "A\u030angstr\u00f6m",
    "0",
    "1",
    "2",
    "07",
    "3:crane",
    "1:",
    ":",
    "#2",
    "top1",
    "two  words",
    "two words",
    "",
    " ",
    "\u{1f43e}",
    "\ud800",
    "a%&=+b",
    "x".repeat(250),
  ];
  return Array.from(
    { length: 1 + below(12) },
    () => Array.from({ length: 1 + below(3) }, () => parts[below(parts.length)] ?? "").join(", "),
  );
}

Deno.test("V4: readClass() reads a whole label, one of its names, in any case, spacing and composition", () => {
  for (
    const text of [
      "goldfish, Carassius auratus",
      "goldfish",
      " CARASSIUS  auratus ",
      "goldfish,Carassius auratus",
    ]
  ) {
    assert.deepEqual(readClass(LABELS, text), { kind: "class", index: 1, others: [] }, text);
  }
  assert.equal(classOf(["tea", "cafe\u0301"], "Caf\u00c9"), 1);
  assert.equal(classOf(["tea", "caf\u00e9"], "cafe\u0301"), 1);
});

Deno.test("readClass() takes the one class whose whole label it is, and says which others have that name", () => {
  assert.deepEqual(readClass(LABELS, "Cardigan"), { kind: "class", index: 6, others: [5] });
  assert.deepEqual(readClass(IMAGENET, "maillot"), { kind: "class", index: 638, others: [639] });
});

Deno.test("V4: readClass() takes no class of several with the same label or the same name", () => {
  assert.deepEqual(readClass(LABELS, "crane"), { kind: "several", indexes: [2, 7] });
  assert.deepEqual(readClass(IMAGENET, "crane"), { kind: "several", indexes: [134, 517] });
  assert.deepEqual(readClass(IMAGENET, "tub"), { kind: "several", indexes: [435, 876] });
});

Deno.test("V4: readClass() takes a bare number for an index, unless it is the label of another class", () => {
  assert.deepEqual(readClass(LABELS, "3"), { kind: "class", index: 3, others: [] });
  assert.deepEqual(readClass(LABELS, "7"), { kind: "several", indexes: [7, 8] });
  const digits = Array.from({ length: 10 }, (_, index) => `${index}`);
  for (const digit of digits) assert.equal(classOf(digits, digit), Number(digit));
  const shifted = Array.from({ length: 1_000 }, (_, index) => `${index + 1}`);
  assert.deepEqual(readClass(shifted, "967"), { kind: "several", indexes: [966, 967] });
  assert.equal(classOf(shifted, "966:967"), 966);
  assert.equal(classOf(shifted, "967:"), 967);
  assert.equal(classOf(shifted, "1000"), 999);
});

Deno.test("V4: readClass() checks the name behind an index", () => {
  for (
    const text of ["7:crane", "7:", " 7 : CRANE ", "1:Carassius auratus", "1:goldfish, Carassius auratus"]
  ) {
    assert.equal(classOf(LABELS, text), Number.parseInt(text), text);
  }
  assert.deepEqual(readClass(LABELS, "7:goldfish"), { kind: "renamed", index: 7 });
  assert.deepEqual(readClass(LABELS, "9:crane"), { kind: "outside" });
});

Deno.test("readClass() finds nothing in an empty text, a part of a name or an index out of range", () => {
  for (const text of ["", "  ", ",", "gold", "1.5", "0x1", ":", ":crane"]) {
    assert.deepEqual(readClass(["", ...LABELS], text), { kind: "unknown" }, text);
  }
  for (const text of ["9", "-1", "99999999999999999999"]) {
    assert.deepEqual(readClass(LABELS, text), { kind: "outside" }, text);
  }
});

Deno.test("classText() is read back as the same class, of all classes of the model that is shipped", () => {
  assert.equal(IMAGENET.length, 1_000);
  for (const [index, label] of IMAGENET.entries()) {
    assert.equal(classOf(IMAGENET, classText(index, label)), index);
    assert.equal(classOf(IMAGENET, `${index}`), index);
    assert.equal(classOf(IMAGENET, `${index}:${label}`), index);
  }
  assert.equal(classText(517, IMAGENET[517]), "517:crane");
});

Deno.test("classText() is read back whatever the labels are, and no text names a class that does not have it", () => {
  for (let seed = 1; seed <= 500; seed++) {
    const labels = labelSet(seed);
    for (const [index, label] of labels.entries()) {
      const text = classText(index, label);
      assert.ok(text.length <= MAX_CLASS_TEXT, text);
      assert.equal(classOf(labels, text), index, `${JSON.stringify(labels)} ${text}`);
      assert.equal(classOf(labels, text.normalize("NFD")), index);
      assert.equal(classOf(labels, classText(index)), index);
      assert.equal(
        classOf(labels, new URLSearchParams(`${new URLSearchParams({ text })}`).get("text") ?? ""),
        index,
      );
      // A label alone may be refused, but stands for no other class, unless it looks like an index with a name.
      const reading = readClass(labels, label);
      if (reading.kind === "class" && !/^\d+:/.test(label)) {
        assert.equal(reading.index, index, `${JSON.stringify(labels)} ${label}`);
      }
    }
  }
});

Deno.test("V4: classOf() names the classes that a text may stand for", () => {
  assert.throws(() => classOf(IMAGENET, "crane"), {
    code: "ambiguous-class",
    message: "Cannot choose the class: 'crane' may be 134:crane (listed beside bittern and limpkin) or " +
      "517:crane (listed beside cradle and crash helmet); write the index first, as in '134:crane'",
  });
  assert.throws(() => classOf(IMAGENET, "gong"), {
    message: /'gong' may be 494:chime, bell, gong or 577:gong, tam-tam; /,
  });
  assert.throws(() => classOf(LABELS, "7"), { message: /'7' may be 7:crane \(.*\) or 8:7; .*'7:crane'/ });
  const same = Array.from({ length: 9 }, () => "same");
  assert.throws(() => classOf(same, "same"), {
    message: /or 5:same \(listed beside same and same\) or 3 more;/,
  });
});

Deno.test("classOf() names the class that has the index now", () => {
  assert.throws(() => classOf(LABELS, "1:cup"), {
    code: "unknown-class",
    message:
      "Cannot choose the class: expected a name of class 1:goldfish, Carassius auratus, got '1:cup'; " +
      "write '1:' for this class whatever its name",
  });
});

Deno.test("classOf() names the bad text and the classes that come near, in words that it reads", () => {
  assert.throws(() => classOf(LABELS, "coffe"), {
    code: "unknown-class",
    message: "Cannot choose the class: no label is 'coffe'; did you mean '4:coffeepot', '3:coffee mug'",
  });
  assert.throws(() => classOf(LABELS, "glodfish"), { message: /did you mean '1:goldfish'$/ });
  assert.throws(() => classOf(IMAGENET, "cups"), { message: /did you mean '968:cup', / });
  assert.throws(() => classOf(LABELS, "qqqqqq"), GradcastError);
});

Deno.test("classOf() names the allowed indexes", () => {
  assert.throws(() => classOf(LABELS, "9"), {
    code: "unknown-class",
    message: "Cannot choose the class: expected an index from 0 to 8, got '9'",
  });
});

Deno.test("fullClassText() tells classes of the same label apart by their neighbours", () => {
  assert.equal(fullClassText(IMAGENET, 639), "639:maillot, tank suit");
  assert.equal(fullClassText(["crane", "crane"], 0), "0:crane (listed beside crane)");
});

Deno.test("classOf() reads the labels once: later texts, known or not, look up no more than they name", () => {
  let reads = 0;
  const labels = new Proxy([...IMAGENET], {
    get(target, key, receiver) {
      if (typeof key === "string" && /^\d+$/.test(key)) reads++;
      return Reflect.get(target, key, receiver);
    },
  });
  prepareClasses(labels);
  assert.ok(reads >= IMAGENET.length);
  const texts = [
    "goldfish",
    "unicorn",
    "goldfsh",
    "crane",
    "517:cup",
    "a".repeat(200),
    "a b c d e f".repeat(18),
  ];
  for (const text of texts) {
    reads = 0;
    try {
      classOf(labels, text);
    } catch (error) {
      assert.ok(error instanceof GradcastError, text);
    }
    assert.ok(reads <= 40, `'${text}' reads ${reads} labels`);
  }
});
