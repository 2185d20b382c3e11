import { connect } from "node:net";
import type { Emulator } from "../../emulator";

export interface RawReply {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/**
 * Sends raw bytes, which an HTTP client would not do, and reads the answer until the connection ends.
 *
 * @returns undefined if there was no answer
 */
export async function raw(emulator: Emulator, bytes: string | Buffer): Promise<RawReply | undefined> {
  const { port } = new URL(emulator.url);
  const socket = connect(Number(port), "127.0.0.1");
  const chunks: Buffer[] = [];
  await new Promise<void>((resolve) => {
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    socket.on("error", () => resolve());
    socket.on("close", () => resolve());
    socket.end(bytes);
  });
  return parse(Buffer.concat(chunks).toString());
}

/** Sends one request and closes the connection. */
export const rawRequest = (
  emulator: Emulator,
  line: string,
  headers: Record<string, string> = {},
  body = "",
): Promise<RawReply | undefined> => {
  const all = {
    Host: "127.0.0.1",
    Connection: "close",
    ...(body === "" ? {} : { "Content-Length": String(Buffer.byteLength(body)) }),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return raw(emulator, `${[`${line} HTTP/1.1`, ...lines].join("\r\n")}\r\n\r\n${body}`);
};

function parse(text: string): RawReply | undefined {
  const [head = "", ...rest] = text.split("\r\n\r\n");
  const [statusLine = "", ...lines] = head.split("\r\n");
  const status = /^HTTP\/1\.1 (\d{3})/.exec(statusLine)?.[1];
  if (status === undefined) return undefined;
  const headers = lines.map((line) => {
    const [name = "", ...value] = line.split(":");
    return [name.toLowerCase(), value.join(":").trim()];
  });
  return {
    status: Number(status),
    headers: Object.fromEntries(headers) as Record<string, string>,
    body: rest.join("\r\n\r\n"),
  };
}
