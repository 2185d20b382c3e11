import type { Baseline } from "../../cli/findings/baseline";
import { idOf } from "../../provider/api/text/resourceNames";
import type { Stack } from "../provider/stack";
import { startWorld, type World } from "../provider/world";

/** A company whose access differs from its program, with names that try to break out of a page. */
export interface Company {
  readonly world: World;
  readonly stack: Stack;
  readonly production: string;
  readonly staging: string;
  readonly development: string;
  /** Accepts what belongs to the account that Pulumi runs as. */
  readonly baseline: Baseline;
}

export const hostileName = "</script></noscript><img src=http://127.0.0.1:9/x onerror=alert(1)>";

export async function startCompany(): Promise<Company> {
  const world = await startWorld({
    seed: {
      users: ["ann", "bob", "cleo", "dan", "eve"].map((name) => ({
        email: `${name}@example.com`,
        displayName: `${name[0]!.toUpperCase()}${name.slice(1)} Example`,
      })),
      organizations: [
        {
          displayName: "Example Company",
          projects: [
            { displayName: "Service accounts" },
            { displayName: "Plant Oslo" },
            { displayName: "Plant Bergen" },
            { displayName: "Sandbox" },
          ],
        },
      ],
    },
  });
  const [home, production, staging = "", development = ""] = world.projects;
  const { cloud } = world;
  for (const [env, project] of Object.entries({ production, staging, development }))
    cloud.projects.update(project, { labels: { env } });
  const stack = world.stack();
  const binding = (project: string, member: unknown, role = "project.user") =>
    ["projectRoleBinding" as const, { project, member, role }] as const;
  await stack.up({
    erp: ["serviceAccount", { project: home, displayName: "ERP" }],
    key: ["serviceAccountKey", ({ erp }) => ({ serviceAccount: erp!.id })],
    erpRole: ["projectRoleBinding", ({ erp }) => binding(development, erp!.outs.email)[1]],
    annInProduction: [...binding(production, "ann@example.com", "project.admin")],
    bobInProduction: [...binding(production, "bob@example.com")],
    cleoInStaging: [...binding(staging, "cleo@example.com", "project.developer")],
    danInStaging: [...binding(staging, "dan@example.com")],
    gusInStaging: [...binding(staging, "gus@partner.example", "project.admin")],
    admins: ["orgAdminBinding", { organization: world.organization, member: "ann@example.com" }],
  });
  // Broader than declared, missing, and not declared.
  cloud.members.update(stack.made.bobInProduction!.id, { roles: ["roles/project.developer"] });
  cloud.members.delete(stack.made.danInStaging!.id);
  cloud.members.create({ scope: staging, email: "eve@example.com", roles: ["roles/project.user"] });
  cloud.users.create({ email: "mallory@partner.example", displayName: hostileName });
  cloud.members.create({
    scope: production,
    email: "mallory@partner.example",
    roles: ["roles/project.admin"],
  });
  const stray = cloud.accounts.create({ project: development, displayName: 'stray "quoted" & <b>' });
  cloud.keys.create({ account: stray.name });
  cloud.keys.create({ account: stack.made.erp!.id });
  cloud.accounts.update(stack.made.erp!.id, { displayName: "Erp" });
  const { admin } = world;
  const membership = `${world.organization}/members/${idOf(admin.name)}`;
  const own = [admin.name, membership, ...cloud.keys.list(admin.name).map(({ name }) => name)];
  const baseline: Baseline = {
    version: 1,
    accepted: own.map((id) => ({ id, reason: "runs Pulumi" })),
    ignored: [],
  };
  return { world, stack, production, staging, development, baseline };
}
