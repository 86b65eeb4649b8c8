import { closeSync, openSync } from "node:fs";
import { createTenancy, type Tenant } from "@af-tenancy/core";
import { sqlite } from "@af-tenancy/sqlite";
import { Author, Note } from "../entities.ts";

/** Asks tenants while this process can open no more files, and after that; prints what each request is answered. */
const [folder = ""] = process.argv.slice(2);
const tenants = new Map<string, Tenant>();
const store = { find: ({ value }: { value: string }) => tenants.get(value), async *list() {} };
await makeTenants();
const db = sqlite({ folder, entities: [Note, Author] });
const tenancy = createTenancy<Tenant>({
  store,
  resolve: {
    name: "path",
    resolve: ({ url }) => ({ kind: "tenant", candidates: [{ by: "slug", value: url.slice(1) }] }),
  },
  databases: db,
});
await tenancy.start();

/** By another tenancy, so that none of their files is open afterwards. */
async function makeTenants(): Promise<void> {
  const making = sqlite({ folder, entities: [Note, Author] });
  const maker = createTenancy<Tenant>({ store, databases: making });
  await maker.start();
  for (const id of ["acme", "globex"]) {
    const placement = making.place(id, 1);
    const tenant = { id, slug: id, status: "active", version: 1, placement } as const;
    await making.manager(placement).create({ tenantId: id, placement });
    await making.migrate(tenant);
    tenants.set(id, tenant);
  }
  await maker.close();
}

async function ask(slug: string): Promise<string> {
  const request = { method: "GET", url: `/${slug}`, rawHeaders: [], remoteAddress: undefined };
  let close = () => undefined as void;
  try {
    const notes = await tenancy.handle({
      request,
      mode: "tenant",
      next: () => db.em().count(Note),
      onClosed: (closed) => {
        close = () => closed(false);
      },
    });
    return `200 ${notes}`;
  } catch (error) {
    const { status, body } = tenancy.errorResponse(error, request);
    return `${status} ${typeof body === "string" ? body : body.error.code}`;
  } finally {
    close();
  }
}

function takeAllFiles(): readonly number[] {
  const taken: number[] = [];
  try {
    for (;;) taken.push(openSync("/dev/null", "r"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EMFILE") throw error;
  }
  return taken;
}

// Whatever Node opens once, it has open by now.
const seen = [await ask("acme")];
const taken = takeAllFiles();
seen.push(await ask("globex"), await ask("globex"), await ask("nobody"));
for (const file of taken) closeSync(file);
seen.push(await ask("globex"), await ask("acme"));
process.stdout.write(`${JSON.stringify(seen)}\n`);
await tenancy.close();
