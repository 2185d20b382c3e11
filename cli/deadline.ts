import { withinDeadline } from "../provider/api/http/deadline.js";

/** The default deadline of a command, in seconds. At the API's rate limit, a large company takes minutes. */
const byDefault = 3600;
/** The time after the deadline in which a command can still print its progress, in seconds. */
const grace = 2;

/**
 * The command's deadline in milliseconds, from `DT_DEADLINE`. A malformed value is reported when the settings are read.
 */
function commandDeadline(): number {
  const seconds = Number(process.env.DT_DEADLINE?.trim() || byDefault);
  return 1000 * (seconds > 0 && seconds <= 86_400 ? seconds : byDefault);
}

/** Runs a command. It sends no requests to the API after the deadline. */
export const inTime = (command: () => Promise<unknown>): Promise<unknown> =>
  withinDeadline(commandDeadline(), command);

/** Ends the process a few seconds after the deadline. Commands that use the API call this when they start. */
export function endInTime(): void {
  const left = commandDeadline() + grace * 1000 - performance.now();
  const end = (): void => {
    console.error(`error: gave up after ${commandDeadline() / 1000} s (DT_DEADLINE)`);
    process.exit(1);
  };
  setTimeout(end, Math.max(left, 0)).unref();
}
