import { startEmulator, type Emulator, type Seed } from "../emulator";
import { newStack, type Effort } from "./engine";

/** The cloud that receives the requests. */
export type Cloud = "no limit" | "20 ms latency" | "25 per 5 s";
/**
 * The program to measure: our dynamic resources, the same through the plugin, the engine's floor, or the same resource
 * written the usual way.
 */
export type Program = "ours" | "plugin" | "floor" | "usual";
export const operations = ["up", "quiet up", "preview --refresh", "role change", "destroy"] as const;
export type Operation = (typeof operations)[number];

export interface Case {
  readonly program: Program;
  readonly count: number;
  readonly projects: number;
  readonly cloud: Cloud;
  /** The engine's `--parallel`. Undefined: the engine's default. */
  readonly parallel?: number | undefined;
}

/** The cost of one operation. */
export interface Measured extends Effort {
  /** Requests to the API, without the login. */
  readonly requests: number;
  readonly logins: number;
  /** How many of them were answered by 429. */
  readonly refused: number;
}

export type Result = Readonly<Record<Operation, Measured>>;

/** Measures one case, from an empty stack to an empty stack, against its own emulator. */
export async function measure(what: Case, folder: string, cli: string): Promise<Result> {
  const emulator = await startEmulator({
    seed: seedOf(what),
    ...(what.cloud === "20 ms latency" && { latencyMs: 20 }),
    ...(what.cloud === "25 per 5 s" && { rateLimit: { requests: 25, perSeconds: 5 } }),
  });
  try {
    // The usual program supports only Basic authentication.
    emulator.cloud.accounts.update(emulator.admin.name, { enableBasicAuth: true });
    return await measureOn(emulator, what, folder, cli);
  } finally {
    await emulator.close();
  }
}

async function measureOn(emulator: Emulator, what: Case, folder: string, cli: string): Promise<Result> {
  const names = Array.from({ length: what.projects }, (_, index) => `projects/bench-${index}`);
  const stack = await newStack(folder, what.program, cli, {
    ...emulator.settings,
    DT_RATE_LIMIT: what.cloud === "25 per 5 s" ? "25/5" : "off",
    BENCH_COUNT: String(what.count),
    BENCH_PROJECTS: names.join(","),
  });
  const parallel = what.parallel === undefined ? [] : ["--parallel", String(what.parallel)];
  const run = async (args: readonly string[], changed = 0): Promise<Measured> => {
    emulator.requests.clear();
    const effort = await stack.run([...args, ...parallel], { BENCH_CHANGED: String(changed) });
    const toApi = emulator.requests.filter(({ path }) => path.startsWith("/v2/"));
    const logins = emulator.requests.length - toApi.length;
    const refused = toApi.filter(({ status }) => status === 429).length;
    return { ...effort, requests: toApi.length, logins, refused };
  };

  const changed = Math.round(what.count / 10);
  const up = ["up", "--yes", "--skip-preview"];
  return {
    up: await run(up),
    "quiet up": await run(up),
    "preview --refresh": await run(["preview", "--refresh", "--expect-no-changes"]),
    "role change": await run(up, changed),
    destroy: await run(["destroy", "--yes", "--skip-preview"], changed),
  };
}

function seedOf({ count, projects }: Case): Seed {
  const people = Array.from({ length: Math.ceil(count / projects) }, (_, index) => ({
    email: `person-${index}@example.com`,
    displayName: `Person ${index}`,
  }));
  return {
    organizations: [
      {
        displayName: "Bench",
        projects: Array.from({ length: projects }, (_, index) => ({
          id: `bench-${index}`,
          displayName: `Bench ${index}`,
        })),
      },
    ],
    users: people,
  };
}
