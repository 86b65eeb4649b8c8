/** A value as a line of JSON carries it. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** How values of one type are written down and read again, without a loss. */
export interface ValueKind {
  /** Writes what the application sees of a value. */
  encode(value: unknown): JsonValue;
  /** Reads it again; `undefined` when it is no such value. */
  decode(value: JsonValue): unknown;
  /** Writes it into a cell of a CSV file. */
  toText(value: JsonValue): string;
  /** What a cell of a CSV file stands for; `undefined` when it cannot. */
  fromText(text: string): JsonValue | undefined;
  /** Says what is expected. */
  readonly expected: string;
}

/** Makes the kinds of values, for a database that keeps NaN or infinite numbers or does not. */
export function valueKinds(keeps: (value: number) => boolean) {
  const plain = (text: string) => text;
  const toText = (value: JsonValue) => (typeof value === "string" ? value : JSON.stringify(value));
  const string: ValueKind = {
    encode: (value) => String(value),
    toText,
    decode: (value) => (typeof value === "string" && isStorable(value) ? value : undefined),
    fromText: plain,
    expected: "a text without U+0000 or half a surrogate pair",
  };
  const number: ValueKind = {
    toText,
    encode: (value) => (Number.isFinite(Number(value)) ? Number(value) : String(value)),
    decode(value) {
      if (typeof value !== "number" && !unusual.has(value)) return undefined;
      const found = Number(value);
      return Number.isFinite(found) || keeps(found) ? found : undefined;
    },
    fromText: (text) => (unusual.has(text) ? text : numberOf(text)),
    expected: expectedNumber(keeps),
  };
  const integer: ValueKind = {
    ...number,
    decode: (value) => (Number.isSafeInteger(value) ? value : undefined),
    fromText: (text) => (/^[+-]?\d+$/.test(text) ? Number(text) : undefined),
    expected: "a whole number",
  };
  const bigint: ValueKind = {
    toText,
    encode: (value) => String(value),
    decode(value) {
      if (typeof value === "number") return Number.isSafeInteger(value) ? String(value) : undefined;
      return isWhole(value, -(2n ** 63n), 2n ** 63n) ? value : undefined;
    },
    fromText: plain,
    expected: "a whole number of 64 bits, as text where it is beyond 2^53",
  };
  const unsigned: ValueKind = {
    ...bigint,
    decode: (value) =>
      isWhole(typeof value === "number" ? String(value) : value, 0n, 2n ** 64n)
        ? String(value)
        : undefined,
  };
  const decimal: ValueKind = {
    toText,
    encode: (value) => String(value),
    decode(value) {
      if (typeof value === "number") return Number.isFinite(value) ? String(value) : undefined;
      return typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value) ? value : undefined;
    },
    fromText: plain,
    expected: "a decimal number",
  };
  const boolean: ValueKind = {
    toText,
    encode: (value) => (typeof value === "boolean" ? value : Number(value) !== 0),
    decode: (value) => (typeof value === "boolean" ? value : undefined),
    fromText: (text) => ({ true: true, false: false, 1: true, 0: false })[text.toLowerCase()],
    expected: "true or false",
  };
  const time: ValueKind = {
    toText,
    encode: (value) => (value instanceof Date ? value.toISOString() : String(value)),
    decode: (value) => (typeof value === "string" ? dateOf(value) : undefined),
    fromText: plain,
    expected: "a time such as 2026-01-31T12:00:00.000Z",
  };
  const day: ValueKind = {
    ...string,
    decode: (value) =>
      typeof value === "string" && isDay.test(value) && dateOf(value) ? value : undefined,
    expected: "a day such as 2026-01-31",
  };
  const bytes: ValueKind = {
    toText,
    encode: (value) => Buffer.from(value as Uint8Array).toString("base64"),
    decode(value) {
      if (typeof value !== "string") return undefined;
      const found = Buffer.from(value, "base64");
      return found.toString("base64") === value ? found : undefined;
    },
    fromText: plain,
    expected: "bytes in base64",
  };
  const json: ValueKind = {
    encode: (value) => value as JsonValue,
    toText: (value) => JSON.stringify(value),
    decode: (value) => (isSound(value, isPlain) ? value : undefined),
    fromText: jsonOf,
    expected: `JSON of no more than ${deepest} levels`,
  };
  const list: ValueKind = {
    ...json,
    decode: (value) =>
      Array.isArray(value) && isSound(value, (one) => isPlain(one) && isText(one))
        ? value
        : undefined,
    expected: "a JSON list, with no U+0000 and no half a surrogate pair in it",
  };
  const words = { string, boolean, time, day, bytes };
  return { ...words, number, integer, bigint, unsigned, decimal, json, list };
}

function isWhole(value: JsonValue, least: bigint, below: bigint): value is string {
  if (typeof value !== "string" || !/^-?\d{1,32}$/.test(value)) return false;
  return BigInt(value) >= least && BigInt(value) < below;
}

/** Looks at everything in a value, and that it is not so deep that others could not write it down; calls itself never. */
function isSound(value: JsonValue, isFine: (one: JsonValue) => boolean): boolean {
  let level: readonly JsonValue[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > deepest || !level.every(isFine)) return false;
    level = level.flatMap((one) => {
      if (typeof one !== "object" || one === null) return [];
      return Array.isArray(one) ? one : [...Object.keys(one), ...Object.values(one)];
    });
  }
  return true;
}

/** Anything but a number that JSON has no word for. */
function isPlain(value: JsonValue): boolean {
  return typeof value !== "number" || Number.isFinite(value);
}

function isText(value: JsonValue): boolean {
  return typeof value !== "string" || isStorable(value);
}

function expectedNumber(keeps: (value: number) => boolean): string {
  if (keeps(Number.NaN)) return "a number";
  return keeps(Number.POSITIVE_INFINITY) ? "a number other than NaN" : "a finite number";
}

/** Tells whether every engine keeps a text as it is. */
function isStorable(text: string): boolean {
  return !text.includes("\0") && text.isWellFormed();
}

function numberOf(text: string): number | undefined {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
}

/** `Date` takes the 31st of February for a day in March. */
function dateOf(text: string): Date | undefined {
  const [, year, month, day] = /^([+-]\d{6}|\d{4})-(\d\d)-(\d\d)/.exec(text) ?? [];
  if (day === undefined || !(isDay.test(text) || isTime.test(text))) return undefined;
  const last = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  const date = new Date(text.replace(" ", "T"));
  return Number(day) > last || Number.isNaN(date.getTime()) ? undefined : date;
}

function jsonOf(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const deepest = 1000;
const isDay = /^([+-]\d{6}|\d{4})-\d\d-\d\d$/;
const isTime = /^([+-]\d{6}|\d{4})-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)$/;
/** What JSON has no numbers for. */
const unusual: ReadonlySet<unknown> = new Set(["NaN", "Infinity", "-Infinity"]);
