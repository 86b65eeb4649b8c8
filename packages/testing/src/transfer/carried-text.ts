import { Writable } from "node:stream";
import type { Tenant } from "@af-tenancy/core";
import type { DataSite } from "./tenant-data-harness.ts";

/** Exports all of a tenant as lines of JSON. */
export async function linesOf(site: DataSite, tenant: Tenant): Promise<string> {
  const [to, pieces] = collected();
  await site.run(tenant, () => site.data.export({ format: "jsonl", to }));
  return pieces.join("");
}

/** Exports all of a tenant as CSV: the text of each entity, those that are referred to first. */
export async function csvOf(site: DataSite, tenant: Tenant): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string[]>();
  await site.run(tenant, () =>
    site.data.export({
      format: "csv",
      to(entity) {
        const [to, pieces] = collected();
        texts.set(entity, pieces);
        return to;
      },
    }),
  );
  return new Map([...texts].map(([entity, pieces]) => [entity, pieces.join("")]));
}

function collected(): readonly [Writable, string[]] {
  const pieces: string[] = [];
  const to = new Writable({
    write(chunk, _, done) {
      pieces.push(String(chunk));
      done();
    },
  });
  return [to, pieces];
}
