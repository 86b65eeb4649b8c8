import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { text } from "node:stream/consumers";
import { InvalidHostError, isTenancyError, type TenancyRequest } from "@af-tenancy/core";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { canonicalHost } from "../src/canonical-host.ts";
import { requestTo, requestWith } from "./requests.ts";

const label63 = "a".repeat(63);
const host253 = [label63, label63, label63, "a".repeat(61)].join(".");

/** `[id, host as sent, canonical host]` */
const accepted = [
  ["F020", "acme.example.com", "acme.example.com"],
  ["F020", "ACME.Example.com.:8080", "acme.example.com"],
  ["F020", "acme.example.com:3000", "acme.example.com"],
  ["F020", "acme.example.com.", "acme.example.com"],
  ["F020", "AZ.az.09", "az.az.09"],
  ["F020", "a", "a"],
  ["F020", "a-b.c--d", "a-b.c--d"],
  ["F020", "acme.example.com:0", "acme.example.com"],
  ["F020", "acme.example.com:00080", "acme.example.com"],
  ["F020", "acme.example.com:65535", "acme.example.com"],
  ["F021", `${label63}.com`, `${label63}.com`],
  ["F021", host253, host253],
  ["F021", `${host253}.:65535`, host253],
  ["F023", "xn--bcher-kva.example", "xn--bcher-kva.example"],
  ["F023", "XN--BCHER-KVA.example", "xn--bcher-kva.example"],
  ["F024", "localhost:3000", "localhost"],
  ["F024", "127.0.0.1:3000", "127.0.0.1"],
  ["F024", "127.1", "127.1"],
  ["F024", "0x7F.1", "0x7f.1"],
  ["F024", "2130706433", "2130706433"],
  ["F024", "[::1]", "[::1]"],
  ["F024", "[::1]:3000", "[::1]"],
  ["F024", "[2001:DB8::A]:3000", "[2001:db8::a]"],
  ["F024", "[::ffff:127.0.0.1]", "[::ffff:127.0.0.1]"],
  ["F026", "acme.example.com.evil.com", "acme.example.com.evil.com"],
] as const;

