/** Pictures of a page: each is held once, however often it is shown. */
import type { Picture } from "../engine/mod.ts";
import { Html, html } from "./_html.ts";
import { encodePng } from "./png.ts";

/** What a page draws several times: a picture for `photoOf`, gradients for legends; by itself it shows nothing. */
export function heldOf(number: number, picture: Picture, gradients: readonly Html[]): Html {
  const image = html`
    <image id="photo-${number}" width="${picture.width}" height="${picture.height}" href="${dataUri(
      encodePng(picture),
    )}" />
  `;
  return html`
    <svg class="held" aria-hidden="true">
      <defs>
    ${image}
    ${gradients}
      </defs>
    </svg>
  `;
}

/** Sides of a picture, in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Shows a picture that is held, with something over it; without words it is an ornament. */
export function photoOf(
  number: number,
  { width, height }: Size,
  words: string,
  over: Html | null = null,
): Html {
  const role = words === "" ? html`aria-hidden="true"` : html`role="img" aria-label="${words}"`;
  return html`
    <svg class="photo" viewBox="0 0 ${width} ${height}"
      ${role}><use href="#photo-${number}"/>${over}</svg>
  `;
}

/** Bytes of a PNG as an address. */
export function dataUri(png: Uint8Array): string {
  return `data:image/png;base64,${png.toBase64()}`;
}
