import { startWorld, type World } from "../world";
import type { Handler, Properties } from "../stack";
import { hiddenAdmin } from "./hiddenAdmin";

const people = Array.from({ length: 200 }, (_, index) => `admin-${index}@example.com`);

/** An organization with this number of administrators besides us, each with a binding. */
async function company(count: number, isAccepted = true) {
  const emails = people.slice(0, count);
  const world = await startWorld({
    seed: {
      organizations: [{ displayName: "Company", projects: [{ displayName: "P" }] }],
      users: isAccepted ? emails.map((email) => ({ email })) : [],
    },
  });
  const { orgAdminBinding: handler } = world.stack({
    ...world.settingsOf(),
    "dt:retryDelay": "0.02",
  }).handlers;
  const { organization } = world;
  const made: { id: string; outs: Properties }[] = [];
  for (const member of emails) {
    const __urn = `urn:pulumi:test::test::admin::${member}`;
    made.push(await handler.create({ organization, member, role: "roles/organization.admin", __urn }));
  }
  world.requests.clear();
  return { world, handler, made };
}

async function removeAll(
  handler: Handler,
  made: readonly { id: string; outs: Properties }[],
  parallel: number,
) {
  const reasons: string[] = [];
  const queue = [...made];
  const work = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      await handler
        .delete(next.id, next.outs)
        .catch((error: unknown) => reasons.push((error as Error).message));
      await new Promise(setImmediate);
    }
  };
  await Promise.all(Array.from({ length: parallel }, work));
  return reasons;
}

const left = ({ cloud, organization }: World) => cloud.members.list(organization).map(({ email }) => email);

test.each([8, 64])(
  "200 administrators, %p at the same time, are removed with one read of the list for many",
  async (parallel) => {
    const { world, handler, made } = await company(200);
    expect(await removeAll(handler, made, parallel)).toEqual([]);
    expect(left(world)).toEqual([world.admin.email]);
    expect(world.calls().length).toBeLessThanOrEqual(1.25 * made.length);
  },
);

test("invitations that nobody accepted are removed with the same reads, even if acceptance gives another member id", async () => {
  const { world, handler, made } = await company(60, false);
  world.unknowns.memberIdChangesOnAccept = true;
  world.cloud.acceptInvitation(people[7]!);
  expect(await removeAll(handler, made, 8)).toEqual([]);
  expect(left(world)).toEqual([world.admin.email]);
  expect(world.calls().length).toBeLessThanOrEqual(1.25 * made.length);
});

test.each([
  ["once", 0],
  ["with a removal that fails", 503],
])("the last one stays, whichever others are removed, %s", async (_what, status) => {
  const { world, made } = await company(30);
  const { organization } = world;
  const url = await hiddenAdmin(world);
  const { orgAdminBinding: handler } = world.stack({
    ...world.settingsOf(),
    "dt:apiUrl": `${url}/v2`,
    "dt:retryDelay": "0.02",
  }).handlers;
  const member = "invited@example.com";
  const __urn = "urn:pulumi:test::test::admin::invited";
  const invited = await handler.create({ organization, member, role: "roles/organization.admin", __urn });
  if (status > 0)
    world.faults.add({
      method: "DELETE",
      path: `/v2/${organization}/members/*`,
      effect: { kind: "respond", status },
      times: 3,
    });
  const own = made.map(({ id, outs }) => ({ id, outs: { ...outs, apiUrl: `${url}/v2` } }));
  const reasons = await removeAll(handler, [...own, invited], 8);
  expect(reasons).toEqual([expect.stringContaining("without an administrator who can undo it")]);
  expect(left(world)).toHaveLength(2);
  expect(left(world)).not.toContain(member);
});
