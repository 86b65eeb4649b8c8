import { Writable } from "node:stream";
import type { Output } from "../terminal/terminal.ts";

/** Makes a stream that ends while the one that it writes to stays open: stdout is not to be closed. */
export function outputStream(output: Output): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      output.write(chunk, done);
    },
  });
}

/** Makes a stream that forgets what is written to it. */
export function noStream(): Writable {
  return new Writable({
    write(_chunk, _encoding, done) {
      done();
    },
  });
}
