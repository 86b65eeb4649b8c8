import type { TenancyRequest } from "./contracts/resolver.ts";
import { headerValues } from "./header-values.ts";

/** Tells whether a client asks for HTML at least as much as for JSON (RFC 9110, 12.5.1); who takes anything does not. */
export function prefersHtml({ rawHeaders }: Pick<TenancyRequest, "rawHeaders">): boolean {
  const ranges = headerValues(rawHeaders, "accept").join(",").split(",").map(rangeOf);
  const html = qualityOf(ranges, "text/html", "text/*");
  const json = qualityOf(ranges, "application/json", "application/*");
  return html > 0 && html >= json;
}

interface MediaRange {
  readonly type: string;
  readonly quality: number;
}

function rangeOf(text: string): MediaRange {
  const [type = "", ...parameters] = text.split(";").map((part) => part.trim().toLowerCase());
  const given = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2) ?? "1";
  const quality = /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(given) ? Number(given) : 0;
  return { type, quality };
}

/** What is named exactly counts more than its family. */
function qualityOf(ranges: readonly MediaRange[], ...names: readonly string[]): number {
  for (const name of names) {
    const found = ranges.find(({ type }) => type === name);
    if (found !== undefined) return found.quality;
  }
  return 0;
}
