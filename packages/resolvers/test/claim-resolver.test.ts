import { createSecretKey, generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { ConfigurationError } from "@af-tenancy/core";
import { tenancyRequest } from "@af-tenancy/testing";
import { createRemoteJWKSet, exportJWK, importJWK, SignJWT, UnsecuredJWT } from "jose";
import { describe, expect, it, onTestFinished } from "vitest";
import { type ClaimResolverOptions, claimResolver, InvalidTokenError } from "../src/index.ts";
import { centralOf } from "./requests.ts";
import { secret, tokenFor } from "./secrets.ts";

const hs256: ClaimResolverOptions = { key: secret, algorithms: ["HS256"] };
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
const publicKey = await exportJWK(ec.publicKey);
const webKey = await importJWK(publicKey, "ES256");
const hash = { name: "HMAC", hash: "SHA-256" };
const hmac = await crypto.subtle.importKey("raw", secret, hash, false, ["verify"]);
const now = Math.floor(Date.now() / 1_000);

const ask = async (token: string, options: ClaimResolverOptions = hs256) =>
  claimResolver(options).resolve(
    tenancyRequest({ headers: [["Authorization", `Bearer ${token}`]] }),
    centralOf(),
  );
const tenant = (value: string, by = "id") => ({ kind: "tenant", candidates: [{ by, value }] });

describe("the claim of a token", () => {
  it("names the tenant, by what the resolver says", async () => {
    const slug = await tokenFor({ org: "acme" });

    expect(await ask(await tokenFor({ tenant: "7" }))).toEqual(tenant("7"));
    expect(await ask(slug, { ...hs256, claim: "org", by: "slug" })).toEqual(tenant("acme", "slug"));
    expect(await ask(await tokenFor({ sub: "7" }))).toBeUndefined();
  });

  it("is checked with a public key, and with the keys of a server", async () => {
    const signed = await signedBy("k1");
    const keys = await serveKeys(() => [200, { keys: [{ ...publicKey, kid: "k1" }] }]);

    expect(await ask(signed, { key: ec.publicKey, algorithms: ["ES256"] })).toEqual(tenant("7"));
    expect(await ask(signed, { key: keys, algorithms: ["ES256"] })).toEqual(tenant("7"));
    await expect(ask(await signedBy("k2"), { key: keys, algorithms: ["ES256"] })).rejects.toThrow(
      InvalidTokenError,
    );
  });

  it("F034: is 503 when the keys cannot be had, and never an unknown tenant", async () => {
    const signed = await signedBy("k1");
    const broken = await serveKeys(() => [500, {}]);
    const nowhere = createRemoteJWKSet(new URL("http://127.0.0.1:1/keys"));

    for (const key of [broken, nowhere]) {
      await expect(ask(signed, { key, algorithms: ["ES256"] })).rejects.toMatchObject({
        code: "TOKEN_KEYS_UNAVAILABLE",
        status: 503,
      });
    }
  });

  it.each<[string, () => string | Promise<string>]>([
    ["no token", () => ""],
    ["no parts", () => "acme"],
    ["another key", () => tokenFor({ tenant: "7" }, { key: new Uint8Array(32).fill(8) })],
    [
      "another algorithm",
      () => tokenFor({ tenant: "7" }, { key: new Uint8Array(64), algorithm: "HS512" }),
    ],
    ["no signature", () => new UnsecuredJWT({ tenant: "7" }).encode()],
    ["an expired one", () => tokenFor({ tenant: "7", exp: now - 60 })],
    ["one of tomorrow", () => tokenFor({ tenant: "7", nbf: now + 86_400 })],
    ["another issuer", () => tokenFor({ tenant: "7", iss: "evil", aud: "notes" })],
    ["another audience", () => tokenFor({ tenant: "7", iss: "login", aud: "shop" })],
    ["none of either", () => tokenFor({ tenant: "7" })],
    ["a long one", () => "a".repeat(20_000)],
    ["claims that are no object", () => signedText("7")],
  ])("is refused with 401: %s", async (_, make) => {
    const asked = ask(await make(), { ...hs256, issuer: "login", audience: "notes" });

    await expect(asked).rejects.toThrow(InvalidTokenError);
    await expect(asked).rejects.toMatchObject({ code: "INVALID_TOKEN", status: 401 });
  });

  it("is refused when a public key is taken for a shared secret", async () => {
    const pem = Buffer.from(ec.publicKey.export({ type: "spki", format: "pem" }));
    const forged = await tokenFor({ tenant: "7" }, { key: pem });

    await expect(ask(forged, { key: ec.publicKey, algorithms: ["ES256"] })).rejects.toThrow(
      InvalidTokenError,
    );
  });

  it.each<[string, ClaimResolverOptions["key"]]>([
    ["bytes", secret],
    ["a secret key", createSecretKey(secret)],
    ["a function that gives bytes", async () => secret],
  ])("F034: is refused with 401 where its algorithm does not fit %s", async (_, key) => {
    const asked = ask(`${encoded({ alg: "ES256" })}.${encoded({ tenant: "7" })}.AAAA`, {
      key,
      algorithms: ["HS256", "ES256"],
    });

    await expect(asked).rejects.toMatchObject({ code: "INVALID_TOKEN", status: 401 });
  });

  it("is checked with whatever kind of key fits its algorithm", async () => {
    const hs = await tokenFor({ tenant: "7" });
    const es = await signedBy("k1");
    expect(await ask(hs, { ...hs256, key: hmac })).toEqual(tenant("7"));

    expect(await ask(hs, { ...hs256, key: createSecretKey(secret) })).toEqual(tenant("7"));
    expect(await ask(hs, { ...hs256, key: async () => secret })).toEqual(tenant("7"));
    expect(await ask(es, { key: webKey, algorithms: ["RS256", "ES256"] })).toEqual(tenant("7"));
  });

  it.each([7, true, ["7"], { id: "7" }, "", "a b", "*", "__proto__"])(
    "F029: is refused with 400 where it is no name: %j",
    async (value) => {
      await expect(ask(await tokenFor({ tenant: value }))).rejects.toMatchObject({
        code: "INVALID_TENANT_REFERENCE",
        status: 400,
      });
    },
  );

  it.each<[string, object, string]>([
    ["no key", { key: undefined }, "claimResolver.key"],
    ["an object as key", { key: {} }, "claimResolver.key"],
    ["no bytes", { key: new Uint8Array(0) }, "claimResolver.key"],
    ["bytes for signatures", { algorithms: ["ES256"] }, "claimResolver.key"],
    ["a public key for secrets", { key: ec.publicKey }, "claimResolver.key"],
    ["a key of another kind", { key: ec.publicKey, algorithms: ["RS256"] }, "claimResolver.key"],
    [
      "a Web Crypto key of another kind",
      { key: webKey, algorithms: ["RS256"] },
      "claimResolver.key",
    ],
    ["a private key", { key: ec.privateKey, algorithms: ["ES256"] }, "claimResolver.key"],
    ["a text as key", { key: "secret" }, "claimResolver.key"],
    ["no algorithms", { algorithms: undefined }, "claimResolver.algorithms"],
    ["an empty list", { algorithms: [] }, "claimResolver.algorithms"],
    ["none", { algorithms: ["ES256", "None"] }, "claimResolver.algorithms"],
    ["no name", { claim: "" }, "claimResolver.claim"],
    ["another option", { jwks: 1 }, "claimResolver.jwks"],
  ])("refuses options that cannot be right: %s", (_, options, key) => {
    const create = () => claimResolver({ ...hs256, ...options } as ClaimResolverOptions);

    expect(create).toThrow(ConfigurationError);
    expect(create).toThrow(`Option "${key}"`);
  });
});

function signedBy(kid: string): Promise<string> {
  return new SignJWT({ tenant: "7" }).setProtectedHeader({ alg: "ES256", kid }).sign(ec.privateKey);
}

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}

/** A well-signed token whose claims are a text. */
async function signedText(text: string): Promise<string> {
  const { CompactSign } = await import("jose");
  const bytes = new TextEncoder().encode(JSON.stringify(text));
  return new CompactSign(bytes).setProtectedHeader({ alg: "HS256" }).sign(secret);
}

async function serveKeys(answer: () => readonly [number, object]) {
  const server = createServer((_request, response) => {
    const [status, body] = answer();
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return createRemoteJWKSet(new URL(`http://127.0.0.1:${port}/keys`));
}
