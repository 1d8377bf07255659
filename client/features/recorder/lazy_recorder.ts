/** The lazy recorder: code that is loaded only when somebody records. */
export { openGifFilm } from "../../film/gif_film.ts";
export { largestPicture, openFilm } from "../../film/open_film.ts";
export { clearOldSegments } from "../../film/segment_store.ts";
export { trimFilm } from "../../film/trim_film.ts";
export { Take } from "./take/take.ts";
