/** Writes a name as an identifier. */
export function quoted(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}
