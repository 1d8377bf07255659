import { CircleHelp, Link, Maximize, Moon, Presentation, Sun } from "lucide-preact";
import { ModelPicker } from "../features/models/mod.ts";
import type { Page } from "./page.ts";
import { otherTheme } from "../view/theme.ts";
import { ActionButton } from "../ui/action_button.tsx";
import { StatusLine } from "./status_line.tsx";

/** The bar at the top: whose page this is, how the connection stands, and tools. */
export function Header({ page }: { readonly page: Page }) {
  const model = page.live.welcome.value?.model;
  const toDark = otherTheme(page.settings.value.theme) === "dark";
  return (
    <header class="header">
      <h1 class="brand">
        <img src="/favicon.svg" alt="" width="28" height="28" />
        Gradcast
      </h1>
      {model !== undefined && (
        <ModelPicker
          layers={page.layers}
          model={model}
          listed={page.live.models.listed}
          loading={page.live.models.loading}
          wanted={page.view.state.value.wanted?.model ?? null}
          onChoose={(id) => page.view.setModel(id)}
          onCancel={() => page.view.keepModel()}
          onOpen={() => page.drawer.value = "models"}
        />
      )}
      <StatusLine page={page} />
      <div class="tools">
        <ActionButton action={page.action("copy-link")} class="icon-button wide-only">
          <Link aria-hidden="true" />
        </ActionButton>
        <ActionButton action={page.action("present")} class="icon-button wide-only">
          <Presentation aria-hidden="true" />
        </ActionButton>
        <ActionButton action={page.action("theme")} class="icon-button wide-only">
          {toDark ? <Moon aria-hidden="true" /> : <Sun aria-hidden="true" />}
        </ActionButton>
        <ActionButton action={page.action("fullscreen")}>
          <Maximize aria-hidden="true" />
        </ActionButton>
        <ActionButton action={page.action("help")}>
          <CircleHelp aria-hidden="true" />
        </ActionButton>
      </div>
    </header>
  );
}
