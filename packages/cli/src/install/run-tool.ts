/** Runs a program in a folder, without a shell between, until it ends or is stopped; gives its code and what it said last. */
export async function runTool(
  program: string,
  args: readonly string[],
  { folder, signal }: { readonly folder: string; readonly signal?: AbortSignal },
): Promise<{ readonly code: number; readonly stdout: string; readonly said: string }> {
  const { spawn } = await import("node:child_process");
  return new Promise((resolve) => {
    const child = spawn(program, [...args], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let said = "";
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += String(chunk);
      said = (said + String(chunk)).slice(-most);
    });
    child.stderr.on("data", (chunk: Buffer) => {
      said = (said + String(chunk)).slice(-most);
    });
    const stop = () => void child.kill("SIGTERM");
    if (signal?.aborted) stop();
    signal?.addEventListener("abort", stop, { once: true });
    const end = (code: number, text = said) => {
      signal?.removeEventListener("abort", stop);
      resolve({ code, stdout, said: text.trim() });
    };
    child.on("error", (error) => end(-1, error.message));
    child.on("close", (code) => end(code ?? -1));
  });
}

/** How many characters of what a program says are kept. */
const most = 2_000;
