import { flips } from "../flips";
import type { Program } from "../stack";
import { startWorld } from "../world";

test.each(flips)("a project with an account in it lives the same if %s is %p", async (name, value) => {
  const world = await startWorld({ unknowns: { [name]: value } });
  const { cloud, organization } = world;
  const stack = world.stack({ ...world.settingsOf(), "dt:retryDelay": "0.05" });
  const client = (displayName: string, labels: object): Program => ({
    client: ["project", { organization, displayName, labels, location: { timeLocation: "Europe/Oslo" } }],
    erp: ["serviceAccount", ({ client }) => ({ project: client!.id, displayName: "ERP" })],
    key: ["serviceAccountKey", ({ erp }) => ({ serviceAccount: erp!.id })],
    role: [
      "projectRoleBinding",
      ({ client, erp }) => ({ project: client!.id, member: erp!.outs.email, role: "project.user" }),
    ],
  });
  const expectQuiet = async (program: Program) => {
    expect(await stack.refresh()).toEqual({ client: [], erp: [], key: [], role: [] });
    expect(await stack.up(program)).toEqual({ client: "same", erp: "same", key: "same", role: "same" });
  };

  const first = client("Client B", { customer: "b", tier: "1" });
  await stack.up(first);
  const { id, outs } = stack.made.client!;
  expect(outs).toMatchObject({ organizationDisplayName: "Example Company", inventory: false });
  expect(cloud.projects.get(id)).toMatchObject({
    displayName: "Client B",
    labels: { customer: "b", tier: "1" },
  });
  await expectQuiet(first);

  cloud.projects.update(id, { location: { latitude: 59.9, longitude: 10.7, timeLocation: "UTC" } });
  const second = client("Client BB", { customer: "b" });
  await stack.refresh();
  expect(await stack.up(second)).toMatchObject({ client: "update", erp: "same" });
  expect(stack.made.client!.outs).toMatchObject({ organizationDisplayName: "Example Company" });
  expect(cloud.projects.get(id)).toMatchObject({
    displayName: "Client BB",
    location: { latitude: 59.9, longitude: 10.7, timeLocation: "Europe/Oslo" },
  });
  await expectQuiet(second);

  await stack.destroy();
  expect(cloud.projects.get(id)).toBeUndefined();
});
