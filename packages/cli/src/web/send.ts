import { request as plain } from "node:http";
import { request as secure } from "node:https";

/** What is sent, and how long an answer may take. */
export interface Message {
  readonly url: URL;
  readonly method?: "GET" | "POST";
  /** Also `host`, which `fetch` does not let through. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** What came back. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text: string;
}

/** Sends one request and reads the whole answer; redirects are not followed. Rejects where none came in time. */
export function send({
  url,
  method = "GET",
  headers = {},
  body,
  timeoutMs,
  signal,
}: Message): Promise<Answer> {
  const request = url.protocol === "https:" ? secure : plain;
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, signal: limit, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      let length = 0;
      response.on("data", (chunk: Buffer) => {
        chunks.push(chunk);
        length += chunk.length;
        if (length > mostBytes) sent.destroy(new RangeError(`more than ${mostBytes} bytes`));
      });
      response.on("error", reject);
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
    });
    sent.on("error", (error) => reject(limit.aborted ? limit.reason : error));
    sent.end(body);
  });
}

/** Reads an address of the web; `undefined` for anything else. */
export function webUrl(text: string): URL | undefined {
  const url = URL.parse(text);
  return url?.protocol === "http:" || url?.protocol === "https:" ? url : undefined;
}

const mostBytes = 16 * 2 ** 20;
