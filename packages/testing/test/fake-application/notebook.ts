import { type ValueKey, valueKey } from "@af-tenancy/core";

/** The tenant's notes, as both drivers of this application give them. */
export interface Notebook {
  write(key: string, text: string): Promise<void>;
  read(key: string): Promise<string | undefined>;
  all(): Promise<Readonly<Record<string, string>>>;
}

/** The notebook of the tenant in whose scope it is read. */
export const NOTEBOOK: ValueKey<Notebook> = valueKey("fake-application:notebook");
