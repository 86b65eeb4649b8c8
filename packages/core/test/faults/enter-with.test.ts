import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as tick } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { answerWith, serve } from "../support/http-server.ts";
import { OWNER, ownerBootstrapper, startTenancy } from "../support/start-tenancy.ts";

describe("enterWith", () => {
  it("F007: the source never uses it", () => {
    const source = join(import.meta.dirname, "../../src");
    const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((file) =>
      file.endsWith(".ts"),
    );

    const users = files.filter((file) => /\benterWith\s*\(/.test(read(source, file)));

    expect(files.length).toBeGreaterThan(30);
    expect(users).toEqual([]);
  });
});

describe("one socket for two tenants", () => {
  it.each(["kept alive", "pipelined"] as const)(
    "F007: %s, each request starts with no tenant and is served as its own",
    async (how) => {
      const tenancy = await startTenancy({ bootstrappers: [ownerBootstrapper] });
      const before: unknown[] = [];
      const answer = answerWith(tenancy, async () => {
        await tick();
        void tick().then(() => undefined); // work that outlives the request
        return tenancy.get(OWNER).slug;
      });
      const server = await serve((request, response) => {
        before.push(tenancy.current());
        answer(request, response);
      });
      const paths = Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? "/acme" : "/globex"));

      const bodies = await server.get(paths, how);
      await server.close();

      expect(bodies).toEqual(paths.map((path) => path.slice(1)));
      expect(before).toEqual(paths.map(() => null));
    },
  );
});

function read(folder: string, file: string): string {
  return readFileSync(join(folder, file), "utf8");
}
