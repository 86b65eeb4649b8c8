/** One statement as PostgreSQL reads it: its words and names in lower case and its signs, without texts and comments. */
export type SqlStatement = readonly string[];

/** How a session reads texts. */
export interface SqlTexts {
  /** A backslash takes the meaning from the quote after it in every text, as without `standard_conforming_strings`. */
  readonly backslashEscapes: boolean;
}

/**
 * Cuts SQL into its statements the way PostgreSQL does, so that no word of a text, a dollar-quoted body or a comment is
 * taken for one of the language. A text stands as `''`, and a name with Unicode escapes as `u&""`. Gives `undefined` where
 * a text, a name or a comment is left open.
 */
export function sqlStatements(
  sql: string,
  { backslashEscapes }: SqlTexts = { backslashEscapes: false },
): readonly SqlStatement[] | undefined {
  const statements: string[][] = [[]];
  const reader = new RegExp(backslashEscapes ? escapedPieces : plainPieces);
  for (let found = reader.exec(sql); found !== null; found = reader.exec(sql)) {
    const { comment, open, escaped, text, name, word, sign } = found.groups ?? {};
    if (comment !== undefined) {
      const end = comment.startsWith("--") ? reader.lastIndex : endOfComment(sql, found.index);
      if (end === undefined) return undefined;
      reader.lastIndex = end;
    } else if (open !== undefined) return undefined;
    else if (sign === ";") statements.push([]);
    else statements.at(-1)?.push(said({ escaped, text, name, word, sign }));
  }
  return statements.filter((statement) => statement.length > 0);
}

type Piece = Readonly<Record<"escaped" | "text" | "name" | "word" | "sign", string | undefined>>;

function said({ escaped, text, name, word, sign = "" }: Piece): string {
  if (escaped !== undefined) return 'u&""';
  if (text !== undefined) return "''";
  if (name !== undefined) return name.slice(1, -1).replaceAll('""', '"').toLowerCase();
  return word?.toLowerCase() ?? sign;
}

/** Where a comment ends, which may hold others. */
function endOfComment(sql: string, start: number): number | undefined {
  const marks = /\/\*|\*\//g;
  marks.lastIndex = start;
  let depth = 0;
  for (let mark = marks.exec(sql); mark !== null; mark = marks.exec(sql)) {
    depth += mark[0] === "/*" ? 1 : -1;
    if (depth === 0) return marks.lastIndex;
  }
  return undefined;
}

/** A text goes on in the next line, and a backslash keeps its meaning there. */
const nextLine = "[ \\t\\f\\v]*[\\n\\r](?:[ \\t\\f\\v\\n\\r]|--[^\\n\\r]*[\\n\\r])*";
const escapes = "'(?:[^'\\\\]|''|\\\\[\\s\\S])*'";

/** To the server every character beyond ASCII is part of a name, also spaces and signs. */
const letter = "[a-z_\\u{80}-\\u{10ffff}]";
const tag = `(?:${letter}(?:${letter}|\\d)*)?`;

const plainPieces = piecesWith(`e${escapes}(?:${nextLine}${escapes})*|'(?:[^']|'')*'`);
const escapedPieces = piecesWith(`e?${escapes}(?:${nextLine}${escapes})*`);

function piecesWith(texts: string): RegExp {
  return new RegExp(
    [
      "(?<comment>--[^\\n\\r]*|/\\*)",
      '(?<escaped>u&"(?:[^"]|"")*")',
      `(?<text>${texts}|\\$(?<tag>${tag})\\$[\\s\\S]*?\\$\\k<tag>\\$)`,
      '(?<name>"(?:[^"]|"")*")',
      `(?<word>${letter}(?:${letter}|[\\d$])*)`,
      `(?<open>['"]|\\$${tag}\\$)`,
      "(?<sign>[^ \\t\\n\\r\\f\\v])",
    ].join("|"),
    "giu",
  );
}
