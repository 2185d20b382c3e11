import type { IncomingMessage } from "node:http";

/** The target of a request. */
export interface RequestTarget {
  /** Host name in the URL's spelling, without the port; undefined if the client sent none. */
  host: string | undefined;
  /** With the port: `127.0.0.1:8080`. */
  authority: string;
  /** The path, without unnecessary percent-encoding. */
  path: string;
  query: URLSearchParams;
}

/**
 * Parses the request line and the Host header (RFC 9112, section 3.2). Serves an absolute URL like its path.
 * @returns undefined if one of them is malformed
 */
export function parseRequestTarget({ url = "/", headers }: IncomingMessage): RequestTarget | undefined {
  const [, authority, rest = ""] = /^(?:https?:\/\/([^/?#]*))?(.*)$/is.exec(url) ?? [];
  const [, path = "", query = ""] = /^([^?#]*)\??([^#]*)/s.exec(rest) ?? [];
  const hosts = [headers.host, authority].filter((text) => text !== undefined && text !== "");
  const read = hosts.map((text) => parseHost(text ?? ""));
  const plain = normalizePath(authority !== undefined && path === "" ? "/" : path);
  if (read.includes(undefined) || plain === undefined) return undefined;
  // A web page cannot set the Host header, so a foreign name there counts even if the absolute URL has a local one.
  const foreign = read.find((host) => host !== undefined && !isLoopbackName(host));
  return {
    host: foreign ?? read.at(-1),
    authority: hosts.at(-1) ?? "localhost",
    path: plain,
    query: new URLSearchParams(query),
  };
}

/** Whether a host name always means this machine. */
export const isLoopbackName = (host: string): boolean =>
  /^(localhost\.?|127(\.\d+){3}|\[::1\]|\[::ffff:7f[\da-f]{2}:[\da-f]{1,4}\])$/.test(host);

function parseHost(authority: string): string | undefined {
  if (/[\s/?#@\\]/.test(authority)) return undefined;
  try {
    return new URL(`http://${authority}`).hostname;
  } catch {
    return undefined;
  }
}

/** Decodes unnecessary percent-encoding (RFC 3986, section 6.2.2.2), so that a path has one spelling. */
function normalizePath(path: string): string | undefined {
  if (!path.startsWith("/") && path !== "*") return undefined;
  try {
    decodeURIComponent(path);
  } catch {
    return undefined;
  }
  return path.replace(/%([\da-f]{2})/gi, (escape, digits: string) => {
    const character = String.fromCharCode(parseInt(digits, 16));
    return /[\w.~-]/.test(character) ? character : escape.toUpperCase();
  });
}
