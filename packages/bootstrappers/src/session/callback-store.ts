import type { SessionSettings } from "./session-options.ts";
import type { SessionData, SessionRecords } from "./session-records.ts";

/** Calls back with an error, or with what was asked for. */
type Answer<R = void> = (error: unknown, result?: R | null) => void;

/** A store as express-session and @fastify/session call it. */
export interface CallbackStore {
  get(id: string, answer: Answer<SessionData>): void;
  set(id: string, session: object, answer?: Answer): void;
  /** Absent where requests that change nothing are not to renew a session. */
  touch?(id: string, session: object, answer?: Answer): void;
  destroy(id: string, answer?: Answer): void;
}

/** A session as the libraries hand it over; @fastify/session tells whether the request changed it. */
interface Given {
  readonly cookie?: unknown;
  isModified?(): boolean;
}

/** Makes the calls of such a store over the records. What a request has not changed is never written over what is there. */
export function callbackStore(
  records: SessionRecords,
  { maxAge, rolling }: Pick<SessionSettings, "maxAge" | "rolling">,
): CallbackStore {
  const renew = (id: string, { cookie }: Given) => records.renew(id, { cookie }, maxAge);
  const write = async (id: string, session: Given) => {
    if (session.isModified?.() === false) {
      const isThere = await renew(id, session);
      // One with nothing in it may be new, and saved all the same.
      if (isThere || Object.keys(session).some((key) => key !== "cookie")) return;
    }
    await records.write(id, session as SessionData, maxAge);
  };
  return {
    get: (id, answer) => reply(records.read(id), answer),
    set: (id, session, answer) => reply(write(id, session), answer),
    ...(rolling && {
      touch: (id: string, session: Given, answer?: Answer) =>
        reply(
          renew(id, session).then(() => undefined),
          answer,
        ),
    }),
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
