/** Milliseconds before a tenant is tried again that was tried so many times: twice as long each time, up to half a minute. */
export function retryPause(attempts: number): number {
  return Math.min(shortest * 2 ** (attempts - 1), longest);
}

const shortest = 250;
const longest = 30_000;
