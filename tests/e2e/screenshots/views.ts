/** The views that pictures are taken of: how each is reached from a live page that shows espresso. */
import type { Page } from "playwright-core";
import { ffmpeg } from "../../support/videos.ts";

/** A view of the page. */
export interface View {
  readonly name: string;
  /** Leads to the view and waits until it is complete; returns the page to take a picture of. */
  reach(page: Page): Promise<Page>;
}

/** The trust meters take some hundred rows, on two cores some seconds. */
const MEASURING_MS = 60_000;

/** A small model that is opened as people open theirs. */
const OWN_MODEL = "tests/reference/keras/convolutional.keras";

function view(name: string, reach: (page: Page) => Promise<void>): View {
  return {
    name,
    async reach(page) {
      await reach(page);
      return page;
    },
  };
}

/** Opens a panel beside the picture by its button: after a key its heading would have the ring of the focus. */
async function openPanel(page: Page, id: string): Promise<void> {
  await page.getByTestId(`show-${id}`).click();
  await page.getByTestId(`drawer-${id}`).locator(".drawer-body > :not([role=status])").first().waitFor();
}

/** Records until the clock reads two seconds. */
async function record(page: Page): Promise<void> {
  await page.keyboard.press("r");
  await page.getByTestId("record-time").getByText("0:02").waitFor();
}

/** Teaches a cup and a cat, and waits until the page tells which it sees. */
async function teach(page: Page): Promise<void> {
  await openPanel(page, "teach");
  await page.getByTestId("teach-new").click();
  await collect(page, 1, "my cup");
  await page.getByTitle("Sample: Cat").click();
  await collect(page, 2, "my cat");
  await page.getByTestId("start-camera").click();
  await page.getByTestId("top-label").getByText("my cup").waitFor({ timeout: MEASURING_MS });
}

/** Names a class, and holds its button until it has ten pictures. */
async function collect(page: Page, place: number, name: string): Promise<void> {
  const row = page.getByTestId(`class-${place}`);
  await row.getByTestId("class-name").fill(name);
  await row.getByTestId("class-name").press("Enter");
  await row.getByTestId("hold").hover();
  await page.mouse.down();
  // Its own count alone: the row begins with the class's number.
  await row.getByTestId("class-count").getByText(/^[1-9]\d pictures$/).waitFor();
  await page.mouse.up();
}

/** A video of two seconds, in the browser's own folder of temporary files. */
async function shortVideo(): Promise<string> {
  const path = await Deno.makeTempFile({ prefix: "gradcast-view-", suffix: ".mp4" });
  const photo = "tests/fixtures/photos/coffee.png";
  await ffmpeg("ffmpeg", [
    ...["-y", "-loop", "1", "-i", photo, "-t", "2", "-r", "6", "-vf", "scale=640:-2", "-pix_fmt", "yuv420p"],
    path,
  ]);
  return path;
}

async function share(page: Page): Promise<void> {
  await openPanel(page, "watch");
  await page.getByTestId("show-start").click();
  await page.getByTestId("show-count").waitFor();
}

/** A view of the page of tables, opened beside the live page. */
function tables(name: string, reach: (page: Page) => Promise<void>): View {
  return {
    name,
    async reach(page) {
      const other = await page.context().newPage();
      await other.goto(new URL("/tables", page.url()).href);
      await other.getByTestId("sample-iris").waitFor();
      await reach(other);
      return other;
    },
  };
}

