import { inspect } from "node:util";
import { noteEngineCall } from "./api/gathering/engineActivity.js";
import { oneLine } from "./api/text/foreignText.js";
import { withinDeadline } from "./api/http/deadline.js";
import { redact } from "./api/text/redact.js";
import { tidy } from "./garbage.js";

/**
 * Every method ends in time, and throws only fresh, short, redacted errors: Pulumi hangs on some thrown values and prints the stack
 * of others.
 *
 * @param deadline milliseconds that a call may take
 */
export function withPlainErrors<T extends object>(provider: T, deadline: () => number): T {
  return Object.fromEntries(
    Object.entries(provider).map(([name, method]: [string, (...parameters: unknown[]) => unknown]) => [
      name,
      name === "configure"
        ? method
        : async (...parameters: unknown[]) => {
            noteEngineCall(name);
            tidy();
            try {
              return await withinDeadline(deadline(), async () => await method(...parameters));
            } catch (error) {
              throw isPartialFailure(error) ? error : plainError(error);
            }
          },
    ]),
  ) as T;
}

/** What Pulumi takes for "created, but not finished": it records `properties`, and shows `reasons`. */
interface PartialFailure {
  readonly message: string;
  readonly id: string;
  readonly properties: object;
  readonly reasons: readonly string[];
}

const partialFailures = new WeakSet();

/** A value to be thrown, so that what was created so far is recorded. */
export function partialFailure(id: string, properties: object, reason: string): PartialFailure {
  const failure = { message: reason, id, properties, reasons: [reason] };
  partialFailures.add(failure);
  return failure;
}

const isPartialFailure = (error: unknown): boolean =>
  typeof error === "object" && error !== null && partialFailures.has(error);

function plainError(thrown: unknown): Error {
  // In this order: half a secret would not be recognised.
  const error = new Error(shorten(redact(messageOf(thrown))) || nothingSaid);
  // Pulumi prints a stack beside the message.
  error.stack = "";
  return error;
}

const nothingSaid = "unexpected failure";

/** What a thrown value has to say, whatever it is. */
function messageOf(thrown: unknown): string {
  try {
    if (typeof thrown === "string") return thrown || nothingSaid;
    if (thrown === undefined || thrown === null) return nothingSaid;
    const { message } = thrown as { message?: unknown };
    if (typeof message === "string" && message.trim() !== "") return message;
    return thrown instanceof Error ? nothingSaid : `${nothingSaid}: ${inspect(thrown, { depth: 2 })}`;
  } catch {
    return nothingSaid; // it throws when it is looked at
  }
}

/** Enough for every sentence of ours, and little enough for Pulumi's wire. */
export const shorten = (text: string): string =>
  text
    .split("\n", 20)
    .map((line) => oneLine(line, 2000))
    .join("\n")
    .slice(0, 4000)
    .toWellFormed()
    .trim();
