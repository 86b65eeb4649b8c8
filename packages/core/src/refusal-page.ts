import type { Refusal } from "./admission-options.ts";

/**
 * Makes a plain page of a refusal's message, for `admission: { page: refusalPage }`.
 *
 * @example createTenancy({ registry, admission: { page: refusalPage } });
 */
export function refusalPage({ status, message }: Pick<Refusal, "status" | "message">): string {
  const text = escaped(message);
  return [
    "<!doctype html>",
    '<html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width">',
    `<title>${status}</title></head>`,
    `<body><main><p>${text}</p></main></body></html>`,
  ].join("\n");
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
