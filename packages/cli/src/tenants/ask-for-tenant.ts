import type { Tenancy } from "@af-tenancy/core";
import type { Session } from "../command/session.ts";
import { ask } from "../terminal/ask.ts";
import { everyStatus } from "./every-status.ts";

/** Lets somebody choose a tenant on the terminal, and find it by what is typed. */
export async function askForTenant(session: Session, tenancy: Tenancy): Promise<string> {
  const { autocomplete } = await import("@clack/prompts");
  const options: { value: string; label: string; hint: string }[] = [];
  const everybody = { statuses: everyStatus, limit: most };
  for await (const { id, slug, name, status } of tenancy.store.list(everybody)) {
    options.push({ value: `id:${id}`, label: slug, hint: `${name}, ${status}` });
  }
  const message = session.catalogue.words.which;
  return ask(session, () => autocomplete({ message, options, maxItems: 10 }));
}

/** More are not read to choose from: who has so many names one. */
const most = 500;
