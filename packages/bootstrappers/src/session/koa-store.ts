import type { SessionData, SessionRecords } from "./session-records.ts";

/** What koa-session tells of a call: the request that it is for. */
interface Call {
  readonly ctx: object;
}

/** A store as koa-session calls it. */
export interface KoaStore {
  get(id: string, maxAge: unknown, call: Call): Promise<SessionData | undefined>;
  set(id: string, data: SessionData, maxAge: unknown, call: Call): Promise<unknown>;
  destroy(id: string): Promise<void>;
}

/** Makes such a store over the records. What a request has not changed is never written over what is there. */
export function koaStore(records: SessionRecords, maxAge: number): KoaStore {
  const seen = new WeakMap<object, string>();
  return {
    async get(id, _maxAge, { ctx }) {
      const data = await records.read(id);
      if (data !== undefined) seen.set(ctx, textOf(id, data));
      return data;
    },
    set(id, data, _maxAge, { ctx }) {
      // The library tells what changed, but not what was saved all the same from what is new.
      if (seen.get(ctx) !== textOf(id, data)) return records.write(id, data, maxAge);
      return records.renew(id, Object.fromEntries(Object.entries(data).filter(isMark)), maxAge);
    },
    destroy: (id) => records.remove(id),
  };
}

/** What the application has in a session. */
function textOf(id: string, data: SessionData): string {
  return JSON.stringify([id, ...Object.entries(data).filter((entry) => !isMark(entry))]);
}

/** The library's own have an underscore, such as the time when a session is over. */
function isMark([key]: readonly [key: string, value: unknown]): boolean {
  return key.startsWith("_");
}
