import type { Unknowns } from "./unknowns";

/** An answer other than success, as the API gives it. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

const help = (status: number): string => `https://docs.d21s.com/error/#${status}`;

/** The body of an error, in the shape that the unknowns ask for; undefined for none. */
export function errorBody(status: number, message: string, unknowns: Unknowns): unknown {
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

/** The body of the token endpoint's refusals: RFC 6749's, Disruptive's or both in one. */
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
