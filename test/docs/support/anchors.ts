import type { Page } from "./page.ts";
import { proseOf } from "./prose.ts";

/** Gives the anchors of a page: one for each heading, as GitHub makes them. */
export function anchorsOf(page: Page): Set<string> {
  const anchors = new Set<string>();
  for (const line of proseOf(page)) {
    const heading = /^ {0,3}#{1,6}\s+(.*?)\s*#*$/.exec(line)?.[1];
    if (heading === undefined) continue;
    const anchor = anchorOf(heading);
    let free = anchor;
    for (let i = 1; anchors.has(free); i++) free = `${anchor}-${i}`;
    anchors.add(free);
  }
  return anchors;
}

function anchorOf(heading: string): string {
  return heading
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/\s/g, "-");
}
