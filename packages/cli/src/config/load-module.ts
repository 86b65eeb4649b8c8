import { pathToFileURL } from "node:url";
import { withoutDefiniteMarks } from "./definite-fields.ts";

/**
 * Loads a module of the application and gives its default export: by Node itself, and by a loader that compiles where Node
 * cannot take the types off it or off what it imports, because they are not erasable, as with decorators. What it does when
 * it is loaded is done once: Node reads all of a module graph before it runs any of it.
 */
export async function loadDefault(path: string): Promise<unknown> {
  try {
    const loaded = (await import(pathToFileURL(path).href)) as { readonly default?: unknown };
    return unwrapped(loaded.default);
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return compiled(path);
  }
}

/** Compiles by jiti, whose babel has to be spared fields that are said to be definite: unconfig, which has no say in it, fails there. */
async function compiled(path: string): Promise<unknown> {
  const { createJiti } = await import("jiti");
  const plain = createJiti(path, { fsCache: false });
  const jiti = createJiti(path, {
    fsCache: false,
    interopDefault: true,
    transform: ({ source, ...options }) => ({
      code: plain.transform({ ...options, source: withoutDefiniteMarks(source) }),
    }),
  });
  return unwrapped(await jiti.import(path, { default: true }));
}

/** CommonJS that was compiled from a module has its default export one level further in. */
function unwrapped(value: unknown): unknown {
  const { __esModule: isCompiled, default: inner } = Object(value) as {
    readonly __esModule?: unknown;
    readonly default?: unknown;
  };
  return isCompiled === true ? inner : value;
}

/** Types or decorators stand in the way, or a name without its extension, which compilers resolve and Node does not. */
function isUnreadable(error: unknown): boolean {
  const { code = "" } = Object(error) as { readonly code?: string };
  return error instanceof SyntaxError || unreadable.has(code);
}

const unreadable: ReadonlySet<string> = new Set([
  ...["ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX", "ERR_INVALID_TYPESCRIPT_SYNTAX"],
  ...["ERR_UNKNOWN_FILE_EXTENSION", "ERR_MODULE_NOT_FOUND", "MODULE_NOT_FOUND"],
  ...["ERR_UNSUPPORTED_DIR_IMPORT", "ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING"],
]);
