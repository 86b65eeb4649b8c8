/**
 * Gives the part of a file that a page shows: the whole file, or the parts between `// #region name` and
 * `// #endregion`, each dedented, with an empty line between them. `undefined` when there is no such region.
 */
export function sampleText(file: string, region: string | undefined): string | undefined {
  if (region === undefined) return file.trimEnd();
  const lines = file.split("\n");
  const parts: string[] = [];
  for (let i = 0; i < lines.length; i++) {
    if (lines[i]?.trim() !== `// #region ${region}`) continue;
    const end = lines.findIndex((line, at) => at > i && line.trim().startsWith("// #"));
    if (lines[end]?.trim() !== "// #endregion") return undefined;
    parts.push(dedented(lines.slice(i + 1, end)));
  }
  return parts.length === 0 ? undefined : parts.join("\n\n");
}

function dedented(lines: readonly string[]): string {
  const indents = lines.filter((line) => line.trim() !== "").map((line) => line.search(/\S/));
  const columns = Math.min(...indents);
  return lines
    .map((line) => line.slice(columns))
    .join("\n")
    .replace(/^\n+|\s+$/g, "");
}
