import type { ServerResponse } from "node:http";
import type { AnswerHeaders } from "./request-exchange.ts";

/** For adapters: the headers of an answer of Node. */
export function nodeHeaders(
  response: Pick<ServerResponse, "hasHeader" | "setHeader" | "appendHeader">,
): AnswerHeaders {
  return {
    has: (name) => response.hasHeader(name),
    set: (name, value) => void response.setHeader(name, value),
    add: (name, value) => void response.appendHeader(name, value),
  };
}
