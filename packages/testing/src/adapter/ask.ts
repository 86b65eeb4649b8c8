import { request as httpRequest } from "node:http";
import { text } from "node:stream/consumers";

/** An answer as a client sees it. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** As it was sent. */
  readonly text: string;
  /** The parsed text; `undefined` where it is no JSON. */
  readonly json: unknown;
}

/** What a client sends; a body is sent as JSON unless the headers say otherwise. */
export interface SentRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Sends one request on a connection of its own to a server of this machine; an empty host sends none. */
export async function ask(
  port: number,
  host: string,
  path: string,
  { body, method = body === undefined ? "GET" : "POST", headers = {} }: SentRequest = {},
): Promise<Answer> {
  const type = body === undefined ? {} : { "content-type": "application/json" };
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const sent = httpRequest({
    port,
    host: "127.0.0.1",
    path,
    method,
    headers: { ...type, ...headers, ...(host !== "" && { host }) },
    setHost: false,
    agent: false,
  });
  sent.on("error", reject).on("response", (response) => {
    const { statusCode = 0, headers: received } = response;
    text(response).then(
      (all) => resolve({ status: statusCode, headers: received, text: all, json: parsed(all) }),
      reject,
    );
  });
  sent.end(body);
  return promise;
}

function parsed(all: string): unknown {
  try {
    return JSON.parse(all);
  } catch {
    return undefined;
  }
}
