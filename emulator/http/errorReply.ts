import { STATUS_CODES } from "node:http";
import type { Unknowns } from "../unknowns/unknowns";
import type { Reply } from "./reply";

/** An error answer of the API. A 401 has a WWW-Authenticate header (RFC 9110, section 15.5.2). */
export function errorReply(
  status: number,
  unknowns: Unknowns,
  message = STATUS_CODES[status] ?? "Error",
  headers: Record<string, string> = {},
): Reply {
  const challenge = status === 401 ? { "WWW-Authenticate": bearerChallenge() } : {};
  return { status, body: errorBody(status, message, unknowns), headers: { ...challenge, ...headers } };
}

const realm = 'realm="Disruptive Technologies"';

/** The WWW-Authenticate header of a 401 (RFC 6750, section 3), with a reason if a token was sent. */
export const bearerChallenge = (reason?: string): string =>
  `Bearer ${realm}${reason === undefined ? "" : `, error="invalid_token", error_description="${reason}"`}`;

export const basicChallenge = `Basic ${realm}, charset="UTF-8"`;

const help = (status: number): string => `https://docs.d21s.com/error/#${status}`;

/** An error body in the format the unknowns choose; undefined if it is empty. */
function errorBody(status: number, message: string, unknowns: Unknowns): unknown {
  const code = unknowns.errorCodeType === "string" ? String(status) : status;
  switch (unknowns.errorBody) {
    case "dt":
      return { error: message, code, help: help(status) };
    case "nested":
      return { error: { code, message, details: [{ help: help(status) }] } };
    case "grpc":
      return { code, message, details: [] };
    case "empty":
      return undefined;
  }
}

/** An error body of the token endpoint: RFC 6749's format, Disruptive's, or both in one. */
export function tokenErrorBody(error: string, description: string, unknowns: Unknowns): unknown {
  const code = unknowns.errorCodeType === "string" ? "400" : 400;
  switch (unknowns.tokenErrorBody) {
    case "rfc6749":
      return { error, error_description: description };
    case "dt":
      return { error: description, code, help: help(400) };
    case "both":
      return { error, error_description: description, code, help: help(400) };
  }
}
