/** Asks DNS for the TXT records of a name: the system's servers, or one that was named, such as `127.0.0.1:5353`. */
export async function readTexts(
  name: string,
  server: string | undefined,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { Resolver } = await import("node:dns/promises");
  const resolver = new Resolver({ timeout: 5_000, tries: 2 });
  if (server !== undefined) resolver.setServers([server]);
  const cancel = () => resolver.cancel();
  signal.addEventListener("abort", cancel, { once: true });
  try {
    const records = await resolver.resolveTxt(name);
    // A record longer than 255 bytes arrives in pieces.
    return records.map((pieces) => pieces.join(""));
  } finally {
    signal.removeEventListener("abort", cancel);
  }
}