/** Every view. */
export const VIEWS: readonly View[] = [
  view("page", () => Promise.resolve()),
  view("methods", async (page) => {
    await page.getByTestId("method").click();
    await page.getByTestId("method-search").waitFor();
  }),
  view("same-panes", async (page) => {
    await page.keyboard.press("g");
    await page.getByTestId("add-pane").selectOption("method");
    await page.getByTestId("pane-4").getByTestId("pane-edit").click();
    await page.getByTestId("pane-method").selectOption("hirescam");
    await page.getByTestId("pane-4").getByTestId("pane-edit").click();
    await page.getByTestId("same-panes").waitFor();
  }),
  view("tour", async (page) => {
    await page.getByTestId("tour-start").click();
    for (const _step of ["glow", "cover"]) await page.getByTestId("tour-next").click();
    await page.getByTestId("covered").waitFor();
    await page.getByTestId("tour-next").click();
    await page.getByTestId("tour-said").getByText("falls from").waitFor();
  }),
  view("compare", async (page) => {
    await page.keyboard.press("g");
    for (const id of [1, 2]) {
      await page.getByTestId(`pane-${id}`).getByTestId("pane-figures").getByText("cost").waitFor();
    }
  }),
  view("model-menu", async (page) => {
    await page.getByTestId("model-menu").click();
    await page.getByTestId("open-model").waitFor();
  }),
  view("compare-models", async (page) => {
    await page.keyboard.press("g");
    await page.getByTestId("add-pane").selectOption("model");
    const figures = page.getByTestId("pane-4").getByTestId("pane-figures");
    await figures.getByText("cost").waitFor({ timeout: MEASURING_MS });
  }),
  view("models", async (page) => {
    await openPanel(page, "models");
    await page.getByTestId("model-files").setInputFiles(OWN_MODEL);
    await page.getByTestId("try-presets").click({ timeout: MEASURING_MS });
    await page.getByTestId("presets").waitFor({ timeout: MEASURING_MS });
  }),
  view("inside", async (page) => {
    await page.getByTestId("freeze").click();
    await openPanel(page, "inside");
    await page.getByTestId("inside-list").click();
    await page.getByTestId("top-channels").waitFor();
    await page.getByTestId("inside-layer").evaluate((heading) => heading.scrollIntoView());
  }),
  view("network", async (page) => {
    await openPanel(page, "inside");
    await page.getByTestId("network-picture").waitFor();
    await page.getByTestId("network").evaluate((section) => section.scrollIntoView());
  }),
  view("network-channel", async (page) => {
    await openPanel(page, "inside");
    await page.locator(".network-channel").nth(12).click();
    await page.getByTestId("liked").locator("li").nth(1).waitFor();
    await page.getByTestId("liked").evaluate((section) => section.scrollIntoView());
  }),
  view("trust", async (page) => {
    await openPanel(page, "trust");
    await page.getByTestId("trust-start").click();
    await page.locator('[data-testid="trust"][data-state="done"]').waitFor({ timeout: MEASURING_MS });
    await page.getByTestId("trust-verdict").evaluate((verdict) => verdict.scrollIntoView());
  }),
  view("cover", async (page) => {
    await openPanel(page, "cover");
    const box = await page.getByTestId("cover-paint").boundingBox();
    if (box === null) throw new Error("Cannot paint: the picture is not there");
    await page.mouse.move(box.x + 0.35 * box.width, box.y + 0.25 * box.height);
    await page.mouse.down();
    await page.mouse.move(box.x + 0.7 * box.width, box.y + 0.45 * box.height, { steps: 8 });
    await page.mouse.up();
    await page.getByTestId("change").first().waitFor();
  }),
  view("every-frame", async (page) => {
    await openPanel(page, "every-frame");
    await page.getByTestId("every-frame-file").setInputFiles(await shortVideo());
    await page.locator('[data-testid="every-frame-entry"][data-phase="done"]').waitFor({
      timeout: MEASURING_MS,
    });
    await page.getByTestId("every-frame-save").evaluate((button) => button.scrollIntoView({ block: "end" }));
  }),
  view("about", async (page) => {
    await openPanel(page, "about");
    await page.getByTestId("about").waitFor();
  }),
  view("log", async (page) => {
    await openPanel(page, "log");
    await page.getByTestId("log-switch").check();
    await page.getByTestId("log-entry").first().waitFor();
  }),
  view("record", async (page) => {
    await record(page);
    await page.keyboard.press("x");
  }),
  view("preview", async (page) => {
    await record(page);
    await page.keyboard.press("r");
    await page.getByTestId("preview").waitFor();
    await page.getByTestId("video-time").getByText(/0:0[^0]$/).waitFor();
  }),
  view("clips", async (page) => {
    await record(page);
    await page.keyboard.press("r");
    await page.getByTestId("preview-keep").click();
    await page.getByTestId("preview").waitFor({ state: "detached" });
    await openPanel(page, "clips");
    await page.getByTestId("clip").first().waitFor();
  }),
  view("share", share),
  {
    name: "watch",
    async reach(page) {
      await share(page);
      const link = await page.getByTestId("watch-link").inputValue();
      const other = await page.context().newPage();
      await other.goto(link);
      await other.getByTestId("watch-state").getByText("live", { exact: true }).waitFor();
      return other;
    },
  },
  tables("tables-start", () => Promise.resolve()),
  tables("tables", async (page) => {
    await page.getByTestId("sample-breast-cancer").click();
    await page.getByTestId("report").waitFor({ timeout: MEASURING_MS });
    await page.getByTestId("path-list").waitFor();
    // The drawing is what the page is about.
    await page.getByTestId("head-view").evaluate((card) => card.scrollIntoView());
  }),
  view("present", async (page) => {
    await page.keyboard.press("p");
  }),
  view("classes", async (page) => {
    await page.locator("input[data-testid=class-lock]").fill("terrier");
    await page.getByRole("listbox").waitFor();
  }),
  view("help", async (page) => {
    await page.keyboard.press("?");
  }),
  // What is taught stays on the server, and in its list of models: these come last.
  view("teach", teach),
  view("teach-why", async (page) => {
    await teach(page);
    await page.getByTestId("show-part-why").click();
    await page.getByTestId("head-tree").check();
    await page.getByTestId("path-list").waitFor({ timeout: MEASURING_MS });
    await page.getByTestId("head-drawing").evaluate((part) => part.scrollIntoView());
  }),
  view("teach-check", async (page) => {
    await teach(page);
    await page.getByTestId("show-part-check").click();
    await page.getByTestId("check-clues").click();
    await page.getByTestId("clues").waitFor({ timeout: MEASURING_MS });
  }),
];
