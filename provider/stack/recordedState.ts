import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import * as v from "valibot";
import { deployment, isStartedByEngine } from "../machine/deployment.js";
import { stackOf } from "./urns.js";

/** A resource as Pulumi has recorded it. Secrets in it are encrypted. */
const Recorded = v.object({
  urn: v.string(),
  id: v.optional(v.string(), ""),
  /** The resource has been replaced, and Pulumi still has to delete it. */
  delete: v.optional(v.boolean(), false),
  /** The program only reads the resource, and does not own it. */
  external: v.optional(v.boolean(), false),
  /** Pulumi refuses to delete the resource, even from the state. */
  protect: v.optional(v.boolean(), false),
  outputs: v.optional(v.record(v.string(), v.unknown()), {}),
});
export type Recorded = v.InferOutput<typeof Recorded>;

const Exported = v.object({
  deployment: v.object({ resources: v.optional(v.array(Recorded), []) }),
});

/** How long Pulumi may take to answer, in milliseconds. */
const patience = 15_000;
/** The largest state that is read, in bytes. */
const largest = 512 * 1024 * 1024;

const states = new Map<string, Promise<readonly Recorded[] | undefined>>();
const nothing: readonly Recorded[] = [];

/** The organization that the program runs in. Pulumi Cloud finds a state only with it. */
let organization: string | undefined;

/** Notes the organization that a program reports. */
export function noteOrganization(name: unknown): void {
  if (typeof name === "string" && name !== "") organization = name;
}

/**
 * Notes the organization in a state, unless one is known already. The program's report takes precedence, because the
 * state may come from another organization.
 */
export function noteOrganizationOfState(name: unknown): void {
  if (organization === undefined) noteOrganization(name);
}

/** The organization that the program runs in, if it is known. */
export const organizationName = (): string | undefined => organization;

/**
 * The resources of a stack as Pulumi had recorded them at the first call, from any backend. The provider protocol shows
 * a provider only the resources that an operation touches, without those that `--target` excludes.
 *
 * @param urn any resource of the stack
 * @returns an empty list if the state can't be read, so a missing resource proves nothing
 * @see https://www.pulumi.com/docs/iac/cli/commands/pulumi_stack_export/
 */
export const recordedResources = async (urn: string): Promise<readonly Recorded[]> =>
  (await stateOf(urn)) ?? nothing;

/** Like {@link recordedResources}, but undefined if the state can't be read. */
export function stateOf(urn: string): Promise<readonly Recorded[] | undefined> {
  const [stack = "", project] = stackOf(urn).split("::");
  if (project === undefined || !isStartedByEngine()) return Promise.resolve(undefined);
  const key = `${deployment()} ${stack}::${project}`;
  const known = states.get(key) ?? read(stack, project);
  states.set(key, known);
  return known;
}

async function read(stack: string, project: string): Promise<readonly Recorded[] | undefined> {
  const prefix = `urn:pulumi:${stack}::${project}::`;
  const fullName = `${organization ?? "organization"}/${project}/${stack}`;
  // The program's folder identifies the project. An Automation API program may not be in a project. Then only the full
  // name finds the state. Pulumi's own rules may differ, so try the other place, too.
  const here = { cwd: process.cwd(), name: organization === undefined ? stack : fullName };
  const anywhere = { cwd: tmpdir(), name: fullName };
  const places = isInProject(process.cwd()) ? [here, anywhere] : [anywhere, here];
  for (const { cwd, name } of places) {
    const resources = await exportStack(cwd, name);
    if (resources?.length === 0) return resources;
    const ours = resources?.filter((each) => each.urn.startsWith(prefix)) ?? [];
    if (ours.length > 0) return ours;
  }
  return undefined;
}

/** Whether Pulumi finds a project from this folder: its file is in the folder or above. */
function isInProject(folder: string): boolean {
  if (projectFiles.some((name) => existsSync(join(folder, name)))) return true;
  const parent = dirname(folder);
  return parent !== folder && isInProject(parent);
}

const projectFiles = ["Pulumi.yaml", "Pulumi.yml", "Pulumi.json"];

async function exportStack(cwd: string, name: string): Promise<readonly Recorded[] | undefined> {
  const stdout = await askPulumi(["stack", "export", "--stack", name], cwd);
  const exported = v.safeParse(Exported, stdout);
  return exported.success ? exported.output.deployment.resources : undefined;
}

/**
 * The URL of the backend that keeps the program's states. Pulumi decides between its variables, a login, and `backend`
 * in `Pulumi.yaml`.
 */
export async function backendUrl(): Promise<string | undefined> {
  // Pulumi prefers the variable. It answers with the same text, except for its own cloud, to which it adds the user.
  const given = process.env.PULUMI_BACKEND_URL ?? "";
  if (given !== "" && !/^https?:/i.test(given)) return given;
  const answer = v.safeParse(WhoAmI, await askPulumi(["whoami", "--verbose", "--json"], process.cwd()));
  return answer.success ? answer.output.url : undefined;
}

const WhoAmI = v.object({ url: v.string() });

/**
 * Runs a Pulumi command that prints JSON.
 *
 * @returns the parsed output; undefined if `pulumi` is not on the PATH or the command fails
 */
async function askPulumi(args: readonly string[], cwd: string): Promise<unknown> {
  try {
    const { stdout } = await promisify(execFile)("pulumi", [...args, "--non-interactive"], {
      cwd,
      env: process.env,
      timeout: patience,
      maxBuffer: largest,
      windowsHide: true,
    });
    return JSON.parse(stdout);
  } catch {
    return undefined;
  }
}
