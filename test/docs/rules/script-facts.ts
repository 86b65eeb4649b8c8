import { codeBlocks } from "../support/code-blocks.ts";
import type { Page } from "../support/page.ts";
import { proseOf } from "../support/prose.ts";
import type { Fact } from "./differences.ts";

/** Lists the scripts of a `package.json`. */
export function scriptFacts(path: string, text: string): Fact[] {
  const { scripts = {} } = JSON.parse(text) as { readonly scripts?: Record<string, string> };
  return Object.keys(scripts).map((name) => ({ name, says: "", at: path }));
}

/** Lists what a page runs as `pnpm <script>`, in code only and each once; `other` names are no scripts. */
export function namedScripts(page: Page, other: readonly string[]): Fact[] {
  const inline = proseOf(page).flatMap((line) => line.match(/`[^`]+`/g) ?? []);
  const code = [...inline, ...codeBlocks(page).map(({ text }) => text)].join("\n");
  const names = [...code.matchAll(/\bpnpm(?:@\d+)? ([a-z][a-z0-9:]*)/g)].map(
    ([, name = ""]) => name,
  );
  return [...new Set(names)]
    .filter((name) => !other.includes(name))
    .map((name) => ({ name, says: "", at: page.path }));
}
