import { request } from "node:http";
import { json } from "node:stream/consumers";

/** What a browser got: the status and the body, and the cookie that it was told to keep, as it was sent. */
export interface Visit {
  readonly status: number;
  readonly body: unknown;
  readonly setCookie: string | undefined;
}

/** A browser that keeps one cookie per host and shows it, and may be given another. */
export class Browser {
  readonly cookies = new Map<string, string>();
  readonly #port: number;

  constructor(port: number) {
    this.#port = port;
  }

  async get(host: string, path: string, headers: Record<string, string> = {}): Promise<Visit> {
    const cookie = this.cookies.get(host);
    const sent = { ...(cookie !== undefined && { cookie }), ...headers };
    const { status, body, kept } = await this.#ask(host, path, sent);
    const pairs = kept.map((one) => one.split(";", 1)[0] ?? "");
    if (pairs.length > 0) this.cookies.set(host, pairs.join("; "));
    return { status, body, setCookie: kept[0] };
  }

  async #ask(host: string, path: string, headers: Record<string, string>) {
    const { promise, resolve, reject } = Promise.withResolvers<Asked>();
    const to = { host: "127.0.0.1", port: this.#port, path, setHost: false, agent: false };
    request({ ...to, headers: { ...headers, host } }, (response) => {
      const kept = response.headers["set-cookie"] ?? [];
      const { statusCode: status = 0 } = response;
      json(response).then((body) => resolve({ status, body, kept }), reject);
    })
      .on("error", reject)
      .end();
    return promise;
  }
}

interface Asked {
  readonly status: number;
  readonly body: unknown;
  readonly kept: readonly string[];
}
