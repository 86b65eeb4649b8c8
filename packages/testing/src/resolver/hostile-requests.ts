import type { TenancyRequest } from "@af-tenancy/core";
import { tenancyRequest } from "../fixtures/tenancy-request.ts";
import { hostileValues } from "./hostile-values.ts";

/** Requests as attackers and broken clients send them. */
export function hostileRequests(): readonly TenancyRequest[] {
  return [
    ...hosts.map((host) => tenancyRequest({ host })),
    ...urls.map((url) => tenancyRequest({ host: "acme.example.com", url })),
    ...headerNames.flatMap((name) =>
      hostileValues.map((value) => tenancyRequest({ headers: [[name, value]] })),
    ),
    ...hostileValues.flatMap((value) => [
      tenancyRequest({ url: `/?tenant=${asText(value)}` }),
      tenancyRequest({ url: `/t/${asText(value)}/notes` }),
      tenancyRequest({ headers: [["Cookie", `tenant=${value}`]] }),
      tenancyRequest({ host: "acme.example.com", headers: [["Forwarded", `host=${value}`]] }),
    ]),
    tenancyRequest({ host: undefined }),
    tenancyRequest({ headers: [["Host", "globex.example.com"]] }),
    tenancyRequest({ host: "acme.example.com", headers: [["hOST", "acme.example.com"]] }),
    tenancyRequest({ method: "OPTIONS", url: "*" }),
    tenancyRequest({ method: "CONNECT", url: "evil.com:443" }),
    tenancyRequest({ method: "", url: "" }),
    tenancyRequest({ remoteAddress: undefined }),
    tenancyRequest({ remoteAddress: "::ffff:127.0.0.1%eth0" }),
    tenancyRequest({ headers: Array.from({ length: 2_000 }, () => ["X-Tenant", "acme"] as const) }),
  ];
}

/** `encodeURIComponent` throws on half a surrogate pair, which no client can send either. */
function asText(value: string): string {
  return encodeURIComponent(value.toWellFormed());
}

const hosts: readonly string[] = [
  "",
  " ",
  ".",
  "..",
  ":",
  ":80",
  "a:99999",
  "a:-1",
  "a:8o",
  "acme.example.com:",
  "acme.example.com.",
  "acme..example.com",
  ".example.com",
  "-acme.example.com",
  "acme_1.example.com",
  "evil.com:x@acme.example.com",
  "acme.example.com@evil.com",
  "acme.example.com, globex.example.com",
  "acme.example.com/..",
  "acme.example.com\t",
  "acme.example.com\0.evil.com",
  "acme.example.com.evil.com",
  "acme%2eexample%2ecom",
  "acm\u00e9.example.com",
  "\uff41cme.example.com",
  "ac\u00adme.example.com",
  "xn--.example.com",
  "xn--a.example.com",
  "127.0.0.1",
  "127.1",
  "0x7f.1",
  "[::1]",
  "[::1",
  "[::1]:x",
  "__proto__",
  "constructor",
  `${"a".repeat(64)}.example.com`,
  `${"a.".repeat(130)}example.com`,
  "a".repeat(65_536),
  `${"a".repeat(200)}!`,
  `${"a.".repeat(100)}!`,
  `${"-".repeat(30_000)}.`,
];

const urls: readonly string[] = [
  "",
  "*",
  "//evil.com/notes",
  "http://evil.com/notes",
  "http://acme.example.com@evil.com/",
  "/%",
  "/%zz",
  "/%00",
  "/t/%2e%2e/",
  "/t/%252e%252e/",
  "/t//notes",
  "/t/;x/notes",
  "/t\\acme",
  "/..",
  "/__proto__/notes",
  "/t/\u00e4",
  "/?tenant",
  "/?tenant=",
  "/?tenant=acme&tenant=globex",
  "/?tenant[]=acme",
  "/?tenant=%ff",
  "/?tenant=acme%00",
  "/?__proto__=acme",
  "/?tenant=acme#tenant=globex",
  `/${"a/".repeat(30_000)}`,
  `/?${"tenant=a&".repeat(5_000)}`,
];

const headerNames: readonly string[] = [
  "X-Tenant",
  "X-Forwarded-Host",
  "Forwarded",
  "Cookie",
  "Origin",
  "Referer",
  "Authorization",
  "__proto__",
  "",
];
