import { createInterface } from "node:readline";
import { type REPLServer, Recoverable } from "node:repl";
import { setImmediate as turnOfTheLoop } from "node:timers/promises";

/**
 * Evaluates the lines of a stream one after the other, each when what the one before it awaits is there, and closes the
 * conversation after the last. Tells whether none of them threw.
 */
export async function evaluateLines(
  server: REPLServer,
  input: NodeJS.ReadableStream,
): Promise<boolean> {
  let isWhole = true;
  let isLeft = false;
  let turn: Promise<void> | undefined;
  let unfinished: (() => void) | undefined;
  const ends = new Set<() => void>();

  const evaluate = server.eval.bind(server);
  const inTurn: REPLServer["eval"] = (code, context, file, tell) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    turn = promise;
    unfinished = undefined;
    ends.add(resolve);
    evaluate(code, context, file, (...told) => {
      const [error] = told;
      ends.delete(resolve);
      if (error instanceof Recoverable) unfinished = () => tell(error.err, undefined);
      else if (error !== null) isWhole = false;
      tell(...told);
      resolve();
    });
  };
  (server as { eval: REPLServer["eval"] }).eval = inTurn;
  const prompt = server.displayPrompt.bind(server);
  // Of what throws an evaluation tells nothing: it is shown, and then there is the next prompt.
  server.displayPrompt = (preserveCursor) => {
    prompt(preserveCursor);
    if (ends.size > 0) isWhole = false;
    for (const end of ends) end();
    ends.clear();
  };

  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  const leave = () => {
    isLeft = true;
    for (const end of ends) end();
    lines.close();
  };
  server.once("close", leave);
  for await (const line of lines) {
    if (isLeft) break;
    turn = undefined;
    server.write(`${line}\n`);
    // A line such as `.exit` is not evaluated, and closes a little later.
    await (turn ?? turnOfTheLoop());
  }
  if (unfinished !== undefined && !isLeft) {
    isWhole = false;
    unfinished();
  }
  server.close();
  return isWhole;
}
