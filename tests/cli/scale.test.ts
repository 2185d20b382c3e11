import type { Made } from "../provider/stack";
import { startWorld, type World } from "../provider/world";
import { measured } from "../report/atEnd";
import { compared } from "./compareWithCloud";

/** Declares and creates this number of each, without the engine. */
async function company(
  projects: number,
  members: number,
  accounts: number,
): Promise<{ world: World; stack: ReturnType<World["stack"]> }> {
  const people = Array.from({ length: members }, (_, person) => `person-${person}@example.com`);
  const world = await startWorld({
    seed: {
      users: people.map((email) => ({ email })),
      organizations: [
        {
          displayName: "Large",
          projects: [
            { displayName: "home" },
            ...Array.from({ length: projects }, (_, index) => ({
              id: `p${index}`,
              displayName: `Project ${index}`,
              members: Object.fromEntries(people.map((email) => [email, "project.user"])),
              accounts: Array.from({ length: accounts }, (__, account) => ({
                id: `p${index}s${account}`,
                displayName: `System ${account}`,
                keys: [{}],
              })),
            })),
          ],
        },
      ],
    },
  });
  const stack = world.stack();
  const made: Record<string, Made> = {};
  for (const [index, { name, email, roles }] of world.cloud.members.list().entries()) {
    if (!name.startsWith("projects/")) continue;
    const inputs = { project: name.split("/members/")[0]!, member: email, role: roles[0] };
    made[`m${index}`] = { type: "projectRoleBinding", id: name, inputs, outs: inputs };
  }
  for (const { name, email, displayName, enableBasicAuth } of world.cloud.accounts.list()) {
    if (displayName === "Pulumi") continue;
    made[name] = {
      type: "serviceAccount",
      id: name,
      inputs: { displayName, enableBasicAuth },
      outs: { email },
    };
    const [key] = world.cloud.keys.list(name);
    made[key!.name] = {
      type: "serviceAccountKey",
      id: key!.name,
      inputs: { serviceAccount: name },
      outs: { keyId: key!.id },
    };
  }
  stack.made = made;
  world.requests.clear();
  return { world, stack };
}

test("A thousand bindings in ten projects are read by pages: two lists for each project, two pages for each account, and none for a binding.", async () => {
  const { world, stack } = await company(10, 100, 2);
  const started = performance.now();
  const { findings, coverage } = await compared(world, stack);
  const calls = world.calls();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  measured(`drift of 1,000 bindings in 10 projects: ${calls.length} requests, ${seconds} s`);
  expect(findings).toEqual([]);
  expect(coverage.declared).toMatchObject({ memberships: 1000, serviceAccounts: 20, keys: 20 });
  // Members and accounts of each project; keys of each account, and its possible memberships elsewhere.
  expect(calls.filter((call) => /^GET projects\/p\d+\/(members|serviceaccounts)$/.test(call))).toHaveLength(
    20,
  );
  expect(calls.filter((call) => call.endsWith("/keys"))).toHaveLength(20);
  expect(calls.length).toBeLessThanOrEqual(20 + 2 * 20 + 2);
});

test("A hundred projects with a hundred members and twenty accounts each need only lists, and one sweep for all accounts.", async () => {
  const { world, stack } = await company(100, 100, 20);
  const started = performance.now();
  const { findings, coverage } = await compared(world, stack);
  const calls = world.calls();
  measured(
    `drift of 10,000 bindings and 2,000 accounts in 100 projects: ${calls.length} requests, ${((performance.now() - started) / 1000).toFixed(1)} s`,
  );
  expect(findings).toEqual([]);
  expect(coverage.seen.memberships).toBeGreaterThanOrEqual(10_000);
  // 100 + 100 lists of projects, 2,000 of keys, and a hundred pages of everything instead of 2,000 for the
  // accounts.
  expect(calls.length).toBeLessThanOrEqual(2_320);
}, 180_000);

test("Drift keeps to the rate limit, and finishes.", async () => {
  const { world, stack } = await company(5, 3, 2);
  const limited = {
    ...world,
    settingsOf: () => ({ ...world.settingsOf(), "dt:rateLimit": "10/1" as const }),
  };
  await compared(limited, stack);
  const times = world.requests
    .filter(({ path }) => path.startsWith("/v2/"))
    .map(({ time }) => time.getTime());
  for (const [index, time] of times.entries()) {
    const later = times[index + 10];
    if (later !== undefined) expect(later - time).toBeGreaterThan(900);
  }
});