/** `[id, host as sent, reason]` */
const refused = [
  ["F021", "", "is empty"],
  ["F021", "a@b", "letters"],
  ["F021", "a:x@b", "no digit"],
  ["F021", "evil.com:x@acme.example.com", "no digit"],
  ["F021", "acme.example.com:80@evil.com", "no digit"],
  ["F021", "@acme.example.com", "letters"],
  ["F021", "acme.example.com,globex.example.com", "letters"],
  ["F021", "acme.example.com, globex.example.com", "letters"],
  ["F021", "acme.example.com:80,globex.example.com", "no digit"],
  ["F021", " acme.example.com", "letters"],
  ["F021", "acme.example.com ", "letters"],
  ["F021", "acme. example.com", "letters"],
  ["F021", "acme\t.example.com", "letters"],
  ["F021", "acme.example.com: 80", "no digit"],
  ["F021", "acme.example.com:80 ", "no digit"],
  ["F021", "acme\n.example.com", "letters"],
  ["F021", "acme\r.example.com", "letters"],
  ["F021", "acme\0.example.com", "letters"],
  ["F021", "acme\x1f.example.com", "letters"],
  ["F021", "acme\x7f.example.com", "letters"],
  ["F021", '"acme.example.com"', "letters"],
  ["F021", "'acme'.example.com", "letters"],
  ["F021", "`acme`.example.com", "letters"],
  ["F021", "acme.example.com/", "letters"],
  ["F021", "http://acme.example.com", "no digit"],
  ["F021", "acme.example.com\\evil.com", "letters"],
  ["F021", "acme%2eexample.com", "letters"],
  ["F021", "acme.example.com%00", "letters"],
  ["F021", "acme.example.com?a", "letters"],
  ["F021", "acme.example.com#a", "letters"],
  ["F021", "acme;example.com", "letters"],
  ["F021", "*.example.com", "letters"],
  ["F021", "acme_corp.example.com", "letters"],
  ["F021", "_dmarc.example.com", "letters"],
  ["F021", "acme{}.example.com", "letters"],
  ["F021", "acme..example.com", "is empty"],
  ["F021", ".acme.example.com", "is empty"],
  ["F021", "acme.example.com..", "is empty"],
  ["F021", ".", "is empty"],
  ["F021", "..", "is empty"],
  ["F021", ":80", "is empty"],
  ["F021", ".:80", "is empty"],
  ["F021", "-acme.example.com", "hyphen"],
  ["F021", "acme-.example.com", "hyphen"],
  ["F021", "acme.-example.com", "hyphen"],
  ["F021", "acme.example.com-", "hyphen"],
  ["F021", "acme.example.com-:80", "hyphen"],
  ["F021", "acme.example.com-.", "hyphen"],
  ["F021", "-", "hyphen"],
  ["F021", `${label63}a.com`, "longer than 63"],
  ["F021", `com.${label63}a`, "longer than 63"],
  ["F021", `${host253}a`, "longer than 253"],
  ["F021", `${host253}a.`, "longer than 253"],
  ["F021", `${host253}a:80`, "longer than 253"],
  ["F021", "a".repeat(16_000), "longer than 63"],
  ["F021", "acme.example.com:", "0 to 65535"],
  ["F021", "acme.example.com:65536", "0 to 65535"],
  ["F021", "acme.example.com:99999", "0 to 65535"],
  ["F021", "acme.example.com:000080", "0 to 65535"],
  ["F021", "acme.example.com:-1", "no digit"],
  ["F021", "acme.example.com:+80", "no digit"],
  ["F021", "acme.example.com:8o", "no digit"],
  ["F021", "acme.example.com:80:80", "no digit"],
  ["F021", "acme.example.com:80.", "no digit"],
  ["F021", "acme.example.com:0x50", "no digit"],
  ["F023", "acm\xe9.example.com", "letters"],
  ["F023", "b\xc3\xbccher.example", "letters"],
  ["F023", "ac\xadme.example.com", "letters"],
  ["F023", "\xff", "letters"],
  ["F023", "b\u00fccher.example", "letters"],
  ["F023", "\uff41\uff43\uff4d\uff45.example.com", "letters"],
  ["F023", "\u212aelvin.example.com", "letters"],
  ["F023", "acme\u3002example.com", "letters"],
  ["F023", "acme.example.com:\u0668\u0660", "no digit"],
  ["F024", "[::1", "no IPv6"],
  ["F024", "[", "no IPv6"],
  ["F024", "[]", "no IPv6"],
  ["F024", "[127.0.0.1]", "no IPv6"],
  ["F024", "[acme.example.com]", "no IPv6"],
  ["F024", "[v1.a]", "no IPv6"],
  ["F024", "[fe80::1%eth0]", "no IPv6"],
  ["F024", "[::1].example.com", "follows the brackets"],
  ["F024", "[::1]3000", "follows the brackets"],
  ["F024", "[::1]]", "follows the brackets"],
  ["F024", "[::1]@evil.com", "follows the brackets"],
  ["F024", "[::1]:", "0 to 65535"],
  ["F024", "[::1]:65536", "0 to 65535"],
  ["F024", "[::1]:x", "no digit"],
  ["F024", "::1", "is empty"],
  ["F024", "1::1", "no digit"],
] as const;

