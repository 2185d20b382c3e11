import type { IncomingMessage } from "node:http";
import type { Unknowns } from "../unknowns/unknowns";
import { errorReply } from "./errorReply";
import type { Reply } from "./reply";

/** A body of this many bytes or more is too large. */
const tooLargeBytes = 10_000_000;
/** Reads this much of a body that is too large, so that the client gets to read the answer. */
const maxBytesRead = 10 * tooLargeBytes;

/** Reads the body of a request. @returns undefined if it is too large */
export async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length >= maxBytesRead) break;
    if (length < tooLargeBytes) chunks.push(chunk);
  }
  return length < tooLargeBytes ? Buffer.concat(chunks) : undefined;
}

/** @throws {TypeError} if the bytes are not UTF-8 */
export const decodeUtf8 = (bytes: Uint8Array): string =>
  new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);

/** The answer to a body that is too large. It closes the connection, because the rest of the body is still coming. */
export const tooLargeReply = (unknowns: Unknowns): Reply =>
  errorReply(413, unknowns, "the body is too large", { Connection: "close" });
