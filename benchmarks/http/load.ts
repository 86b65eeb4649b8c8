import { once } from "node:events";
import { connect, type Socket } from "node:net";

/**
 * Sends the same request `count` times over keep-alive connections, each waiting for its answer, and gives the
 * requests per second. Works on bare sockets, so that the client costs less than the server it measures. Throws when
 * an answer is not 200.
 */
export async function load(port: number, request: string, count: number): Promise<number> {
  const connections = 10;
  const bytes = Buffer.from(request);
  const sockets = await Promise.all(Array.from({ length: connections }, () => open(port)));
  let left = count - connections;
  const start = process.hrtime.bigint();
  await Promise.all(sockets.map((socket) => send(socket, bytes, () => left-- > 0)));
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  for (const socket of sockets) socket.destroy();
  return count / seconds;
}

async function open(port: number): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  await once(socket, "connect");
  return socket;
}

function send(socket: Socket, request: Buffer, again: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = "";
    socket.on("error", reject);
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
      if (!isWhole(text)) return;
      if (!text.startsWith("HTTP/1.1 200")) return reject(new Error(text));
      text = "";
      if (again()) socket.write(request);
      else resolve();
    });
    socket.write(request);
  });
}

function isWhole(text: string): boolean {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return false;
  const length = /content-length: (\d+)/i.exec(text)?.[1];
  return text.length === end + 4 + Number(length);
}