describe("canonicalHost", () => {
  it.each(accepted)("%s: reads %j as %j", (_id, host, canonical) => {
    expect(canonicalHost(requestTo(host))).toBe(canonical);
  });

  it.each(refused)("%s: refuses %j", (_id, host, reason) => {
    const read = () => canonicalHost(requestTo(host));

    expect(read).toThrow(InvalidHostError);
    expect(read).toThrow(reason);
  });

  it("F021: of all bytes takes letters, digits, the hyphen and the dot, and no other", () => {
    const taken = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).filter(
      (character) => hostOrRefusal(requestTo(`a${character}b`)) !== undefined,
    );

    expect(taken.join("")).toBe("-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
  });

  it.each(["host", "HOST", "hOsT"])("F022: reads a header called %j", (name) => {
    expect(canonicalHost(requestWith([name, "acme.example.com"]))).toBe("acme.example.com");
  });

  it.each([
    [["Host", "acme.example.com", "Host", "globex.example.com"]],
    [["Host", "acme.example.com", "Host", "acme.example.com"]],
    [["Host", "acme.example.com", "Accept", "*/*", "hOST", "acme.example.com"]],
    [["Host", "", "Host", "acme.example.com"]],
  ])("F022: refuses more than one Host header: %j", (rawHeaders) => {
    const read = () => canonicalHost(requestWith(rawHeaders));

    expect(read).toThrow(InvalidHostError);
    expect(read).toThrow("another Host header");
  });

  it.each([
    [[]],
    [["Accept", "Host", "X-Host", "acme.example.com"]],
    [["Hos", "acme.example.com", "Hosts", "acme.example.com", "Most", "acme.example.com"]],
    [["Host"]],
  ])("F022: refuses a request without a Host header: %j", (rawHeaders) => {
    const read = () => canonicalHost(requestWith(rawHeaders));

    expect(read).toThrow(InvalidHostError);
    expect(read).toThrow("no Host header");
  });

  it.each([
    "http://acme.example.com/",
    "http://acme.example.com",
    "https://acme.example.com?a=http://evil.com",
    "HTTP://ACME.example.com.:8080/notes",
    "http://acme.example.com#a",
    "*",
    "//evil.com/",
    "/http://evil.com/",
  ])("F022: accepts the request target %j for its own host", (url) => {
    expect(canonicalHost(requestTo("acme.example.com:3000", url))).toBe("acme.example.com");
  });

  it.each([
    ["http://globex.example.com/", "differ"],
    ["http://acme.example.com.evil.com/", "differ"],
    ["http://evil.com#acme.example.com", "differ"],
    ["http://acme.example.com@evil.com/", "letters"],
    ["http://evil.com\\@acme.example.com/", "letters"],
    ["http:///acme.example.com/", "is empty"],
    ["http:/acme.example.com/", "neither"],
    ["ftp://acme.example.com/", "neither"],
    ["x/http://acme.example.com/", "neither"],
    ["acme.example.com:443", "neither"],
    ["?a", "neither"],
    ["**", "neither"],
    ["", "neither"],
  ])("F022: refuses the request target %j", (url, reason) => {
    const read = () => canonicalHost(requestTo("acme.example.com", url));

    expect(read).toThrow(InvalidHostError);
    expect(read).toThrow(reason);
  });

  it("F025: never reads X-Forwarded-Host, Forwarded or X-Original-Host", () => {
    const forwarded = [
      ["X-Forwarded-Host", "globex.example.com"],
      ["Forwarded", "host=globex.example.com"],
      ["X-Original-Host", "globex.example.com"],
    ].flat();

    expect(canonicalHost(requestWith([...forwarded, "Host", "acme.example.com"]))).toBe(
      "acme.example.com",
    );
    expect(() => canonicalHost(requestWith(forwarded))).toThrow("no Host header");
  });

  it("F021: answers 400 and shows no more of the host than a host may be long", () => {
    const read = () => canonicalHost(requestTo(`${"a.".repeat(8_000)}@`));

    expect(read).toThrow(expect.objectContaining({ status: 400, code: "INVALID_HOST" }));
    expect(read).toThrow(
      expect.objectContaining({ message: expect.stringMatching(/^.{260,400}$/) }),
    );
  });
});

