/** Starts the page of somebody who watches a show, or steers it: `/watch/CODE` and `/remote/CODE`. */
import { render } from "preact";
import { WatchModel } from "./watch/watch_model.ts";
import { WatchPage } from "./watch/watch_page.tsx";

const root = document.querySelector("#app");
if (root === null) throw new Error("Cannot start the page: watch.html has no #app");
const steers = location.pathname.startsWith("/remote/");
const model = new WatchModel(new URL(`/ws${location.pathname}`, location.href.replace(/^http/, "ws")).href);
document.title = steers ? "Gradcast remote" : "Gradcast show";
render(<WatchPage model={model} steers={steers} />, root);
model.start();
