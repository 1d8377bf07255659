import assert from "node:assert/strict";
import { FLAGS, type FlagsOutcome, logFormatOf, readFlags, type Settings } from "./flags.ts";

function read(args: string[], env: Record<string, string> = {}): FlagsOutcome {
  return readFlags(args, (name) => env[name]);
}

function settings(args: string[], env: Record<string, string> = {}): Settings {
  const outcome = read(args, env);
  assert.ok(outcome.kind === "settings", JSON.stringify(outcome));
  return outcome.settings;
}

Deno.test("readFlags() has defaults for everything", () => {
  const { models, ...rest } = settings([]);
  assert.match(models.join(" "), /models.efficientnet-lite0 .*models.efficientnet-lite1$/);
  assert.deepEqual(rest, {
    host: "localhost",
    port: null,
    threads: null,
    memoryBytes: null,
    data: "data",
    logDays: 30,
    logMegabytes: 500,
    logWho: "own",
    clipsDays: 90,
    clipsMegabytes: 4000,
    modelsMegabytes: 2000,
    taughtMegabytes: 1000,
    logFormat: "text",
    open: false,
    origins: [],
  });
});

Deno.test("readFlags() takes flags before variables", () => {
  const env = { GRADCAST_PORT: "9000", GRADCAST_THREADS: "3", GRADCAST_HOST: "0.0.0.0", GRADCAST_OPEN: "1" };
  const { port, threads, host, open } = settings(["--port", "9001"], env);
  assert.deepEqual([port, threads, host, open], [9001, 3, "0.0.0.0", true]);
});

Deno.test("readFlags() takes several models, and the memory that they have together", () => {
  assert.deepEqual(settings(["--model", "a", "--model=b"]).models, ["a", "b"]);
  assert.deepEqual(settings([], { GRADCAST_MODEL: "a,b" }).models, ["a", "b"]);
  const sizes = { "2G": 2e9, "1.5gb": 1.5e9, "800M": 8e8, "300000000": 3e8 };
  for (const [text, bytes] of Object.entries(sizes)) {
    assert.equal(settings(["--memory", text]).memoryBytes, bytes);
  }
  for (const text of ["", "2X", "-1G", "99M", "1e9", "G"]) {
    const outcome = read([`--memory=${text}`]);
    assert.ok(outcome.kind === "refused");
    assert.match(outcome.message, /--memory must be a number of bytes from 100M on, such as 2G, got/u);
  }
});

Deno.test("L10: --log-who says who may turn the log on", () => {
  assert.equal(settings(["--log-who", "all"]).logWho, "all");
  assert.equal(settings([], { GRADCAST_LOG_WHO: "all" }).logWho, "all");
  const refused = read(["--log-who", "me"]);
  assert.ok(refused.kind === "refused");
  assert.equal(refused.message, "Cannot start: expected --log-who own or all, got me");
});

Deno.test("readFlags() collects origins and refuses what is none", () => {
  const args = ["--origin", "https://a.example", "--origin", "http://b.example:81"];
  assert.deepEqual(settings(args).origins, ["https://a.example", "http://b.example:81"]);
  assert.equal(read(["--origin", "https://a.example/path"]).kind, "refused");
});

Deno.test("readFlags() names the bad value and what is wanted", () => {
  for (
    const [flag, value] of [["port", "65536"], ["port", "x"], ["port", "-1"], ["threads", "0"], [
      "threads",
      "1.5",
    ]]
  ) {
    const outcome = read([`--${flag}=${value}`]);
    assert.ok(outcome.kind === "refused");
    assert.match(
      outcome.message,
      new RegExp(`^Cannot start: --${flag} must be .*, got ${value}$`),
    );
  }
  const unknown = read(["--prot", "8000"]);
  assert.ok(unknown.kind === "refused");
  assert.match(unknown.message, /--prot.*--help/);
});

Deno.test("readFlags() explains every flag with --help", () => {
  const outcome = read(["--help"]);
  assert.ok(outcome.kind === "help");
  for (const flag of ["host", "port", "threads", "model", "data", "origin", "open"]) {
    assert.match(outcome.text, new RegExp(`--${flag}\\b`));
  }
});

Deno.test("readFlags() answers --version with the version, a SemVer, alone", () => {
  const outcome = read(["--version", "--port", "9000"]);
  assert.ok(outcome.kind === "version");
  assert.match(outcome.text, /^\d+\.\d+\.\d+$/);
});

Deno.test("an empty value and a host that is none are refused before anything starts", () => {
  for (const name of ["host", "model", "data"]) {
    const outcome = readFlags([`--${name}`, ""], () => undefined);
    assert.equal(outcome.kind, "refused");
    assert.match(
      outcome.kind === "refused" ? outcome.message : "",
      new RegExp(`expected a value behind --${name}`),
    );
  }
  for (const host of ["a b", "localhost:8000", "http://x", "a..b", "x,y", "x/y"]) {
    assert.equal(readFlags(["--host", host], () => undefined).kind, "refused", host);
  }
});

Deno.test("names and addresses of both families are hosts, with brackets or without", () => {
  for (
    const [given, host] of [["mybox.local", "mybox.local"], ["10.0.0.1", "10.0.0.1"], ["::", "::"], [
      "[::1]",
      "::1",
    ]]
  ) {
    const outcome = readFlags(["--host", given ?? ""], () => undefined);
    assert.equal(outcome.kind === "settings" ? outcome.settings.host : outcome, host);
  }
});

Deno.test("--log-format is text or json", () => {
  assert.equal(settings(["--log-format", "json"]).logFormat, "json");
  assert.equal(settings([], { GRADCAST_LOG_FORMAT: "json" }).logFormat, "json");
  const refused = read(["--log-format", "xml"]);
  assert.equal(
    refused.kind === "refused" ? refused.message : "",
    "Cannot start: expected --log-format text or json, got xml",
  );
});

Deno.test("docs/cli.md has a row for every flag of the server, in their order", async () => {
  const docs = await Deno.readTextFile("docs/cli.md");
  const rows = [...docs.matchAll(/^\| `(--[^`]+)` \|/gm)].map(([, flag]) => flag);
  const wanted = FLAGS.map(({ name, value }) => value === null ? `--${name}` : `--${name} ${value}`);
  assert.deepEqual(rows, wanted.filter((flag) => flag !== "--help"));
});

Deno.test("logFormatOf() finds the form of lines beside flags that are wrong", () => {
  const none = () => undefined;
  assert.equal(logFormatOf(["--port", "abc", "--log-format", "json"], none), "json");
  assert.equal(logFormatOf(["--log-format=json", "--nonsense"], none), "json");
  assert.equal(logFormatOf(["--log-format=json", "--log-format", "text"], none), "text");
  assert.equal(logFormatOf(["--log-format", "xml"], none), "text");
  assert.equal(logFormatOf(["--log-format"], none), "text");
  assert.equal(logFormatOf([], (name) => name === "GRADCAST_LOG_FORMAT" ? "json" : undefined), "json");
});
