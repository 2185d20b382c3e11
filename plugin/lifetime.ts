import { isEngineThere } from "../provider/machine/enginePresence.js";

/** What decides when a plugin ends by itself. */
export interface Lifetime {
  /** Whether a call is at work. */
  readonly isWorking: () => boolean;
  readonly end: () => void;
  /** Milliseconds between two looks. */
  readonly interval: number;
}

/** Ends the plugin after its work if the engine has ended. A killed engine does not end its plugins. */
export function endWithEngine({ isWorking, end, interval }: Lifetime): void {
  const look = async (): Promise<void> => {
    // A call that begins during the look comes from an engine that is there.
    if (!isWorking() && !(await isEngineThere()) && !isWorking()) end();
  };
  setInterval(() => void look(), interval).unref();
}
