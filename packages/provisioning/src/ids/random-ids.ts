import { randomBytes, randomInt } from "node:crypto";
import { customAlphabet } from "nanoid";
import { v4 } from "uuid";
import { demand } from "../demand.ts";
import type { IdGenerator } from "./id-generator.ts";

/** Makes UUIDs of version 4, which tell nothing of when they were made. */
export function uuidV4Ids(): IdGenerator {
  return () => v4();
}

/**
 * Makes random ids of so many of `0-9a-f`, 4 to 64.
 *
 * @throws ConfigurationError
 */
export function hexIds(length = 32): IdGenerator {
  checkLength("hexIds.length", length);
  return () =>
    randomBytes(Math.ceil(length / 2))
      .toString("hex")
      .slice(0, length);
}

/**
 * Makes random ids of so many characters of an alphabet, each as likely as the others: 4 to 64 of at least two different
 * ones of `[A-Za-z0-9_-]`.
 *
 * @throws ConfigurationError
 */
export function stringIds(length = 21, alphabet = letters): IdGenerator {
  checkLength("stringIds.length", length);
  const isFine = typeof alphabet === "string" && /^[\w-]{2,}$/.test(alphabet);
  const isSet = isFine && new Set(alphabet).size === alphabet.length;
  demand(
    "stringIds.alphabet",
    alphabet,
    isSet,
    "name two or more of A-Z, a-z, 0-9, _ and -, each once.",
  );
  const next = customAlphabet(alphabet, length);
  return () => next();
}

/**
 * Makes random whole numbers from `min` to `max`, both included.
 *
 * @throws ConfigurationError
 */
export function integerIds(min: number, max: number): IdGenerator {
  demand(
    "integerIds.min",
    min,
    Number.isSafeInteger(min) && min >= 0,
    "give a whole number from 0.",
  );
  const isAbove = Number.isSafeInteger(max) && max > min && max - min < 2 ** 48 - 1;
  demand(
    "integerIds.max",
    max,
    isAbove,
    "give a whole number above min, by less than 2 ** 48 - 1.",
  );
  return () => String(randomInt(min, max + 1));
}

const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

function checkLength(key: string, length: number): void {
  const isFine = Number.isInteger(length) && length >= 4 && length <= 64;
  demand(key, length, isFine, "give a whole number from 4 to 64.");
}
