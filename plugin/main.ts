/** The provider plugin. The engine starts it, and reads the port from the first line of its output. */
import { isEngineThere } from "../provider/machine/enginePresence.js";
import { logNotices } from "./engineLog.js";
import { isWorking, listen } from "./server.js";

/** How often to look whether the engine is still there, in milliseconds. */
const interval = 30_000;

logNotices();
void listen().then((port) => {
  process.stdout.write(`${port}\n`);
  // A killed engine does not end its plugins. This one ends after its work.
  setInterval(() => void endWithEngine(), interval).unref();
});

async function endWithEngine(): Promise<void> {
  if (!isWorking() && !(await isEngineThere())) process.exit(0);
}
