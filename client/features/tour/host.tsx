import { X } from "lucide-preact";
import type { Tour } from "./tour.ts";

/** The tour over the page, or nothing. */
export function TourHost({ tour }: { readonly tour: Tour }) {
  const running = tour.running.value;
  return running === null ? null : <running.Callout guide={running.guide} />;
}

/** Offers the tour once, on a first visit. */
export function TourOffer({ tour }: { readonly tour: Tour }) {
  if (!tour.isOffered()) return null;
  return (
    <section class="card tour-offer" aria-label="Tour" data-testid="tour-offer">
      <button type="button" class="button" data-testid="tour-start" onClick={() => tour.start()}>
        New here? Take the tour of a minute
      </button>
      <button type="button" class="icon-button" aria-label="No tour" onClick={() => tour.dismiss()}>
        <X aria-hidden="true" />
      </button>
    </section>
  );
}
