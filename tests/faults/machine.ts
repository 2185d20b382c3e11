import { createServer, type AddressInfo, type Server } from "node:net";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { startProvider, type ProviderProcess } from "../engine/harness/providerProcess";
import { afterwards, scratchFolder } from "../engine/harness/scratch";

/** Short, so that delays take no time, and long enough for a busy machine to avoid timeouts. */
const haste = { DT_RETRY_DELAY: "0.02", DT_REQUEST_TIMEOUT: "0.5", DT_DEADLINE: "20" };

interface Running {
  readonly provider: ProviderProcess;
  readonly engine: Server;
  readonly address: string;
}

/**
 * A machine that runs `pulumi up`: a journal, and one provider process at a time. An engine of which only the
 * listening socket exists starts each process. Processes are reused until they are killed, because starting
 * them takes the time.
 */
export class Machine {
  readonly journal = scratchFolder("journal");
  #running: Promise<Running> | undefined;
  #printedBefore = "";
  /** Providers whose engine has been killed. */
  readonly #orphans: ProviderProcess[] = [];

  /** @param config the stack's configuration, by full key, with secrets in plaintext */
  constructor(
    readonly config: Readonly<Record<string, string>>,
    private env: Readonly<Record<string, string>> = {},
  ) {}

  /** The provider of the run that begins. */
  async provider(): Promise<ProviderProcess> {
    return (await (this.#running ??= this.#start())).provider;
  }

  /** Everything that providers have printed on this machine. */
  async printed(): Promise<string> {
    return this.#printedBefore + ((await this.#running)?.provider.printed ?? "");
  }

  /** Everything in the journal. */
  journalText(): string {
    return readdirSync(this.journal, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"))
      .join("");
  }

  /** Kills the provider, like the engine's second Ctrl-C, an out-of-memory kill or a crash. */
  async killProvider(): Promise<void> {
    const running = await this.#leave();
    await running?.provider.kill();
  }

  /** Kills the engine. Its provider continues its work. */
  async killCli(): Promise<void> {
    const running = await this.#leave();
    if (running === undefined) return;
    running.engine.close();
    this.#orphans.push(running.provider);
  }

  /** Ends the providers that have outlived their engine. */
  async endOrphans(): Promise<void> {
    await Promise.all(this.#orphans.splice(0).map((provider) => provider.kill()));
  }

  /** Starts the next run in its own process, as real runs do. From now on it uses these variables, if given. */
  async endRun(env = this.env): Promise<void> {
    this.env = env;
    const running = await this.#leave();
    await running?.provider.kill();
    running?.engine.close();
  }

  async #leave(): Promise<Running | undefined> {
    const running = await this.#running;
    this.#printedBefore = await this.printed();
    this.#running = undefined;
    return running;
  }

  async #start(): Promise<Running> {
    const engine = createServer((socket) => {
      socket.on("error", () => undefined).destroy();
    });
    await new Promise<void>((listening) => engine.listen(0, "127.0.0.1", listening));
    engine.unref();
    afterwards(() => engine.close());
    const address = `127.0.0.1:${(engine.address() as AddressInfo).port}`;
    const provider = await startProvider({
      config: this.config,
      engine: address,
      env: { ...haste, DT_JOURNAL: this.journal, ...this.env },
    });
    return { provider, engine, address };
  }
}
