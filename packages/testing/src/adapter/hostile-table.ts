import { hostileHosts } from "./hostile-hosts.ts";
import { hostileTargets } from "./hostile-targets.ts";

/** One request as it goes over the wire. */
export interface HostileRequest {
  readonly name: string;
  /** One character for each byte. */
  readonly bytes: string;
}

/** Requests as attackers and broken clients send them, byte by byte: more than 150. */
export function hostileTable(): readonly HostileRequest[] {
  return [
    ...hostileHosts.map((host) => row(`Host: ${host}`, { host })),
    ...hostileTargets.map((target) => row(`target ${target}`, { target })),
    ...headers.map((lines) => row(`headers ${lines}`, { lines })),
    ...methods.map((method) => row(`method ${method}`, { method })),
    ...bodies.map(([lines, body]) => row(`body ${lines} ${body}`, { method: "POST", lines, body })),
    ...whole.map((bytes) => ({ name: `bytes ${JSON.stringify(bytes).slice(0, 80)}`, bytes })),
  ];
}

interface Parts {
  readonly method?: string;
  readonly target?: string;
  readonly host?: string;
  readonly lines?: string;
  readonly body?: string;
}

function row(name: string, parts: Parts): HostileRequest {
  const { method = "GET", target = "/", host = "acme.localhost", lines = "", body = "" } = parts;
  const bytes = `${method} ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${lines}\r\n${body}`;
  return { name: JSON.stringify(name).slice(0, 80), bytes };
}

const headers: readonly string[] = [
  "Host: acme.localhost\r\n",
  "Host: globex.localhost\r\n",
  "hOST: acme.localhost\r\n",
  "Host : globex.localhost\r\n",
  " Host: globex.localhost\r\n",
  "Host\x00: globex.localhost\r\n",
  "X-Forwarded-Host: globex.localhost\r\n",
  "X-Forwarded-Host: globex.localhost, acme.localhost\r\n",
  "Forwarded: host=globex.localhost\r\n",
  "X-Forwarded-For: 127.0.0.1\r\n",
  "X-Original-URL: /admin\r\n",
  "X-Rewrite-URL: /admin\r\n",
  "X-HTTP-Method-Override: DELETE\r\n",
  "X-Tenant: globex\r\n",
  "X-Tenant-ID: globex\r\n",
  "Cookie: tenant=globex; tenant=acme\r\n",
  "Origin: http://globex.localhost\r\n",
  "Referer: http://globex.localhost/\r\n",
  "Authorization: Bearer eyJhbGciOiJub25lIn0.e30.\r\n",
  ":authority: globex.localhost\r\n",
  "__proto__: x\r\n",
  "constructor: x\r\n",
  "X: \xff\xfe\r\n",
  "X: a\x00b\r\n",
  "X: a\nHost: globex.localhost\r\n",
  "X: a\rHost: globex.localhost\r\n",
  "X: a\r\n folded\r\n",
  ": empty\r\n",
  "no colon\r\n",
  "X y: z\r\n",
  `X: ${"a".repeat(20_000)}\r\n`,
  "X: y\r\n".repeat(1_500),
  "Upgrade: websocket\r\n",
  "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n",
  "Expect: 100-continue\r\n",
  "Expect: the moon\r\n",
  "Range: bytes=0-0\r\n",
  "Accept: application/xml\r\n",
  "TE: trailers\r\n",
];

const methods: readonly string[] = [
  "OPTIONS",
  "DELETE",
  "PUT",
  "PATCH",
  "TRACE",
  "HEAD",
  "PROPFIND",
  "SEARCH",
  "PURGE",
  "LINK",
  "M-SEARCH",
  "CONNECT",
  "get",
  "GETT",
  "G\x00T",
  "",
  "__proto__",
  "PRI",
];

const bodies: readonly (readonly [string, string])[] = [
  ["Content-Length: 0\r\n", ""],
  ["Content-Length: 3\r\n", "abc"],
  ["Content-Length: 3\r\n", "a"],
  ["Content-Length: -1\r\n", ""],
  ["Content-Length: +3\r\n", "abc"],
  ["Content-Length: 3, 3\r\n", "abc"],
  ["Content-Length: 3\r\nContent-Length: 3\r\n", "abc"],
  ["Content-Length: 3\r\nContent-Length: 4\r\n", "abc"],
  ["Content-Length: 0x3\r\n", "abc"],
  ["Content-Length: 99999999999999999999\r\n", "abc"],
  ["Content-Length:\r\n", "abc"],
  ["Transfer-Encoding: chunked\r\n", "0\r\n\r\n"],
  ["Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n0\r\n\r\n"],
  ["Transfer-Encoding: chunked\r\n", "zz\r\nabc\r\n0\r\n\r\n"],
  ["Transfer-Encoding: chunked\r\n", "fffffffffffffffff\r\nabc"],
  ["Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", "0\r\n\r\n"],
  ["Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"],
  ["Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"],
  ["Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n"],
  ["Transfer-Encoding: identity\r\n", ""],
  ["Transfer-Encoding : chunked\r\n", "0\r\n\r\n"],
  ["Transfer-Encoding:\tchunked\r\n", "0\r\n\r\n"],
  ["Transfer-Encoding: \x0bchunked\r\n", "0\r\n\r\n"],
  ["Content-Type: \x00\r\nContent-Length: 0\r\n", ""],
];

const whole: readonly string[] = [
  "GET / HTTP/1.0\r\n\r\n",
  "GET / HTTP/1.0\r\nHost: acme.localhost\r\n\r\n",
  "GET / HTTP/1.1\r\nConnection: close\r\n\r\n",
  "GET / HTTP/2.0\r\nHost: acme.localhost\r\n\r\n",
  "GET / HTTP/9.9\r\nHost: acme.localhost\r\n\r\n",
  "GET / HTTPS/1.1\r\nHost: acme.localhost\r\n\r\n",
  "GET /\r\n\r\n",
  "GET / HTTP/1.1\nHost: acme.localhost\nConnection: close\n\n",
  "GET  /  HTTP/1.1\r\nHost: acme.localhost\r\nConnection: close\r\n\r\n",
  "\r\n\r\nGET / HTTP/1.1\r\nHost: acme.localhost\r\nConnection: close\r\n\r\n",
  "GET / HTTP/1.1\r\nHost: acme.localhost\r\n",
  "GET / HTTP/1.1\r\nHost: acme.loc",
  "GET / HT",
  "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
  "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  "\x00\x00\x00\x00",
  "\xff\xff\xff\xff\r\n\r\n",
  "<policy-file-request/>\x00",
  "Host: acme.localhost\r\n\r\n",
];
