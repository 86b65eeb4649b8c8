import type { CentralRegistry } from "@af-tenancy/core";
import { composeApplication } from "../config/compose-application.ts";
import { inTime } from "../config/in-time.ts";
import { loadOptions, locateConfig } from "../config/load-options.ts";
import type { Catalogue } from "../messages/catalogue.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { everyStatus } from "./every-status.ts";

/** Where slugs are looked for. */
export interface Proposing {
  readonly terminal: Terminal;
  readonly catalogue: Catalogue;
  /** The configuration that was named. */
  readonly config: string | undefined;
}

/**
 * Gives slugs that begin so. Whoever asks is amid a line: where the registry does not tell in a second, or as long as
 * `AF_TENANCY_COMPLETION_MS` says, there are none, and nothing is said. No database of a tenant is opened.
 */
export async function proposeSlugs(
  begun: string,
  { terminal, catalogue, config }: Proposing,
): Promise<readonly string[]> {
  terminal.silence?.();
  const look = async () => {
    const path = await locateConfig(terminal.folder, config, catalogue);
    const options = await loadOptions(path, catalogue);
    const { registry } = options;
    if (registry === undefined) return [];
    await composeApplication(options);
    return slugsIn(registry, begun);
  };
  const milliseconds = Number(terminal.environment.AF_TENANCY_COMPLETION_MS) || 1_000;
  return inTime("load", look(), { milliseconds, catalogue }).catch(() => []);
}

async function slugsIn(registry: CentralRegistry, begun: string): Promise<readonly string[]> {
  const found: string[] = [];
  try {
    await registry.start?.();
    for await (const { slug } of registry.store.list({ statuses: everyStatus })) {
      // Other stores may have what a shell would take for something else.
      if (slug.startsWith(begun) && /^[a-z0-9-]+$/.test(slug)) found.push(slug);
      if (found.length === most) break;
    }
    return found;
  } finally {
    await registry.close?.();
  }
}

/** More than this nobody reads. */
const most = 200;
