import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { basename } from "node:path";

/** Serves tarballs on loopback as a package registry does; gives its address, and what ends it. */
export async function packageRegistry(
  tarballs: readonly string[],
): Promise<{ readonly url: string; close(): void }> {
  const manifests = tarballs.map((path) => ({ path, manifest: manifestIn(path) }));
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? "").replace(/\?.*/, "");
    const tarball = tarballs.find((one) => path === `/${basename(one)}`);
    if (tarball !== undefined) return void response.end(readFileSync(tarball));
    const found = manifests.find(({ manifest }) => path === `/${manifest.name}`);
    if (found === undefined) return void response.writeHead(404).end("{}");
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(document(found.manifest, found.path, url)));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

interface Manifest {
  readonly name: string;
  readonly version: string;
}

function document(manifest: Manifest, path: string, url: string): object {
  const { name, version } = manifest;
  const integrity = `sha512-${createHash("sha512").update(readFileSync(path)).digest("base64")}`;
  const dist = { tarball: `${url}/${basename(path)}`, integrity };
  const time = "2026-01-01T00:00:00.000Z";
  return {
    ...{ name, "dist-tags": { latest: version }, versions: { [version]: { ...manifest, dist } } },
    time: { created: time, modified: time, [version]: time },
  };
}

function manifestIn(path: string): Manifest {
  return JSON.parse(String(execFileSync("tar", ["-xzOf", path, "package/package.json"])));
}
