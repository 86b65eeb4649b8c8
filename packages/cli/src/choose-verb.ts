import { commands } from "./command-table.ts";
import type { Catalogue } from "./messages/catalogue.ts";

/** Lets somebody choose until the words name a command; throws `InterruptedError` where Ctrl-C was pressed. */
export async function chooseVerb(
  argv: readonly string[],
  catalogue: Catalogue,
): Promise<readonly string[]> {
  const group = argv.join(" ");
  const message = catalogue.groups[group];
  if (message === undefined) return argv;
  const { select } = await import("@clack/prompts");
  const verb = await select({ message, options: verbsOf(group, catalogue), maxItems: 12 });
  if (typeof verb === "symbol") {
    const { InterruptedError } = await import("./errors.ts");
    throw new InterruptedError(catalogue.refusals.interrupted);
  }
  return chooseVerb([...argv, verb], catalogue);
}

function verbsOf(group: string, { groups, language }: Catalogue) {
  const verbs = new Map<string, string>();
  for (const { path, texts } of commands) {
    if (!path.startsWith(`${group} `)) continue;
    const [verb = "", ...more] = path.slice(group.length + 1).split(" ");
    verbs.set(verb, more.length > 0 ? (groups[`${group} ${verb}`] ?? "") : texts[language].brief);
  }
  return [...verbs].map(([value, hint]) => ({ value, label: value, hint }));
}
