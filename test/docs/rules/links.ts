import { posix } from "node:path";
import { anchorsOf } from "../support/anchors.ts";
import type { Page } from "../support/page.ts";
import { proseOf } from "../support/prose.ts";

/** Finds relative links that lead nowhere: to a file that is not there, or to a heading that its page does not have. */
export function brokenLinks(pages: readonly Page[], exists: (path: string) => boolean): string[] {
  const byPath = new Map(pages.map((page) => [page.path, page]));
  return pages.flatMap((page) =>
    linksOf(page).flatMap(({ line, target }) => {
      const complaint = complaintOf(page, target, byPath, exists);
      return complaint === undefined ? [] : [`${page.path}:${line} ${complaint}`];
    }),
  );
}

interface Link {
  readonly line: number;
  readonly target: string;
}

function linksOf(page: Page): Link[] {
  return proseOf(page).flatMap((text, i) => {
    const withoutCode = text.replace(/`[^`]*`/g, "code");
    const inline = withoutCode.matchAll(/\]\(\s*<?([^)\s>]*)>?[^)]*\)/g);
    const defined = withoutCode.matchAll(/^\s*\[[^\]]+\]:\s*<?([^\s>]+)/g);
    return [...inline, ...defined].map(([, target = ""]) => ({ line: i + 1, target }));
  });
}

function complaintOf(
  page: Page,
  target: string,
  pages: ReadonlyMap<string, Page>,
  exists: (path: string) => boolean,
): string | undefined {
  if (/^[a-z][a-z+.-]*:/i.test(target)) return undefined;
  const [file = "", anchor] = target.split("#");
  if (file.startsWith("/")) return `links to "${target}": begin at the page, not at the root`;
  const path = file === "" ? page.path : posix.join(posix.dirname(page.path), file);
  if (path.startsWith("..")) return `links to "${target}", outside the repository`;
  if (!exists(path)) return `links to "${target}", but there is no "${path}"`;
  if (anchor === undefined) return undefined;
  const found = pages.get(path);
  if (found !== undefined && anchorsOf(found).has(anchor)) return undefined;
  return `links to "${target}", but "${path}" has no such heading`;
}
