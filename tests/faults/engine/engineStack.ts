import type { ExecaChildProcess } from "execa";
import { setTimeout as delay } from "node:timers/promises";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import * as cli from "../../engine/harness/cli";
import { dynamic, type Door, type Kind } from "../../engine/harness/doors";
import type { Properties } from "../../engine/harness/providerProcess";
import { scratchFolder } from "../../engine/harness/scratch";
import type { World } from "../../provider/world";
import type { Made, Program, Run, Stack, Type } from "../stack";
import { killProviders } from "./processes";

/** Creates the resources in a JSON file, in its order. `{ "$of": name, "field": field }` stands for an output. */
const programFor = ({ script }: Door): string => `${script}
const made = {};
const resolve = (value) =>
  value === null || typeof value !== "object" ? value
  : "$of" in value ? made[value.$of][value.field]
  : Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, resolve(inner)]));
for (const { name, type, inputs } of require("./program.json")) made[name] = declare(type, name, resolve(inputs));
`;

const classes: Readonly<Record<Type, Kind>> = {
  project: "Project",
  serviceAccount: "ServiceAccount",
  serviceAccountKey: "ServiceAccountKey",
  projectRoleBinding: "ProjectRoleBinding",
  orgAdminBinding: "OrgAdminBinding",
};

/** A stack of the real engine. The `pulumi` command runs it, as a person would. */
export class EngineStack implements Stack {
  state: Record<string, Made> = {};
  condemned: Made[] = [];
  #cli: Promise<cli.CliStack> | undefined;
  #journal = scratchFolder("journal");
  #printed = "";
  #running: ExecaChildProcess | undefined;

  constructor(
    private readonly world: World,
    private readonly door: Door = dynamic,
  ) {}

  /** The stack as the command line sees it. */
  get cli(): Promise<cli.CliStack> {
    const haste = { DT_RETRY_DELAY: "0.05", DT_REQUEST_TIMEOUT: "5", DT_RATE_LIMIT: "off" };
    return (this.#cli ??= cli.stack({
      files: { "index.js": programFor(this.door) },
      env: { ...this.world.settings, ...haste },
    }));
  }

  up(declared: Program): Promise<Run> {
    return this.#run(declared, "up", "--yes", "--skip-preview");
  }

  refresh(): Promise<Run> {
    return this.#run(undefined, "refresh", "--yes", "--skip-preview");
  }

  /** The text of a preview of this program, and its plan in `json`. */
  async preview(declared: Program): Promise<{ exitCode: number; text: string; json: string }> {
    const stack = await this.cli;
    stack.env.DT_JOURNAL = this.#journal;
    stack.write("program.json", JSON.stringify(asJson(declared)));
    const { exitCode, stdout, text } = await stack.run("preview", "--json");
    return { exitCode, text, json: stdout };
  }

  async killProvider(): Promise<void> {
    await killProviders((await this.cli).folder);
  }

  /** Returns when the command has ended. Its provider keeps running. */
  async killCli(): Promise<void> {
    this.#running?.kill("SIGKILL");
    await this.#running;
  }

  /** Presses Ctrl-C once. Returns when the engine has received it and waits for running calls. */
  async interrupt(): Promise<void> {
    const before = this.#printed.length;
    this.#running?.kill("SIGINT");
    while (this.#running !== undefined && !this.#printed.includes("press ^C again", before)) await delay(20);
  }

  /** Presses Ctrl-C twice: the engine waits for nothing. Returns when the engine and its provider have ended. */
  async interruptTwice(): Promise<void> {
    await this.interrupt();
    this.#running?.kill("SIGINT");
    await this.#running;
  }

  /** A test can't hit this moment from outside, so this does nothing. */
  killCliAfter(): void {
    return;
  }

  moveAway(): void {
    this.#journal = scratchFolder("journal");
  }

  endRun(): Promise<void> {
    return Promise.resolve();
  }

  end(): Promise<void> {
    return Promise.resolve();
  }

  printed(): Promise<string> {
    return Promise.resolve(this.#printed);
  }

  journalText(): string {
    return readdirSync(this.#journal, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"))
      .join("");
  }

  async #run(declared: Program | undefined, ...args: string[]): Promise<Run> {
    const stack = await this.cli;
    stack.env.DT_JOURNAL = this.#journal;
    if (declared !== undefined) stack.write("program.json", JSON.stringify(asJson(declared)));
    // A killed command leaves these; a person would run `pulumi cancel`.
    rmSync(join(stack.env.PULUMI_BACKEND_URL!.slice("file://".length), ".pulumi/locks"), {
      recursive: true,
      force: true,
    });
    const child = (this.#running = stack.start(...args, "--non-interactive", "--color", "never"));
    let text = "";
    child.all?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      this.#printed += chunk.toString();
    });
    const { exitCode, signal } = await child;
    this.#running = undefined;
    await this.#readState(stack);
    const operations = {
      create: /(\d+) created/,
      update: /(\d+) updated/,
      replace: /(\d+) replaced/,
      delete: /(\d+) deleted/,
    };
    const done = Object.entries(operations).flatMap(([operation, pattern]) =>
      pattern.test(text) ? [[operation, operation]] : [],
    );
    return {
      failure: exitCode === 0 ? "" : signal === undefined ? text : `killed by ${signal}`,
      done: Object.fromEntries(done) as Run["done"],
    };
  }

  async #readState(stack: cli.CliStack): Promise<void> {
    const exported = (await stack.run("stack", "export", "--show-secrets")).json() as Exported;
    const made = (exported.deployment.resources ?? []).flatMap((resource) => {
      const type = (Object.keys(classes) as Type[]).find(
        (name) => resource.type === this.door.typeOf(classes[name]),
      );
      if (type === undefined || resource.id === undefined) return [];
      const { urn, id, inputs = {}, outputs = {}, initErrors } = resource;
      const name = urn.slice(urn.lastIndexOf("::") + 2);
      const errors = initErrors === undefined ? {} : { initErrors };
      return [
        {
          name,
          isCondemned: resource.delete === true,
          type,
          id,
          inputs: opened(inputs),
          outs: opened(outputs),
          ...errors,
        },
      ];
    });
    this.condemned = made.filter(({ isCondemned }) => isCondemned);
    this.state = Object.fromEntries(
      made.filter(({ isCondemned }) => !isCondemned).map((each) => [each.name, each]),
    );
  }
}

interface Exported {
  deployment: {
    resources?: {
      urn: string;
      type: string;
      id?: string;
      delete?: boolean;
      inputs?: Properties;
      outputs?: Properties;
      initErrors?: string[];
    }[];
  };
}

/** Replaces secrets by their values. */
function opened(properties: Properties): Properties {
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => {
      const { plaintext } = (value ?? {}) as { plaintext?: string };
      return [name, plaintext === undefined ? value : (JSON.parse(plaintext) as unknown)];
    }),
  );
}

function asJson(declared: Program): unknown[] {
  const reference = (name: string) => ({
    id: { $of: name, field: "id" },
    outs: new Proxy({}, { get: (_target, field) => ({ $of: name, field }) }),
  });
  const made = new Proxy({}, { get: (_target, name) => reference(String(name)) });
  return Object.entries(declared).map(([name, [type, given]]) => {
    const inputs = typeof given === "function" ? given(made) : given;
    return { name, type: classes[type], inputs };
  });
}
