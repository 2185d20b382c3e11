import { oneLine } from "./foreignText.js";
import { redact } from "./redact.js";

const said = new Set<string>();

/**
 * Prints a notice that is not an error, once in each process. The engine shows a dynamic provider's output as
 * information.
 */
export function notice(text: string): void {
  const line = `pulumi-dt: ${oneLine(redact(text), 4000)}\n`;
  if (said.has(line)) return;
  said.add(line);
  process.stdout.write(line);
}
