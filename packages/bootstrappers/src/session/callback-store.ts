import type { SessionData, SessionRecords } from "./session-records.ts";

/** Calls back with an error, or with what was asked for. */
type Answer<R = void> = (error: unknown, result?: R | null) => void;

/** A store as express-session and @fastify/session call it. */
export interface CallbackStore {
  get(id: string, answer: Answer<SessionData>): void;
  set(id: string, session: object, answer?: Answer): void;
  touch(id: string, session: object, answer?: Answer): void;
  destroy(id: string, answer?: Answer): void;
}

/** Makes the calls of such a store over the records. */
export function callbackStore(records: SessionRecords, maxAge: number): CallbackStore {
  const write = (id: string, session: object, answer?: Answer) =>
    reply(records.write(id, session as SessionData, maxAge), answer);
  return {
    get: (id, answer) => reply(records.read(id), answer),
    set: write,
    touch: write,
    destroy: (id, answer) => reply(records.remove(id), answer),
  };
}

/** An error of whoever is called back is not one of the store. */
function reply<R>(work: Promise<R | undefined>, answer: Answer<R> = () => undefined): void {
  void work.then(
    (result) => process.nextTick(answer, null, result ?? null),
    (error: unknown) => process.nextTick(answer, error),
  );
}
