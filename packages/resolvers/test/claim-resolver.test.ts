import { createSecretKey, generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { ConfigurationError } from "@af-tenancy/core";
import { tenancyRequest } from "@af-tenancy/testing";
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  exportJWK,
  importJWK,
  SignJWT,
  UnsecuredJWT,
} from "jose";
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
const tenant = (value: string, by = "id") => ({
  ...{ kind: "tenant", candidates: [{ by, value }] },
  isCredential: true,
});

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
    "F029 F106: is refused with 401 where it is no name: %j",
    async (value) => {
      await expect(ask(await tokenFor({ tenant: value }))).rejects.toMatchObject({
        code: "INVALID_TOKEN",
        status: 401,
      });
    },
  );

  it.each([{}, { tenant: null }, { Tenant: "7" }, { tenants: ["7"] }])(
    "F106: is refused with 401 where it is required and missing: %j",
    async (claims) => {
      const required = { ...hs256, required: true };

      expect(await ask(await tokenFor({ tenant: "7" }), required)).toEqual(tenant("7"));
      await expect(ask(await tokenFor(claims), required)).rejects.toMatchObject({
        ...{ code: "INVALID_TOKEN", status: 401 },
      });
    },
  );

  it.each(["none", "None", "NONE", "nOnE", "", "HS512", "RS256", null, 256])(
    "F106: a token that says %j of its algorithm is refused, with a signature or without",
    async (alg) => {
      const [, claims, signature] = (await tokenFor({ tenant: "7" })).split(".");
      for (const end of ["", signature]) {
        const forged = `${encoded({ alg, typ: "JWT" })}.${claims}.${end}`;
        await expect(ask(forged)).rejects.toMatchObject({ code: "INVALID_TOKEN", status: 401 });
      }
    },
  );

  it("F106: what a token says of its key only chooses among the known ones", async () => {
    const keys = createLocalJWKSet({ keys: [{ ...publicKey, kid: "k1", alg: "ES256" }] });
    const options = { key: keys, algorithms: ["ES256"] };
    const own = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const jwk = await exportJWK(own.publicKey);
    const forged = (header: object) =>
      new SignJWT({ tenant: "7" })
        .setProtectedHeader({ alg: "ES256", ...header })
        .sign(own.privateKey);

    expect(await ask(await signedBy("k1"), options)).toEqual(tenant("7"));
    for (const header of [
      ...["../../../../dev/null", "' or '1'='1", "__proto__", "k1\0", "", "k1"].map((kid) => ({
        kid,
      })),
      { kid: "k1", jwk },
      { jwk },
      { kid: "k1", jku: "http://127.0.0.1:1/keys", x5u: "http://127.0.0.1:1/cert" },
      { kid: 1 },
      { kid: ["k1"] },
    ]) {
      await expect(ask(await forged(header), options)).rejects.toMatchObject({ status: 401 });
    }
    for (const kid of ["../../../../dev/null", "' or '1'='1", "__proto__", "k2"]) {
      await expect(ask(await signedBy(kid), options)).rejects.toMatchObject({ status: 401 });
    }
  });

  it("F106: with a key for each tenant, one tenant's key signs nothing for another", async () => {
    const secrets = new Map(["acme", "globex"].map((id, i) => [id, new Uint8Array(32).fill(i)]));
    const options: ClaimResolverOptions = {
      algorithms: ["HS256"],
      required: true,
      // A key is looked up by whom the token claims to be for.
      key: (_header, { payload }) => {
        const claims = JSON.parse(Buffer.from(String(payload), "base64url").toString());
        return secrets.get(claims.tenant) ?? new Uint8Array(32).fill(99);
      },
    };
    const signed = (claims: object, by: string) =>
      tokenFor(claims as never, { key: secrets.get(by) ?? secret });

    expect(await ask(await signed({ tenant: "acme" }, "acme"), options)).toEqual(tenant("acme"));
    expect(await ask(await signed({ tenant: "globex" }, "globex"), options)).toEqual(
      tenant("globex"),
    );
    for (const claims of [{ tenant: "globex" }, { tenant: ["globex"] }, {}]) {
      await expect(ask(await signed(claims, "acme"), options)).rejects.toMatchObject({
        status: 401,
      });
    }
  });

  it("F106: a secret that is shorter than the hash is refused at start", async () => {
    const short = secret.subarray(1);
    const web = await crypto.subtle.importKey("raw", short, hash, false, ["verify"]);
    for (const [key, algorithms, bytes] of [
      [short, ["HS256"], 31],
      [createSecretKey(short), ["HS256"], 31],
      [web, ["HS256"], 31],
      [secret, ["HS256", "HS384"], 32],
      [new Uint8Array(63), ["HS512"], 63],
    ] as const) {
      expect(() => claimResolver({ key, algorithms })).toThrow(`a secret of ${bytes} bytes for HS`);
    }
    for (const [key, algorithms] of [
      [secret, ["HS256", "ES256"]],
      [new Uint8Array(48), ["HS384"]],
      [new Uint8Array(64), ["HS256", "HS512"]],
    ] as const) {
      expect(() => claimResolver({ key, algorithms })).not.toThrow();
    }
  });

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
    ["a text for a flag", { required: "yes" }, "claimResolver.required"],
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
