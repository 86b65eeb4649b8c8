/** What the whole process shares, by name. */
export type ProcessState = ReadonlyMap<string, unknown>;

/** Looks at environment, directory, globals, console, listeners and time zone. */
export function processState(): ProcessState {
  return new Map<string, unknown>([
    ...Object.entries(process.env).map(([name, value]) => [`process.env.${name}`, value] as const),
    ...process
      .eventNames()
      .map((name) => [`process.on(${String(name)})`, process.listenerCount(name)] as const),
    ...properties("globalThis", globalThis),
    ...properties("console", console),
    ...properties("process.stdout", process.stdout).filter(([name]) => name.endsWith(".write")),
    ["process.cwd()", process.cwd()],
    ["process.title", process.title],
    ["time zone", new Intl.DateTimeFormat().resolvedOptions().timeZone],
    ["locale", new Intl.DateTimeFormat().resolvedOptions().locale],
  ]);
}

/** Names what differs from an earlier look. */
export function changesSince(before: ProcessState): readonly string[] {
  const after = processState();
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].filter((name) => {
    if (!before.has(name)) return true;
    // Node turns a lazy global into a plain one when it is first read.
    if (before.get(name) === accessor && after.has(name)) return false;
    return !Object.is(before.get(name), after.get(name));
  });
}

const accessor = Symbol("accessor");

function properties(name: string, object: object): readonly (readonly [string, unknown])[] {
  return Object.entries(Object.getOwnPropertyDescriptors(object)).map(
    ([key, descriptor]) =>
      [`${name}.${key}`, "value" in descriptor ? descriptor.value : accessor] as const,
  );
}
