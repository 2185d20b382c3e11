import { endInTime } from "./deadline.js";
import { sessionFor, type Session } from "../provider/session/session.js";

/**
 * The way into the API by the environment variables alone: a stack's configuration belongs to whoever may write.
 *
 * @throws Error naming each variable that is missing
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
