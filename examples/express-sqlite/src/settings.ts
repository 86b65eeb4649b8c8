import { resolve } from "node:path";

/** Where the application listens and keeps its data. */
export interface Settings {
  readonly port: number;
  /** Absolute, so that what is printed can be found. */
  readonly folder: string;
}

/** Reads the settings from the environment; gives a sentence instead when one of them cannot be meant. */
export function readSettings(environment: NodeJS.ProcessEnv): Settings | string {
  const { PORT = "", DATA_DIR = "" } = environment;
  const port = Number(PORT || 3000);
  if (!/^\d{0,5}$/.test(PORT) || port > 65_535) {
    return `PORT is "${PORT}": give a whole number from 0 to 65535.`;
  }
  return { port, folder: resolve(DATA_DIR || "./data") };
}
