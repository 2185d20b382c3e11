import type { Command } from "commander";
import * as v from "valibot";
import { apiName } from "../provider/api/text/apiName.js";
import { printable, printableJson } from "../provider/api/text/foreignText.js";
import { MemberBody } from "../provider/api/bodies/members.js";
import type { Api } from "../provider/api/http/client.js";
import { idOf } from "../provider/api/reads/find.js";
import { listAll } from "../provider/api/reads/list.js";
import { organizationAdmin } from "../provider/api/text/roles.js";
import type { Session } from "../provider/session/session.js";
import { listReader, type ListReader, type Read } from "./cloud/lists.js";
import { lookAgain } from "./cloud/lookAgain.js";
import { roleIn } from "./cloud/members.js";
import { progressBar } from "./cloud/progress.js";
import { logIn } from "./login.js";
import { claimStdout } from "./stdout.js";
import { CheckingCommand } from "./subcommand.js";

const notes = `
A role comes from the membership. If the membership can't be read, a role is shown only if the permissions match it exactly. Nothing
is changed.

Example:
  $ pulumi-dt whoami --verbose

Exit codes: 0 shown, 1 error, also for a wrong option: the login is refused, or something could not be read.`;

/** `pulumi-dt whoami` */
export function command(): Command {
  return new CheckingCommand("whoami")
    .description("Shows whose credentials are in the environment, and which roles they have where.")
    .option("--verbose", "also show the permissions")
    .option("--json", "print everything as JSON")
    .addHelpText("after", notes)
    .action(run);
}

/** A project or an organization, and the identity's access to it. */
interface Place {
  readonly name: string;
  readonly displayName: string;
  /** The role. Null if it isn't known. */
  readonly role: string | null;
  /** The organization whose administration gives the access to a project. Null if the access is the project's own. */
  readonly through: string | null;
  readonly permissions: readonly string[];
}

const Named = v.object({
  name: apiName("projects", "organizations"),
  displayName: v.optional(v.string(), ""),
  /** Of a project. */
  organization: v.optional(v.string(), ""),
});
type Named = v.InferOutput<typeof Named>;
const Role = v.object({ name: v.string(), permissions: v.optional(v.array(v.string()), []) });
type Role = v.InferOutput<typeof Role>;

async function run({ json, verbose }: { json?: true; verbose?: true }): Promise<void> {
  const print = claimStdout();
  const session = await logIn();
  const { api, settings, identity } = session;
  // The first request logs in. If the login is refused, the command stops here.
  const roles = await listAll(api, "roles", "roles", Role);
  const bar = await progressBar("Asking");
  const reader = await listReader(bar.progress);
  const [organizations, all] = await Promise.all([
    placesIn(session, "organizations", roles, reader),
    placesIn(session, "projects", roles, reader),
  ]).finally(bar.stop);
  const administered = organizations.filter(({ role }) => role === organizationAdmin);
  const projects = all.map((place) => ({
    ...place,
    through: administered.find(({ name }) => name === place.organization)?.name ?? null,
  }));
  if (json) {
    const account = { email: settings.email ?? null, keyId: settings.keyId, apiUrl: settings.apiUrl };
    const document = { ...account, organizations: organizations.map(shown), projects: projects.map(shown) };
    print(`${printableJson(JSON.stringify(document, undefined, 2))}\n`);
    return;
  }
  print(`${printable(`${identity}, by key ${settings.keyId}, at ${settings.apiUrl}`)}\n\n`);
  print(linesOf([...organizations, ...projects], verbose === true));
}

const shown = ({ name, displayName, role, through, permissions }: Place): Place => ({
  ...{ name, displayName, role, through },
  permissions,
});

async function placesIn(
  { api, settings }: Session,
  path: "projects" | "organizations",
  roles: readonly Role[],
  reader: ListReader,
): Promise<(Place & Named)[]> {
  const places = wholeOf(await reader.read(() => listAll(api, path, path, Named)));
  return Promise.all(
    places.map(async (place) => {
      const permissions = wholeOf(await reader.read(() => permissionsIn(api, place.name)));
      const role = await roleAs(settings.email, place.name, api);
      return { ...place, role: role ?? roleOf(permissions, roles, path), through: null, permissions };
    }),
  );
}

/** The role of an account's own membership. Undefined if there is none, or if it can't be read. */
async function roleAs(email: string | undefined, place: string, api: Api): Promise<string | undefined> {
  const [, id] = /^([\w-]+)@/.exec(email ?? "") ?? [];
  if (id === undefined) return undefined;
  const one = await lookAgain(api, `${place}/members/${id}`, MemberBody);
  if (!("body" in one) || one.body === undefined || idOf(one.body.name) !== id) return undefined;
  return roleIn(one.body) || undefined;
}

function wholeOf<Item>(list: Read<Item>): readonly Item[] {
  if (list.failure !== undefined) throw new Error(list.failure.reason);
  return list.items;
}

const permissionsIn = (api: Api, name: string): Promise<string[]> =>
  listAll(api, `${name}/permissions`, "permissions", v.string());

/** The first role with these permissions, in the API's order. Several roles can have the same permissions. */
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

/** One line for each place, its role first. */
function linesOf(places: readonly (Place & Named)[], isVerbose: boolean): string {
  if (places.length === 0) return "It has access to no project and no organization.\n";
  const titles = new Map(places.map(({ name, displayName }) => [name, displayName]));
  const rows = places.map(({ name, displayName, role, through, permissions }) => ({
    cells: [role?.replace(/^roles\//, "") ?? "-", displayName || "-"].map(printable),
    end: through === null ? name : `${name}   (administrator of ${titles.get(through) || through})`,
    permissions,
  }));
  const width = (column: number): number => Math.max(...rows.map(({ cells }) => cells[column]?.length ?? 0));
  const [first, second] = [width(0), width(1)];
  return rows
    .flatMap(({ cells: [role = "", title = ""], end, permissions }) => [
      `${role.padEnd(first)}   ${title.padEnd(second)}   ${printable(end)}\n`,
      ...(isVerbose ? [`  ${permissions.map(printable).join(", ")}\n`] : []),
    ])
    .join("");
}
