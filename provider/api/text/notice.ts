import { oneLine } from "./foreignText.js";
import { redact } from "./redact.js";

const said = new Set<string>();

/**
 * Tells the user something that is no error, once a process. The engine shows what a dynamic provider prints as information.
 */
export function notice(text: string): void {
  const line = `pulumi-dt: ${oneLine(redact(text), 4000)}\n`;
  if (said.has(line)) return;
  said.add(line);
  process.stdout.write(line);
}
