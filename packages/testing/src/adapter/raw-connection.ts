import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** A connection on which a test writes bytes as it likes. */
export interface RawConnection {
  readonly socket: Socket;
  /** Everything that was received so far, one character for each byte. */
  received(): string;
  /** Waits until what was received contains a text; gives all of it. */
  until(text: string): Promise<string>;
  /** Waits until the other side has closed; gives all that was received. */
  untilClosed(): Promise<string>;
}

/** Connects to a server of this machine. */
export async function connectRaw(port: number): Promise<RawConnection> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  let all = "";
  let onChange: (() => void) | undefined;
  let closed = false;
  const changed = () => onChange?.();
  socket.on("data", (chunk: Buffer) => {
    all += chunk.toString("latin1");
    changed();
  });
  socket.on("error", changed).on("close", () => {
    closed = true;
    changed();
  });
  await once(socket, "connect");
  const until = async (isThere: () => boolean) => {
    while (!(closed || isThere())) await new Promise<void>((resolve) => (onChange = resolve));
    return all;
  };
  return {
    socket,
    received: () => all,
    until: (text) => until(() => all.includes(text)),
    untilClosed: () => until(() => false),
  };
}

/** Writes bytes on a connection of their own, half-closes it, and gives all that comes back. */
export async function sendRaw(port: number, bytes: string): Promise<string> {
  const connection = await connectRaw(port);
  connection.socket.end(Buffer.from(bytes, "latin1"));
  return connection.untilClosed();
}

/** Cuts the answers to pipelined requests apart; each has to have a `Content-Length`. */
export function answersIn(received: string): readonly { status: number; body: string }[] {
  const answers: { status: number; body: string }[] = [];
  let rest = received;
  while (rest !== "") {
    const end = rest.indexOf("\r\n\r\n");
    if (end < 0) break;
    const head = rest.slice(0, end);
    const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
    const body = rest.slice(end + 4, end + 4 + length);
    answers.push({ status: Number(head.slice(9, 12)), body });
    rest = rest.slice(end + 4 + length);
  }
  return answers;
}
