import { DataFormatError } from "./data-errors.ts";
import { isObject, refuse } from "./data-options.ts";

/** What is read: bytes, as of a file or a request, or text. */
export type DataSource = AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>;

/** Tells whether a value can be read piece by piece: not a text or bytes, whose pieces are characters and numbers. */
export function isSource(value: unknown): boolean {
  if (Array.isArray(value)) return true;
  if (!isObject(value) || value instanceof Uint8Array) return false;
  return Symbol.asyncIterator in value || Symbol.iterator in value;
}

/** Text that arrives in pieces, and how much of it there was. */
export interface TextInput {
  readonly text: AsyncIterable<string>;
  readonly bytes: number;
}

/** Reads UTF-8 with or without a byte order mark; throws `DataFormatError` for what is something else. */
export function readText(from: DataSource, signal: AbortSignal | undefined): TextInput {
  let bytes = 0;
  return {
    get bytes() {
      return bytes;
    },
    text: decode(abortable(from, signal), (count) => {
      bytes += count;
    }),
  };
}

async function* decode(
  from: AsyncIterable<Uint8Array | string>,
  count: (bytes: number) => void,
): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let isFirst = true;
  let half = "";
  for await (const chunk of from) {
    let bytes = chunk;
    if (typeof bytes === "string") {
      const text = half + bytes;
      half = /[\ud800-\udbff]$/.exec(text)?.[0] ?? "";
      bytes = Buffer.from(text.slice(0, text.length - half.length));
    } else if (!(bytes instanceof Uint8Array))
      refuse("from", bytes, "give pieces of text or bytes");
    if (bytes.length === 0) continue;
    if (isFirst) refuseWide(bytes);
    isFirst = false;
    if (bytes.includes(0)) throw new DataFormatError("U+0000 stands in it", asUtf8);
    count(bytes.byteLength);
    yield decoded(() => decoder.decode(bytes, { stream: true }));
  }
  yield decoded(() => decoder.decode()) + half;
}

function decoded(decode: () => string): string {
  try {
    return decode();
  } catch (cause) {
    throw new DataFormatError("it is not UTF-8", asUtf8, undefined, { cause });
  }
}

/** The byte order mark of UTF-16, and of UTF-32 in its more common order. */
function refuseWide([first, second]: Uint8Array): void {
  const isWide = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  if (isWide) throw new DataFormatError("it is UTF-16", asUtf8);
}

const asUtf8 = 'save it as UTF-8, which spreadsheets call "CSV UTF-8"';

/** Ends with the signal also while nothing arrives. */
async function* abortable<T>(
  from: AsyncIterable<T> | Iterable<T>,
  signal: AbortSignal | undefined,
): AsyncGenerator<T> {
  if (signal === undefined) {
    yield* from;
    return;
  }
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  aborted.catch(() => undefined);
  const abort = () => reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  const iterator =
    Symbol.asyncIterator in from ? from[Symbol.asyncIterator]() : from[Symbol.iterator]();
  try {
    while (true) {
      const next = await Promise.race([iterator.next(), aborted]);
      if (next.done) return;
      yield next.value;
    }
  } finally {
    signal.removeEventListener("abort", abort);
    // What waits for a next piece would wait for it here too.
    Promise.resolve(iterator.return?.()).catch(() => undefined);
  }
}
