import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MikroORM } from "@mikro-orm/sqlite";
import { Note } from "./note.ts";
import { tenantedStore } from "./tenanted-store.ts";

/** Reads a note by its key, or gives `null`. */
export type ReadNote = (id: number) => Promise<object | null>;

/** A store in a folder of this process, which goes with its parent. */
export async function ownStore(name: string) {
  const folder = mkdtempSync(join(tmpdir(), `${name}-`));
  process.on("disconnect", () => {
    rmSync(folder, { recursive: true });
    process.exit(0);
  });
  const store = await tenantedStore(folder);
  const { db } = store;
  return {
    ...store,
    isOurs: process.argv[2] === "ours",
    readTenanted: ((id) => db.em().findOne(Note, { id })) as ReadNote,
    /** Makes what reads the same file with a MikroORM of its own. */
    plainReader(): ReadNote {
      const orm = new MikroORM({ dbName: store.file, entities: [Note], ensureDatabase: false });
      return (id) => orm.em.fork().findOne(Note, { id });
    },
  };
}

/** Lets a server listen and tells the parent where. */
export async function tellPort(server: Server): Promise<void> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  process.send?.((server.address() as AddressInfo).port);
}
