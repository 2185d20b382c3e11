/** The provider plugin. The engine starts it, and reads the port from the first line of its output. */
import { logNotices } from "./engineLog.js";
import { endWithEngine } from "./lifetime.js";
import { isWorking, listen } from "./server.js";

logNotices();
void listen().then((port) => {
  process.stdout.write(`${port}\n`);
  endWithEngine({ isWorking, end: () => process.exit(0), interval: 30_000 });
});