describe("canonicalHost on random input", () => {
  const numRuns = Math.ceil(100_000 * Number(process.env.AF_TEST_SCALE ?? 0.1));
  const bytes = fc.string({ unit: fc.nat(255).map((code) => String.fromCharCode(code)) });
  const almostHost = fc.string({
    unit: fc.constantFrom(...'aZ09-..::_@%/\\[], "xn'),
    maxLength: 20,
  });
  const hosts = fc.oneof(bytes, almostHost, longHost(), fc.domain(), fc.ipV4Extended(), ipv6());

  it("F021: gives exactly the hosts of the grammar, and InvalidHostError for everything else", () => {
    fc.assert(
      fc.property(hosts, (host) => {
        const canonical = hostOrRefusal(requestTo(host));

        expect(canonical).toBe(expectedHost(host));
        if (canonical === undefined) return;
        expect(hostOrRefusal(requestTo(canonical))).toBe(canonical);
      }),
      { numRuns },
    );
  }, 120_000);

  it("F022: throws nothing but InvalidHostError for any headers and request target", () => {
    const names = fc.oneof(fc.constantFrom("Host", "host", "Accept"), bytes);
    const headers = fc.array(fc.oneof(names, hosts), { maxLength: 8 });
    const targets = fc.oneof(
      bytes,
      hosts.map((host) => `http://${host}/`),
    );

    fc.assert(
      fc.property(headers, targets, (rawHeaders, url) => {
        const canonical = hostOrRefusal(requestWith(rawHeaders, url));

        if (canonical !== undefined) expect(expectedHost(canonical)).toBe(canonical);
      }),
      { numRuns },
    );
  }, 120_000);

  /** The grammar once more, written to be obvious instead of fast. */
  function expectedHost(sent: string): string | undefined {
    const [, host, port] = /^(\[[^\]]*\]|[^:]*)(?::(\d{1,5}))?$/s.exec(sent) ?? [];
    if (host === undefined || Number(port ?? 0) > 65_535) return undefined;
    if (host.startsWith("[")) return expectedIpv6(host);
    const name = host.toLowerCase().replace(/\.$/, "");
    const isName = name
      .split(".")
      .every((label) => /^[a-z0-9-]{1,63}$/.test(label) && !/^-|-$/.test(label));
    return isName && name.length <= 253 ? name : undefined;
  }

  function expectedIpv6(host: string): string | undefined {
    const isIpv6 = /^\[[\da-f:.]+\]$/i.test(host) && URL.canParse(`http://${host}`);
    return isIpv6 ? host.toLowerCase() : undefined;
  }

  /** Hosts around the limits of 63 and 253 characters. */
  function longHost(): fc.Arbitrary<string> {
    const label = fc.integer({ min: 58, max: 64 }).map((length) => "a".repeat(length));
    const rest = fc.constantFrom("", ".", ":80", ".:65535", ":65536");
    return fc
      .tuple(fc.array(label, { minLength: 1, maxLength: 5 }), rest)
      .map(([labels, end]) => labels.join(".") + end);
  }

  function ipv6(): fc.Arbitrary<string> {
    return fc.oneof(fc.ipV6(), almostHost).map((address) => `[${address}]`);
  }
});

describe("canonicalHost behind Node's own parser", () => {
  const server = createServer((request, response) => {
    const { method = "", url = "", rawHeaders } = request;
    try {
      response.end(canonicalHost({ method, url, rawHeaders, remoteAddress: undefined }));
    } catch (error) {
      response.statusCode = isTenancyError(error) ? error.status : 500;
      response.end();
    }
  });

  beforeAll(async () => {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });

  afterAll(async () => {
    server.close();
    await once(server, "close");
  });

  it.each([
    ["F020", "GET / HTTP/1.1", ["Host: ACME.Example.com.:8080"], "acme.example.com"],
    ["F021", "GET / HTTP/1.1", ["Host: evil.com:x@acme.example.com"], 400],
    ["F021", "GET / HTTP/1.1", ["Host: acme.example.com, globex.example.com"], 400],
    ["F021", "GET / HTTP/1.1", ["Host: acme.example.com\tx"], 400],
    ["F022", "GET / HTTP/1.1", ["Host: acme.example.com", "host: globex.example.com"], 400],
    ["F022", "GET / HTTP/1.1", ["Host: acme.example.com", "Host: acme.example.com"], 400],
    ["F022", "GET http://acme.example.com/ HTTP/1.1", ["Host: acme.example.com"], "acme."],
    ["F022", "GET http://globex.example.com/ HTTP/1.1", ["Host: acme.example.com"], 400],
    ["F022", "OPTIONS * HTTP/1.1", ["Host: acme.example.com"], "acme.example.com"],
    ["F022", "GET / HTTP/1.1", [], 400],
    ["F022", "GET / HTTP/1.0", [], 400],
    ["F023", "GET / HTTP/1.1", ["Host: b\xfccher.example"], 400],
    ["F023", "GET / HTTP/1.1", ["Host: b\xc3\xbccher.example"], 400],
  ])("%s: %j with %j", async (_id, requestLine, headers, outcome) => {
    const { port } = server.address() as AddressInfo;
    const socket = connect(port, "127.0.0.1");

    socket.write([requestLine, ...headers, "Connection: close", "", ""].join("\r\n"), "latin1");
    const answer = await text(socket);

    const [, status, body = ""] = /^HTTP\/1.1 (\d+) .*?\r\n\r\n(.*)$/s.exec(answer) ?? [];
    if (typeof outcome === "number") expect(status).toBe(String(outcome));
    else expect(body).toContain(outcome);
  });
});

/** `undefined` when the host is refused; any other error is let through. */
function hostOrRefusal(request: TenancyRequest): string | undefined {
  try {
    return canonicalHost(request);
  } catch (error) {
    if (error instanceof InvalidHostError) return undefined;
    throw error;
  }
}
