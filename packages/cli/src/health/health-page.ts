import { rename, writeFile } from "node:fs/promises";
import type { HealthOutput } from "../outputs/health-output.ts";

/** Texts of the page. */
export interface PageTexts {
  readonly title: string;
  readonly columns: {
    readonly check: string;
    readonly status: string;
    readonly message: string;
    readonly actions: string;
  };
}

/** Writes the page in one step, so that nobody reads half of one. */
export async function writeHealthPage(file: string, page: string): Promise<void> {
  const draft = `${file}.${process.pid}.draft`;
  await writeFile(draft, page);
  await rename(draft, file);
}

/** Makes a page of what was seen. Names and messages are data: every one of them is escaped, and nothing in it runs. */
export function healthPage(
  { status, at, checks }: HealthOutput,
  language: string,
  { title, columns }: PageTexts,
): string {
  const cells = (texts: readonly string[], tag: string) =>
    texts.map((text) => `<${tag}>${escaped(text)}</${tag}>`).join("");
  const rows = checks.map(
    ({ check, subject, status: state, message, actions }) =>
      `<tr class="${state}">${cells([[check, subject].filter(Boolean).join(" "), state, message, actions.join("; ")], "td")}</tr>`,
  );
  return `<!doctype html>
<html lang="${escaped(language)}">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(`${title}: ${status}`)}</title>
<style>
body { font-family: sans-serif; margin: 2em; }
td, th { padding: 0.3em 1em; text-align: left; border-bottom: 1px solid #ccc; }
.healthy td:nth-child(2) { color: #060; }
.warning td:nth-child(2) { color: #850; }
.unhealthy td:nth-child(2) { color: #a00; font-weight: bold; }
</style>
<h1>${escaped(`${title}: ${status}`)}</h1>
<p>${escaped(at)}</p>
<table>
<tr>${cells([columns.check, columns.status, columns.message, columns.actions], "th")}</tr>
${rows.join("\n")}
</table>
</html>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}
