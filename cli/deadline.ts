import { withinDeadline } from "../provider/api/http/deadline.js";

/** Seconds that a command may take where nobody says otherwise. A large company takes minutes at the API's rate limit. */
const byDefault = 3600;
/** Seconds after the deadline in which a command may still say how far it came. */
const grace = 2;

/** Milliseconds that this command may take, as `DT_DEADLINE` says. What is malformed is told when the settings are read. */
function commandDeadline(): number {
  const seconds = Number(process.env.DT_DEADLINE?.trim() || byDefault);
  return 1000 * (seconds > 0 && seconds <= 86_400 ? seconds : byDefault);
}

/** Runs a command, which sends nothing more to the API once its time is over. */
export const inTime = (command: () => Promise<unknown>): Promise<unknown> =>
  withinDeadline(commandDeadline(), command);

/** Ends the process some seconds after its time is over, whatever it waits for. Called by those who ask the API, as they begin. */
export function endInTime(): void {
  const left = commandDeadline() + grace * 1000 - performance.now();
  const end = (): void => {
    console.error(`error: gave up after ${commandDeadline() / 1000} s (DT_DEADLINE)`);
    process.exit(1);
  };
  setTimeout(end, Math.max(left, 0)).unref();
}
