import { resolve } from "node:path";

/** The folder that holds the whole workspace. */
export const repository = resolve(import.meta.dirname, "../..");
