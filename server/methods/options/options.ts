/** A method's options: the ranges that hold for a model, defaults, refusals. */
import { GradcastError } from "../../../shared/errors.ts";
import { didYouMean } from "../../../shared/nearest.ts";
import type { MethodInfo, OptionSpec, OptionValue, OptionValues } from "../../../shared/protocol.ts";
import type { LoadedModel } from "../../engine/port.ts";
import { checkGradients } from "../gradients.ts";
import type { Method } from "../method.ts";

/** The options of a method on a model: its own defaults, and lengths in pixels end at the input's shorter side. */
export function optionsOf(model: LoadedModel, method: Method): OptionSpec[] {
  const side = Math.min(model.width, model.height);
  const presets = method.presets?.(model) ?? {};
  return method.options.map((spec) => {
    if (spec.kind !== "integer") return spec;
    const preset = Object.hasOwn(presets, spec.name) ? Number(presets[spec.name]) : spec.default;
    if (spec.unit !== "px") return { ...spec, default: preset };
    return { ...spec, max: Math.min(spec.max, side), default: Math.min(preset, side) };
  });
}

/** A method as the page shows it, for one model. */
export function methodInfo(model: LoadedModel, method: Method): MethodInfo {
  const { id, name, family, plain, expert, weakness, signed, progressive, cost, values, sampling } = method;
  const options = optionsOf(model, method);
  return {
    id,
    name,
    family,
    plain,
    expert,
    weakness,
    signed,
    progressive,
    cost,
    values,
    sampling,
    subject: method.subject ?? "picture",
    looksAt: looksAt(model, method),
    options,
  };
}

function looksAt(model: LoadedModel, method: Method): MethodInfo["looksAt"] {
  const layers = method.layers(model).length;
  return layers === 0 ? "network" : layers === 1 ? "one-layer" : "any-layer";
}

/**
 * Checks the given options and fills in the defaults.
 *
 * @throws GradcastError `bad-option`
 */
export function resolveOptions(model: LoadedModel, method: Method, given: OptionValues): OptionValues {
  const specs = optionsOf(model, method);
  for (const [name, value] of Object.entries(given)) {
    const spec = specs.find((spec) => spec.name === name);
    if (spec === undefined) throw unknownOption(method, name, value);
    if (!fits(spec, value)) throw badOption(spec, value);
  }
  const options = Object.fromEntries(
    specs.map((
      { name, default: preset },
    ) => [name, Object.hasOwn(given, name) ? given[name] ?? preset : preset]),
  );
  if (method.withoutGradients !== true) checkGradients(method.id, model);
  method.check?.(model, options);
  return options;
}

/** What an option takes, in words. */
export function wantedOf(spec: OptionSpec): string {
  switch (spec.kind) {
    case "integer":
      return `a whole number from ${spec.min} to ${spec.max}${spec.unit === "" ? "" : ` ${spec.unit}`}`;
    case "choice":
      return spec.choices.join(", ");
    case "flag":
      return "true, false";
    default: {
      const never: never = spec;
      throw new TypeError(`Cannot describe the option: its kind ${never} is unknown`);
    }
  }
}

/** The refusal of a value that an option does not take. */
export function badOption(spec: OptionSpec, value: OptionValue): GradcastError {
  return new GradcastError(
    "bad-option",
    `Cannot set the option '${spec.name}': expected ${wantedOf(spec)}, got ${quoted(value)}${
      spec.kind === "choice" ? didYouMean(spec.choices, String(value)) : ""
    }`,
  );
}

function unknownOption(method: Method, name: string, value: OptionValue): GradcastError {
  const names = method.options.map((spec) => spec.name);
  return new GradcastError(
    "bad-option",
    `Cannot set the option '${name}': ${method.id} takes ${
      names.length === 0 ? "no options" : names.join(", ")
    }, ` +
      `got ${quoted(value)}${didYouMean(names, name)}`,
  );
}

function fits(spec: OptionSpec, value: OptionValue): boolean {
  switch (spec.kind) {
    case "integer":
      return typeof value === "number" && Number.isInteger(value) && value >= spec.min && value <= spec.max;
    case "choice":
      return typeof value === "string" && spec.choices.includes(value);
    case "flag":
      return typeof value === "boolean";
    default: {
      const never: never = spec;
      throw new TypeError(`Cannot check the option: its kind ${never} is unknown`);
    }
  }
}

function quoted(value: OptionValue): string {
  return typeof value === "string" ? `'${value}'` : String(value);
}
