import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo, type Server } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

// A real Pulumi CLI on PATH would take 0.2 s for each question only to say that it does not know the stack.
const unknowing = mkdtempSync(join(tmpdir(), "pulumi-dt-cli-"));
writeFileSync(join(unknowing, "pulumi"), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
process.env.PATH = [unknowing, process.env.PATH].join(delimiter);

/**
 * One operation of the engine. Pulumi gives its providers the engine's address, which differs for each
 * preview and each update.
 */
export async function inRun<T>(work: () => Promise<T>): Promise<T> {
  const own = process.argv;
  const engine = createServer().listen(0, "127.0.0.1");
  engines.push(engine);
  await once(engine, "listening");
  process.argv = [...own.slice(0, 2), `127.0.0.1:${(engine.address() as AddressInfo).port}`];
  try {
    return await work();
  } finally {
    process.argv = own;
  }
}
/** Open until the end, so that no two have the same port. */
const engines: Server[] = [];
afterAll(() => {
  engines.forEach((engine) => engine.close());
  rmSync(unknowing, { recursive: true });
});
