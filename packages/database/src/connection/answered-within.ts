import { DatabaseUnavailableError } from "../server-errors.ts";

/**
 * Waits for what a server answers before it has been asked for anything of its user's. Throws
 * `DatabaseUnavailableError` when that takes longer than `limit` milliseconds; no limit when `undefined`.
 */
export async function answeredWithin<R>(
  limit: number | undefined,
  name: string,
  answer: Promise<R>,
): Promise<R> {
  if (limit === undefined) return answer;
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    const cause = `the server did not answer for ${limit} ms`;
    const error = () => new DatabaseUnavailableError(name, { cause, transient: true });
    timer = setTimeout(() => reject(error()), limit);
  });
  try {
    return await Promise.race([answer, silence]);
  } finally {
    clearTimeout(timer);
  }
}
