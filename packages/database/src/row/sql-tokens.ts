/** One piece of SQL text. */
export interface SqlToken {
  readonly kind: "word" | "quoted" | "text" | "comment" | "sign";
  /** Words in lower case, everything else as it stands. */
  readonly text: string;
}

/** How a dialect writes texts. */
export interface SqlTexts {
  /** A backslash takes the meaning from the quote after it. */
  readonly backslashEscapes: boolean;
}

/**
 * Cuts SQL into tokens; `undefined` where a quote, name or comment is left open, or a comment runs to the end of its line.
 */
export function sqlTokens(sql: string, { backslashEscapes }: SqlTexts): SqlToken[] | undefined {
  const pattern = backslashEscapes ? escapedTokens : plainTokens;
  const tokens: SqlToken[] = [];
  for (const { 0: text, groups } of sql.matchAll(pattern)) {
    if (groups?.open !== undefined) return undefined;
    if (groups?.word !== undefined) tokens.push({ kind: "word", text: text.toLowerCase() });
    else if (groups?.comment !== undefined) tokens.push({ kind: "comment", text });
    else if (groups?.name !== undefined) tokens.push({ kind: "quoted", text });
    else if (groups?.text !== undefined) tokens.push({ kind: "text", text });
    else if (groups?.sign !== undefined) tokens.push({ kind: "sign", text });
  }
  return tokens;
}

/** Comments that a server runs (`/*!`) count as open, and so does what begins a comment to the end of the line. */
const rest =
  "(?<comment>/\\*(?!M?!)[\\s\\S]*?\\*/)|(?<open>--|#|/\\*|['\"`])|(?<word>[\\p{L}_][\\p{L}\\p{N}_$]*)|(?<sign>\\|\\||[(),;])";

const plainTokens = new RegExp(
  `(?<text>'(?:[^']|'')*')|(?<name>"(?:[^"]|"")*"|\`(?:[^\`]|\`\`)*\`)|${rest}`,
  "gu",
);

const escapedTokens = new RegExp(
  `(?<text>'(?:[^'\\\\]|''|\\\\[\\s\\S])*'|"(?:[^"\\\\]|""|\\\\[\\s\\S])*")|(?<name>\`(?:[^\`]|\`\`)*\`)|${rest}`,
  "gu",
);
