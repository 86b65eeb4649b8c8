import type { Kysely } from "@mikro-orm/sql";
import { replaceMethod } from "./replace-method.ts";

type Executor = ReturnType<Kysely<unknown>["getExecutor"]>;

/** May throw a better error; resolves where there is none. */
export type Explain = (error: unknown) => Promise<void>;

/** Has what fails of a Kysely's own statements and streams explained; those on a connection that it was given are not. */
export function explainingExecutor(executor: Executor, explain: Explain): Executor {
  replaceMethod(executor, "executeQuery", (original) => async (...args) => {
    try {
      return await original.apply(executor, args);
    } catch (error) {
      await explain(error);
      throw error;
    }
  });
  replaceMethod(
    executor,
    "stream",
    (original) =>
      async function* stream(...args) {
        try {
          yield* original.apply(executor, args) as AsyncIterable<unknown>;
        } catch (error) {
          await explain(error);
          throw error;
        }
      },
  );
  for (const method of derivations) {
    replaceMethod(
      executor,
      method,
      (original) =>
        (...args) =>
          explainingExecutor(original.apply(executor, args) as Executor, explain),
    );
  }
  return executor;
}

/** Which give another executor of the same connections. */
const derivations = ["withPlugin", "withPlugins", "withPluginAtFront", "withoutPlugins"] as const;
