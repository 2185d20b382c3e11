import { inspect } from "node:util";
import { noteEngineCall } from "../api/gathering/engineActivity.js";
import { shorten } from "../api/text/foreignText.js";
import { withinDeadline, type Limit } from "../api/http/deadline.js";
import { redact } from "../api/text/redact.js";
import { collectGarbage } from "./memory.js";

/**
 * Gives every method a deadline, and turns everything it throws into a new, short, redacted error. Pulumi hangs on some
 * thrown values, and prints the stack of others.
 *
 * @param deadline how long a call with these parameters may take; in milliseconds if it is a number
 * @param passes whether Pulumi understands a thrown value, so that it stays unchanged
 */
export function withPlainErrors<T extends object>(
  provider: T,
  deadline: (...parameters: readonly unknown[]) => number | Limit,
  passes: (error: unknown) => boolean,
): T {
  return Object.fromEntries(
    Object.entries(provider).map(([name, method]: [string, (...parameters: unknown[]) => unknown]) => [
      name,
      name === "configure"
        ? method
        : async (...parameters: unknown[]) => {
            noteEngineCall(name);
            collectGarbage();
            try {
              return await withinDeadline(deadline(...parameters), async () => await method(...parameters));
            } catch (error) {
              throw passes(error) ? error : plainError(error);
            }
          },
    ]),
  ) as T;
}

function plainError(thrown: unknown): Error {
  // Redact first: half a secret would not be recognised.
  const error = new Error(shorten(redact(messageOf(thrown))) || nothingSaid);
  // Pulumi prints the stack after the message.
  error.stack = "";
  return error;
}

const nothingSaid = "unexpected failure";

/** The message of a thrown value of any type. */
function messageOf(thrown: unknown): string {
  try {
    if (typeof thrown === "string") return thrown || nothingSaid;
    if (thrown === undefined || thrown === null) return nothingSaid;
    const { message } = thrown as { message?: unknown };
    if (typeof message === "string" && message.trim() !== "") return message;
    return thrown instanceof Error ? nothingSaid : `${nothingSaid}: ${inspect(thrown, { depth: 2 })}`;
  } catch {
    return nothingSaid; // reading the value throws
  }
}
