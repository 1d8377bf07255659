/** One self-contained page about the pictures of a run: nothing in it comes from elsewhere. */
import type { Prediction } from "../../shared/protocol.ts";
import type { Picture } from "../engine/mod.ts";
import type { Explained } from "./_explained.ts";
import { drawOverlay, enlarge } from "./_overlay.ts";
import { encodePng } from "./_png.ts";
import { REPORT_STYLE } from "./_report_style.ts";
import { colourOn, formatShare, formatValue, type Scale, scaleOf } from "./_scale.ts";

/** Colours named in a legend's gradient. */
const LEGEND_STOPS = 17;

/** The input's px are drawn this many times as large, so that a browser does not blur them away. */
const PICTURE_TIMES = 2;

/** Writes the page. */
export function reportOf(explanations: readonly Explained[]): string {
  const [first] = explanations;
  const title = explanations.length === 1 && first !== undefined
    ? first.image
    : `${explanations.length} pictures`;
  const method = first?.request.method;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)} · Gradcast</title>
<style>${REPORT_STYLE}</style>
</head>
<body>
<main>
<h1>${escape(method?.name ?? "")}</h1>
<p>${escape(method?.plain ?? "")}</p>
<p class="soft">${escape(method?.expert ?? "")}</p>
<p class="soft">Limits: ${escape(method?.weakness ?? "")}</p>
${explanations.map(section).join("\n")}
</main>
</body>
</html>
`;
}

function section(explained: Explained): string {
  const { image, picture, predictions, target } = explained;
  const scale = scaleOf(explained);
  const listed = predictions.some(({ index }) => index === target.index);
  const lines = [...predictions, ...(listed ? [] : [target])].map((each) =>
    line(each, each.index === target.index)
  );
  return `<section>
<h2>${escape(image)}</h2>
<div class="columns">
<figure>
<img src="${dataUri(enlarge(picture, PICTURE_TIMES))}" alt="The picture as the model saw it">
<figcaption>What the model saw, ${picture.width}×${picture.height} px</figcaption>
</figure>
<figure>
<img src="${dataUri(drawOverlay(explained))}" alt="The picture with the map for ${
    escape(target.label)
  } over it">
${legend(scale, target)}
</figure>
<div>
<ol>
${lines.join("\n")}
</ol>
<dl>
${facts(explained).map(([name, value]) => `<dt>${escape(name)}</dt><dd>${escape(value)}</dd>`).join("\n")}
</dl>
</div>
</div>
</section>`;
}

function line({ label, probability, logit }: Prediction, explained: boolean): string {
  const percent = formatShare(probability);
  return `<li${explained ? ` class="target"` : ""}>
<div><span>${escape(label)}</span><span title="logit ${formatValue(logit)}">${percent}</span></div>
<div class="bar"><div style="width: ${(100 * probability).toFixed(1)}%"></div></div>
</li>`;
}

function legend(scale: Scale, { label, index }: Prediction): string {
  const caption = `${escape(label)} (${index})`;
  if (scale.high === 0) return `<figcaption>No evidence for ${caption}</figcaption>`;
  const stops = Array.from({ length: LEGEND_STOPS }, (_, stop) => {
    const value = scale.low + (scale.high - scale.low) * stop / (LEGEND_STOPS - 1);
    return `rgb(${colourOn(scale, value).join(" ")})`;
  });
  const [low, high] = [scale.low, scale.high].map(formatValue);
  return `<div class="legend" style="background: linear-gradient(to right, ${stops.join(", ")})"></div>
<div class="ends"><span>${low}</span><span>${high} ${scale.unit}</span></div>
<figcaption>Evidence for ${caption}${scale.low < 0 ? "; below zero: against it" : ""}</figcaption>`;
}

function facts({ model, request, map, elapsedMs }: Explained): [string, string][] {
  return [
    ["Model", model.name],
    ["Method", request.method.id],
    ["Layer", map.layer ?? "none, the network from outside"],
    ["Map", `${map.height}×${map.width} cells`],
    ...Object.entries(request.options).map(([name, value]): [string, string] => [name, String(value)]),
    ["Time", `${Math.round(elapsedMs)} ms`],
  ];
}

function dataUri(picture: Picture): string {
  return `data:image/png;base64,${encodePng(picture).toBase64()}`;
}

function escape(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}
