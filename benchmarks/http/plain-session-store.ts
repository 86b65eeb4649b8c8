import session from "express-session";
import { Keyv } from "keyv";

/** Sessions in memory, kept by Keyv as one writes it who has a single tenant. */
export class PlainStore extends session.Store {
  readonly #keyv = new Keyv();

  override get(id: string, answer: Parameters<session.Store["get"]>[1]): void {
    this.#keyv.get<session.SessionData>(id).then((found) => answer(null, found ?? null), answer);
  }

  override set(id: string, data: session.SessionData, answer?: (error?: unknown) => void): void {
    this.#keyv.set(id, data, day).then(() => answer?.(), answer);
  }

  override destroy(id: string, answer?: (error?: unknown) => void): void {
    this.#keyv.delete(id).then(() => answer?.(), answer);
  }

  override touch(id: string, data: session.SessionData, answer?: () => void): void {
    this.#keyv.set(id, data, day).then(() => answer?.(), answer);
  }
}

/** Milliseconds for which a session is kept. */
export const day = 86_400_000;
