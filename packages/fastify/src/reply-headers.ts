import { type AnswerHeaders, nodeHeaders } from "@af-tenancy/core";
import type { FastifyReply, FastifyRequest } from "fastify";

/** The headers of an answer of Fastify, which keeps them itself until it sends them. */
export class ReplyHeaders implements AnswerHeaders {
  readonly #reply: FastifyReply;

  constructor(reply: FastifyReply) {
    this.#reply = reply;
  }

  has(name: string): boolean {
    return this.#reply.hasHeader(name) || this.#reply.raw.hasHeader(name);
  }

  set(name: string, value: string): void {
    this.#reply.header(name, value);
  }

  /** Cookies stand on the answer of Node; those of the reply would take their place, but for `joinCookies`. */
  add(name: string, value: string): void {
    const reply = this.#reply;
    const present = reply.getHeader(name);
    if (name === "Set-Cookie") nodeHeaders(reply.raw).add(name, value);
    else reply.header(name, present === undefined ? value : `${String(present)}, ${value}`);
  }
}

/** A hook `onSend`: has the cookies that stand on the answer of Node sent beside those of the reply. */
export function joinCookies(
  _request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  done: (error: null, payload: unknown) => void,
): void {
  const cookies = reply.raw.getHeader("set-cookie");
  if (cookies !== undefined && reply.hasHeader("set-cookie")) {
    reply.header("set-cookie", cookies as string[]);
  }
  done(null, payload);
}
