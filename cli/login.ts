import { endInTime } from "./deadline.js";
import { sessionFor, type Session } from "../provider/session/session.js";

/**
 * Logs in with environment variables only. This ignores the stack configuration, whose credentials are for writing.
 *
 * @throws Error that names each missing variable
 */
export async function logIn(): Promise<Session> {
  endInTime();
  try {
    return await sessionFor(() => undefined);
  } catch (error) {
    const { message } = error as Error;
    throw new Error(message.replaceAll(/, or run `pulumi config set[^`]*`/g, ""), { cause: error });
  }
}
