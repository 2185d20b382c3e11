import { once } from "node:events";
import { createServer, type AddressInfo, type Server } from "node:net";
import { withoutStacks } from "../standins/pulumiWithoutStacks";

// A provider asks Pulumi for the state of its stack, and here is none.
process.env.PATH = withoutStacks();

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
afterAll(() => engines.forEach((engine) => engine.close()));
