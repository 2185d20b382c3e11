import { execFile } from "node:child_process";
import { tmpdir } from "node:os";
import { promisify } from "node:util";
import * as v from "valibot";
import { deployment, isStartedByEngine } from "./deployment.js";

/** A resource as Pulumi has recorded it. Secrets in it are encrypted. */
const Recorded = v.object({
  urn: v.string(),
  id: v.optional(v.string(), ""),
  /** The resource has been replaced, and Pulumi still has to delete it. */
  delete: v.optional(v.boolean(), false),
  /** The program only reads the resource, and does not own it. */
  external: v.optional(v.boolean(), false),
  /** Pulumi refuses to delete the resource, from the state too. */
  protect: v.optional(v.boolean(), false),
  outputs: v.optional(v.record(v.string(), v.unknown()), {}),
});
export type Recorded = v.InferOutput<typeof Recorded>;

const Exported = v.object({
  deployment: v.object({ resources: v.optional(v.array(Recorded), []) }),
});

/** How long `pulumi stack export` may take, in milliseconds. */
const patience = 15_000;
/** The largest state that is read, in bytes. */
const largest = 512 * 1024 * 1024;

const states = new Map<string, Promise<readonly Recorded[]>>();

/**
 * The resources of a stack as Pulumi has recorded them when this is first asked for, from any backend: the provider protocol shows
 * a provider only the resources that an operation touches, and none that `--target` leaves out.
 *
 * @param urn any resource of the stack
 * @returns nothing where the state can't be read; so a resource that is missing here proves nothing
 * @see https://www.pulumi.com/docs/iac/cli/commands/pulumi_stack_export/
 */
export function recordedResources(urn: string): Promise<readonly Recorded[]> {
  const [, stack, project] = /^urn:pulumi:(.+?)::(.+?)::/.exec(urn) ?? [];
  if (stack === undefined || project === undefined || !isStartedByEngine()) return Promise.resolve([]);
  const key = `${deployment()} ${stack}::${project}`;
  const known = states.get(key) ?? read(stack, project);
  states.set(key, known);
  return known;
}

async function read(stack: string, project: string): Promise<readonly Recorded[]> {
  const prefix = `urn:pulumi:${stack}::${project}::`;
  // The program's folder names the project. An Automation API program may have none; then the full name serves.
  const places = [
    { cwd: process.cwd(), name: stack },
    { cwd: tmpdir(), name: `organization/${project}/${stack}` },
  ];
  for (const { cwd, name } of places) {
    const resources = (await exportStack(cwd, name)).filter((each) => each.urn.startsWith(prefix));
    if (resources.length > 0) return resources;
  }
  return [];
}

async function exportStack(cwd: string, name: string): Promise<readonly Recorded[]> {
  try {
    const { stdout } = await promisify(execFile)(
      "pulumi",
      ["stack", "export", "--stack", name, "--non-interactive"],
      { cwd, env: process.env, timeout: patience, maxBuffer: largest, windowsHide: true },
    );
    return v.parse(Exported, JSON.parse(stdout)).deployment.resources;
  } catch {
    // There is no such stack, or no `pulumi` on the PATH, or the backend does not answer.
    return [];
  }
}
