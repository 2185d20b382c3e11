import type { Command } from "commander";
import Table from "cli-table3";
import * as v from "valibot";
import { apiName } from "../provider/api/text/apiName.js";
import { printable, printableJson } from "../provider/api/text/foreignText.js";
import type { Api } from "../provider/api/http/client.js";
import { listAll } from "../provider/api/reads/list.js";
import { listReader, type ListReader, type Read } from "./cloud/lists.js";
import { progressBar } from "./cloud/progress.js";
import { logIn } from "./login.js";
import { claimStdout } from "./stdout.js";
import { CheckingCommand } from "./subcommand.js";

const notes = `
A role is shown only if the permissions match it exactly. Nothing is changed.
Exit codes: 0 said, 1 the login is refused or something could not be read.`;

/** `pulumi-dt whoami` */
export function command(): Command {
  return new CheckingCommand("whoami")
    .description("Shows whose credentials are in the environment, and what they can access.")
    .option("--json", "for programs")
    .addHelpText("after", notes)
    .action(run);
}

/** A project or an organization, and what we may do there. */
interface Place {
  readonly name: string;
  readonly displayName: string;
  /** The role that holds just these permissions; null where none does, or it is not known. */
  readonly role: string | null;
  readonly permissions: readonly string[];
}

const Named = v.object({
  name: apiName("projects", "organizations"),
  displayName: v.optional(v.string(), ""),
});
const Role = v.object({ name: v.string(), permissions: v.optional(v.array(v.string()), []) });
type Role = v.InferOutput<typeof Role>;

async function run({ json }: { json?: true }): Promise<void> {
  const print = claimStdout();
  const { api, settings, identity } = await logIn();
  // The first request logs in: where that is refused nothing else is asked.
  const roles = await listAll(api, "roles", "roles", Role);
  const bar = await progressBar("Asking");
  const reader = await listReader(bar.progress);
  const places = await Promise.all(
    (["organizations", "projects"] as const).map((path) => placesIn(api, path, roles, reader)),
  ).finally(bar.stop);
  const account = { email: settings.email ?? null, keyId: settings.keyId, apiUrl: settings.apiUrl };
  if (json) {
    const [organizations, projects] = places;
    print(`${printableJson(JSON.stringify({ ...account, organizations, projects }, undefined, 2))}\n`);
    return;
  }
  print(`${printable(identity)}, by key ${settings.keyId}, at ${settings.apiUrl}\n`);
  print(`${tableOf(places.flat())}\n`);
}

async function placesIn(
  api: Api,
  path: "projects" | "organizations",
  roles: readonly Role[],
  reader: ListReader,
): Promise<Place[]> {
  const places = wholeOf(await reader.read(() => listAll(api, path, path, Named)));
  return Promise.all(
    places.map(async ({ name, displayName }) => {
      const permissions = wholeOf(await reader.read(() => permissionsIn(api, name)));
      return { name, displayName, role: roleOf(permissions, roles, path), permissions };
    }),
  );
}

function wholeOf<Item>(list: Read<Item>): readonly Item[] {
  if (list.failure !== undefined) throw new Error(list.failure.reason);
  return list.items;
}

const permissionsIn = (api: Api, name: string): Promise<string[]> =>
  listAll(api, `${name}/permissions`, "permissions", v.string());

/** Several roles may hold the same permissions: the first is named, in the API's own order. */
function roleOf(
  held: readonly string[],
  roles: readonly Role[],
  path: "projects" | "organizations",
): string | null {
  const sorted = [...held].sort().join();
  const prefix = path === "projects" ? "roles/project." : "roles/organization.";
  const fits = roles.filter(({ permissions }) => [...permissions].sort().join() === sorted);
  return (fits.find(({ name }) => name.startsWith(prefix)) ?? fits[0])?.name ?? null;
}

function tableOf(places: readonly Place[]): string {
  const box = new Table({
    head: ["where", "name", "role", "may"],
    style: { head: [], border: [] },
    wordWrap: true,
    colWidths: [null, null, null, 50],
  });
  for (const { name, displayName, role, permissions } of places)
    box.push([name, printable(displayName), role ?? "-", permissions.join(", ")].map(printable));
  return places.length === 0 ? "It has access to no project and no organization." : box.toString();
}
